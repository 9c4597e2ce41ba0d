import { createHash } from 'node:crypto'
import { drawnSplit } from '../../../../api/common/rules.ts'
import type { Split, SplitRule } from '../../../../api/training/datasets.ts'

/**
 * What is drawn when nothing says which rows are for what: a tenth of the videos for validation, a tenth for the test.
 */
export const defaultSplit: SplitRule = drawnSplit

/**
 * The split of each video, drawn with the seed: the same videos and seed give the same splits on every machine, and the
 * order of the rows does not matter. All rows of one video go together, so that no video is trained on and tested.
 * Every class gives each split its share, as nearly as whole videos allow.
 * @param classes the class of each video by its name; null for a video without.
 */
export function drawSplits(
  classes: ReadonlyMap<string, string | null>,
  rule: Extract<SplitRule, { by: 'seeded' }>,
): ReadonlyMap<string, Split> {
  const lots = [...classes]
    .map(([video, label]) => ({
      video,
      label,
      lot: createHash('sha256').update(`${rule.seed}\n${video}`).digest('hex'),
    }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
  const sizes = new Map<string | null, number>()
  for (const { label } of lots) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const ranks = new Map<string | null, number>()
  // The place of a video among those of its class, 0 to 1: a cut through all of them takes as much of every class.
  const drawn = lots
    .map(({ video, label }) => {
      const rank = ranks.get(label) ?? 0
      ranks.set(label, rank + 1)
      return { video, place: (rank + 0.5) / (sizes.get(label) ?? 1) }
    })
    .sort((a, b) => a.place - b.place)
  const count = (fraction: number) => (fraction === 0 ? 0 : Math.max(1, Math.round(fraction * drawn.length)))
  const validation = count(rule.validation)
  const held = validation + count(rule.test)
  // Training keeps at least one video: a folder of two has one to train on and one to validate.
  return new Map(
    drawn.map(({ video }, index) => [
      video,
      index < drawn.length - 1 && index < validation
        ? 'validation'
        : index < drawn.length - 1 && index < held
          ? 'test'
          : 'train',
    ]),
  )
}
