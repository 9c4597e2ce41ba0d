import { momentRecalls } from '../../api/common/rules.ts'
import type { Survivors } from '../../api/evaluation/survivors.ts'

const recallLimits = { r1: 1, r5: 5, r10: 10, r50: 50 } as const

/** Queries and videos that a score lacks, since videos are missing or cannot be read. */
export interface Lacking {
  readonly queries: number
  readonly videos: number
}

/**
 * What recall from text to video could be if nothing were missing.
 * Best: every missing text finds its video, which is in the way of no other. As misses: none finds it. Worst: besides,
 * every missing video is nearer than the right one to every text.
 * @param ranks of the queries that there are, from 0.
 */
export function recallBounds(
  ranks: readonly number[],
  { queries, videos }: Lacking,
): (Survivors['bounds'][number] & { metric: keyof typeof recallLimits })[] {
  const all = Math.max(1, ranks.length + queries)
  const within = (limit: number) => ranks.filter(rank => rank < limit).length
  return Object.entries(recallLimits).map(([metric, limit]) => ({
    metric: metric as keyof typeof recallLimits,
    best: (within(limit) + queries) / all,
    asMisses: within(limit) / all,
    worst: within(limit - videos) / all,
  }))
}

/** What accuracy could be: every missing question answered rightly, or none. */
export function accuracyBounds(right: number, count: number, { queries }: Lacking): Survivors['bounds'] {
  const all = Math.max(1, count + queries)
  const none = right / all
  return [{ metric: 'accuracy', best: (right + queries) / all, asMisses: none, worst: none }]
}

/**
 * What recall of the first window could be: it is right for every missing query, or for none.
 * @param overlaps of the first windows that there are.
 */
export function firstWindowBounds(overlaps: readonly number[], lacking: Lacking): Survivors['bounds'] {
  return momentRecalls.flatMap(metric => {
    const right = overlaps.reduce((sum, overlap) => sum + recalled(metric, overlap), 0)
    return accuracyBounds(right, overlaps.length, lacking).map(bounds => ({ ...bounds, metric }))
  })
}

/** 1 where a first window of that overlap is right, else 0. */
export function recalled(metric: (typeof momentRecalls)[number], overlap: number): number {
  return Number(overlap >= Number(metric.slice('r1@'.length)))
}
