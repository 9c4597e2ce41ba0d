import { english } from '../../../../native-models/english.ts'
import type { ContrastCounts } from '../../../api/training/training.ts'
import { textOf, videoKey } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'

/** What a contrastive loss has compared so far. */
export type Compared = ContrastCounts['compared']

export const nothingCompared: Compared = { examples: 0, negatives: 0, fewest: null, falseNegatives: 0 }

/**
 * What a contrastive loss compares in a batch: every example with the others of its part of the batch, of which those
 * of the same video or with the same text are no negatives, though the loss takes them for some.
 * @param together examples that are compared with each other: those of the batch or of a micro-batch.
 */
export function comparedIn(batch: readonly Example[], together: number): Compared {
  let found = nothingCompared
  for (let first = 0; first < batch.length; first += together) {
    const keys = batch.slice(first, first + together).map(({ content }) => {
      const [video, texts] = [videoKey(content), textOf(content)]
      const text = texts.length === 0 ? video : JSON.stringify(texts.map(plain))
      return { video: `video ${video}`, text: `text ${text}`, both: `both ${video} ${text}` }
    })
    const times = new Map<string, number>()
    for (const key of keys.flatMap(Object.values)) times.set(key, (times.get(key) ?? 0) + 1)
    const of = (key: string) => (times.get(key) ?? 1) - 1
    for (const { video, text, both } of keys) {
      const same = of(video) + of(text) - of(both)
      const negatives = keys.length - 1 - same
      found = sumCompared(found, { examples: 1, negatives, fewest: negatives, falseNegatives: same })
    }
  }
  return found
}

export function sumCompared(one: Compared, other: Compared): Compared {
  const fewest = [one.fewest, other.fewest].filter(count => count !== null)
  return {
    examples: one.examples + other.examples,
    negatives: one.negatives + other.negatives,
    fewest: fewest.length === 0 ? null : Math.min(...fewest),
    falseNegatives: one.falseNegatives + other.falseNegatives,
  }
}

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** How many negatives an example really had, in a sentence; null before anything was compared. */
export function negativesInWords({ together, batch, leftOut, compared }: ContrastCounts): string | null {
  const { examples, negatives, fewest, falseNegatives } = compared
  if (examples === 0) return null
  const pairs = negatives + falseNegatives
  const parts = [
    english`Each example was compared with ${together - 1} others of its ${together < batch ? `micro-batch, in batches of ${batch}` : 'batch'}; ${(negatives / examples).toFixed(1)} of them were real negatives on average, ${fewest ?? 0} at least`,
    ...(falseNegatives > 0
      ? [
          english`${((100 * falseNegatives) / pairs).toFixed(1)} % of the pairs were of the same video or text, which the loss took for negatives`,
        ]
      : []),
    ...(leftOut > 0 ? [english`left out of every epoch, since they filled no batch: ${leftOut}`] : []),
  ]
  return `${parts.join('; ')}.`
}
