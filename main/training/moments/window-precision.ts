import type { MomentPrediction, Window } from './moment-query.ts'
import { overlapOf } from './window-overlap.ts'

/** Windows of a query that count: those that are listed first, whatever their scores. */
const windowsCounted = 10

/**
 * Average precision of the windows of one query, one for each threshold of overlap. Windows are taken by falling score,
 * of equal ones the first; each takes the free true window that it overlaps most (of equally much the last listed) if
 * that is at least the threshold. Precision is made falling before it is summed over recall, as in VOC 2011.
 * @returns fractions 0–1; 0 for a query without a predicted window.
 */
export function windowPrecision(
  predicted: MomentPrediction['windows'],
  truth: readonly Window[],
  thresholds: readonly number[],
): number[] {
  const windows = predicted.slice(0, windowsCounted).toSorted((a, b) => b[2] - a[2])
  const overlaps = windows.map(([start, end]) => {
    const all = truth.map((window, place) => ({ place, overlap: overlapOf([start, end], window) }))
    return all.sort((a, b) => b.overlap - a.overlap || b.place - a.place)
  })
  return thresholds.map(threshold => {
    const taken = new Set<number>()
    const hits = overlaps.map(candidates => {
      const found = candidates.find(({ place, overlap }) => overlap >= threshold && !taken.has(place))
      if (found) taken.add(found.place)
      return found !== undefined
    })
    return areaOf(hits, truth.length)
  })
}

/** Area under the falling precision over recall. @param hits whether each window is right, in the order of scores. */
function areaOf(hits: readonly boolean[], positives: number): number {
  let right = 0
  const points = hits.map((hit, place) => {
    right += Number(hit)
    return { recall: right / positives, precision: right / (place + 1) }
  })
  let [area, best, recall] = [0, 0, points.at(-1)?.recall ?? 0]
  for (const point of points.toReversed()) {
    if (point.recall !== recall) {
      area += (recall - point.recall) * best
      recall = point.recall
    }
    best = Math.max(best, point.precision)
  }
  return area + recall * best
}
