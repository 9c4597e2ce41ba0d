import { highlightLevels, momentLengths, overlapThresholds } from '../../api/common/rules.ts'
import type { Figures } from '../../api/evaluation/figures.ts'
import { clipsOf, highlightsOf } from './highlight-precision.ts'
import type { JudgedQuery, Window } from './moment-query.ts'
import { roundedFraction } from './rounded-fraction.ts'
import { bestOverlap } from './window-overlap.ts'
import { windowPrecision } from './window-precision.ts'

type MomentFigures = Extract<Figures, { task: 'moments' }>
type LengthFigures = NonNullable<MomentFigures['lengths']['full']>

/** True windows of more than the first and at most the second length, seconds; of `full` all. */
const ranges: Readonly<Record<Exclude<(typeof momentLengths)[number], 'full'>, Window>> = {
  short: [0, 10],
  middle: [10, 30],
  long: [30, 150],
}

/** What a clip is rated at least that counts as a highlight. */
const leastRating: Readonly<Record<(typeof highlightLevels)[number], number>> = { fair: 2, good: 3, veryGood: 4 }

/**
 * Moment retrieval and highlight detection as `standalone_eval` of jayleicn/moment_detr has them, which QVHighlights is
 * scored by. Its ways, kept here:
 *
 * - R1 looks at the window listed first, whatever its score, and of the true ones at the one that it overlaps most.
 * - mAP takes the first ten windows; it is the mean over queries of the areas of `windowPrecision`.
 * - By length, only true windows of that length count and only queries that have one; predictions are not divided. What
 *   is longer than 150 s is in `full` alone.
 * - Highlights: Fair, Good and VeryGood are clips rated at least 2, 3 and 4. Scores are cut or filled with zeros to as
 *   many clips of two seconds as the duration has whole; a query without highlights has a precision of 0.
 * - Each figure is rounded to a hundredth of a per cent as Python prints it; the average of mAP is of unrounded ones.
 *
 * mIoU is the mean overlap of the windows that R1 looks at (showlab/UniVTG `eval/mr_eval`), rounded in the same way.
 * That evaluator fails on a query without a predicted window; here it is missed.
 * @returns fractions 0–1; null for a length that no query has, and for highlights that nothing can be said of.
 */
export function momentFigures(judged: readonly JudgedQuery[]): MomentFigures {
  const byLength = momentLengths.map(length => {
    if (length === 'full') return [length, lengthFigures(judged)] as const
    const [above, most] = ranges[length]
    const inRange = judged.flatMap(({ query, prediction }) => {
      const windows = query.windows.filter(([start, end]) => above < end - start && end - start <= most)
      return windows.length === 0 ? [] : [{ query: { ...query, windows }, prediction }]
    })
    return [length, lengthFigures(inRange)] as const
  })
  return {
    task: 'moments',
    count: judged.length,
    lengths: Object.fromEntries(byLength) as MomentFigures['lengths'],
    highlights: highlightFigures(judged),
  }
}

/** Overlap of the window listed first with the true one that it overlaps most. */
export function firstOverlap({ query, prediction }: JudgedQuery): number {
  const [first] = prediction.windows
  return bestOverlap(first && [first[0], first[1]], query.windows)
}

function lengthFigures(judged: readonly JudgedQuery[]): LengthFigures | null {
  if (judged.length === 0) return null
  const overlaps = judged.map(firstOverlap)
  const thresholds = overlapThresholds.map(Number)
  const areas = judged.map(({ query, prediction }) => windowPrecision(prediction.windows, query.windows, thresholds))
  const precisions = thresholds.map((_, place) => mean(areas.map(ofQuery => ofQuery[place] ?? 0)))
  return {
    count: judged.length,
    r1: named(place => {
      const threshold = thresholds[place] ?? 0
      return mean(overlaps.map(overlap => Number(overlap >= threshold)))
    }),
    mAP: { ...named(place => precisions[place] ?? 0), average: roundedFraction(mean(precisions)) },
    mIoU: roundedFraction(mean(overlaps)),
  }
}

function named(value: (place: number) => number): LengthFigures['r1'] {
  return Object.fromEntries(
    overlapThresholds.map((threshold, place) => [threshold, roundedFraction(value(place))]),
  ) as LengthFigures['r1']
}

function highlightFigures(judged: readonly JudgedQuery[]): MomentFigures['highlights'] {
  const rated = judged.flatMap(({ query, prediction: { saliency } }) =>
    clipsOf(query) > 0 && saliency !== null ? [{ query, saliency }] : [],
  )
  if (rated.length === 0) return null
  const levels = highlightLevels.map(level => {
    const found = rated.map(({ query, saliency }) => highlightsOf(query, saliency, leastRating[level]))
    return [
      level,
      {
        mAP: roundedFraction(mean(found.map(({ precision }) => precision))),
        hit1: roundedFraction(mean(found.map(({ hit }) => hit))),
      },
    ] as const
  })
  return {
    count: rated.length,
    ...(Object.fromEntries(levels) as Omit<NonNullable<MomentFigures['highlights']>, 'count'>),
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}
