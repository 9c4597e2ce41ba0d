import type { MomentQuery } from './moment-query.ts'
import { ratedClip } from './moment-query.ts'

/** How well the scores of a query's clips find its highlights, fractions 0–1. */
export interface Highlights {
  /** Average precision, mean over the people who rated. */
  readonly precision: number
  /** 1 where somebody rated the best scored clip a highlight. */
  readonly hit: number
}

/** Clips of a query that could be rated: whole ones, and a rated rest at the end. 0 where nothing says. */
export function clipsOf({ duration, saliency }: MomentQuery): number {
  if (duration === null || saliency === null) return 0
  return Math.max(Math.trunc(duration / ratedClip), ...saliency.map(({ clip }) => clip + 1))
}

/**
 * Highlights of one query: clips that a person gave at least `least`. Scores of clips that are not there are passed
 * over, but for a hit, which misses when they are best; clips without a score have 0.
 */
export function highlightsOf(query: MomentQuery, scores: readonly number[], least: number): Highlights {
  const clips = clipsOf(query)
  const people = query.saliency?.[0]?.scores.length ?? 0
  const best = scores.reduce((most, score, clip) => (score > (scores[most] ?? -Infinity) ? clip : most), 0)
  const filled = Array.from({ length: clips }, (_, clip) => scores[clip] ?? 0)
  const byPerson = Array.from({ length: people }, (_, person) => {
    const rated = new Array<boolean>(clips).fill(false)
    for (const { clip, scores: given } of query.saliency ?? []) rated[clip] = (given[person] ?? 0) >= least
    return rated
  })
  return {
    precision: byPerson.reduce((sum, rated) => sum + clipPrecision(rated, filled), 0) / Math.max(1, people),
    hit: Number(byPerson.some(rated => rated[best] === true)),
  }
}

/**
 * Mean of the precisions at the scores where another highlight is found, each raised to the best at a lower score;
 * equal scores are one. 0 without a highlight, 1 where every clip is one.
 */
function clipPrecision(rated: readonly boolean[], scores: readonly number[]): number {
  const all = rated.filter(Boolean).length
  if (all === 0) return 0
  if (all === rated.length) return 1
  const order = scores.map((_, clip) => clip).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const found: { readonly precision: number; readonly rises: boolean }[] = []
  let [right, before] = [0, 0]
  for (const [place, clip] of order.entries()) {
    right += Number(rated[clip])
    const next = order[place + 1]
    if (next !== undefined && scores[next] === scores[clip]) continue
    found.push({ precision: right / (place + 1), rises: right > before })
    before = right
  }
  let [best, sum] = [0, 0]
  for (const { precision, rises } of found.toReversed()) {
    best = Math.max(best, precision)
    if (rises) sum += best
  }
  return sum / found.filter(({ rises }) => rises).length
}
