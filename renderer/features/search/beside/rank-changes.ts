import type { SearchResult } from '../../../../main/api/index.ts'
import type { Level } from '../query/search-query.ts'

/** A result and where it stands in the list of the other model. */
export interface ChangedResult {
  readonly result: SearchResult
  /** Its rank in the other list; null where that does not have it. */
  readonly other: number | null
}

/** The part of two moments that both cover, of the shorter one. Seconds. */
function shared(a: SearchResult, b: SearchResult): number {
  const shorter = Math.min(a.end - a.start, b.end - b.start)
  return shorter > 0 ? (Math.min(a.end, b.end) - Math.max(a.start, b.start)) / shorter : 0
}

/** Moments that have less in common are two. */
const sameMoment = 0.5

/**
 * Results with their ranks in another list: of the same video, or of moments the one that covers at least half of the
 * shorter of both.
 */
export function rankChanges(
  results: readonly SearchResult[],
  others: readonly SearchResult[],
  level: Level,
): ChangedResult[] {
  return results.map(result => {
    const same = others.filter(
      other => other.video.id === result.video.id && (level === 'video' || shared(result, other) >= sameMoment),
    )
    return { result, other: same[0]?.rank ?? null }
  })
}
