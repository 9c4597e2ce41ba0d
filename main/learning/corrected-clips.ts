import { dot } from '../../native-models/dot.ts'
import type { Caption } from '../api/library/library.ts'
import { pauses } from '../processes/pauses.ts'
import { changed, learnChange } from './sentence-change.ts'
import type { CorrectedVideo, LearningRule, SentenceChange } from './sentence-change.ts'

interface TimeSpan {
  readonly start: number
  readonly end: number
}

/** Parts that the sentences are divided into, each of which is found by what the others teach. */
const mostFolds = 5

/** Where a sentence is said to be; null where it has no times. */
export function spanOf({ start, end }: Caption): TimeSpan | null {
  return start === null || end === null || end <= start ? null : { start, end }
}

/**
 * The clips that lie in a span by half of their length at least, by their places; where none does, the one of which
 * most lies in it. Empty where the span lies beside all of them.
 */
export function clipsIn(clips: readonly TimeSpan[], span: TimeSpan): number[] {
  const shares = clips.map(
    ({ start, end }) => (Math.min(end, span.end) - Math.max(start, span.start)) / Math.max(end - start, 1e-6),
  )
  const within = [...shares.keys()].filter(place => (shares[place] ?? 0) >= 0.5)
  const most = Math.max(...shares)
  return within.length > 0 || !(most > 0) ? within : [shares.indexOf(most)]
}

/** Of how many sentences the most similar clip is one of their own. @throws the abort reason. */
export async function countFound(
  videos: readonly CorrectedVideo[],
  change: SentenceChange | null,
  signal: AbortSignal,
): Promise<number> {
  const pause = pauses(signal)
  let found = 0
  for (const { clips, sentences, own } of videos) {
    for (const [index, sentence] of sentences.entries()) {
      await pause()
      const moved = change ? changed(change, sentence) : sentence
      const scores = clips.map(clip => dot(clip, moved))
      found += Number(own[index]?.includes(scores.indexOf(Math.max(...scores))))
    }
  }
  return found
}

/**
 * Of how many sentences the most similar clip is one of their own when each is asked of what the others have taught:
 * they are divided into parts, every fifth sentence into one, and each part is left out of learning once.
 */
export async function countFoundLeftOut(videos: readonly CorrectedVideo[], rule: LearningRule): Promise<number> {
  const total = videos.reduce((sum, { sentences }) => sum + sentences.length, 0)
  const folds = Math.min(mostFolds, total)
  let found = 0
  for (let fold = 0; fold < folds; fold += 1) {
    const [kept, out] = [
      parted(videos, place => place % folds !== fold),
      parted(videos, place => place % folds === fold),
    ]
    found += await countFound(out, await learnChange(kept, rule), rule.signal)
  }
  return found
}

/** The videos with some of their sentences, which are counted over all videos; without those that have none left. */
function parted(videos: readonly CorrectedVideo[], isTaken: (place: number) => boolean): CorrectedVideo[] {
  let first = 0
  return videos.flatMap(({ clips, sentences, own }) => {
    const taken = [...sentences.keys()].filter(index => isTaken(first + index))
    first += sentences.length
    if (taken.length === 0) return []
    return [{ clips, sentences: taken.map(index => sentences[index]!), own: taken.map(index => own[index]!) }]
  })
}
