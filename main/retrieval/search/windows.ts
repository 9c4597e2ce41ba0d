interface ScoredClip {
  /** Seconds. */
  readonly start: number
  readonly end: number
  /** Similarity with the query. */
  readonly score: number
}

/** Windows that a query gets at most: as many as the public evaluator counts. */
const most = 10
/** Of two windows that share as much of the shorter one, both tell of the same moment. */
const sameMoment = 0.5
/** Each length that is tried is about a third longer than the one before, and each place a quarter of it further on. */
const [growth, steps] = [4 / 3, 4]

/**
 * The windows of a video that a query tells of, by the scores of all its consecutive clips, from coarse to fine.
 *
 * A run of L of the n clips is as good as it stands out: (mean inside − mean of all) · √(L / (1 − L/n)) / σ, the
 * statistic by which a run of higher scores is told from chance. Coarse: runs of lengths from one clip to all but
 * one, each a third longer than the last, at every quarter of their length. Fine: from the best downwards, both ends
 * move clip by clip while the run gets better. A window that shares half of the shorter with a better one is left
 * out; ten are kept. Work grows with the number of clips, not with its square: a video may have any length.
 * @param clips of the video in order.
 * @returns `[start, end, statistic]`, the best first; the whole where no clip stands out.
 */
export function windowsOf(clips: readonly ScoredClip[]): (readonly [start: number, end: number, statistic: number])[] {
  const [first, last] = [clips[0], clips.at(-1)]
  if (!first || !last) return []
  const statistic = standingOut(clips.map(({ score }) => score))
  const runs = coarseRuns(clips.length)
    .map(([from, to]) => ({ from, to, value: statistic(from, to) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.from - b.from)
  const kept: [number, number, number][] = []
  for (const { from, to } of runs) {
    if (kept.length === most) break
    const run = refined(from, to, { statistic, count: clips.length })
    const [start, end] = [clips[run.from]?.start ?? 0, clips[run.to - 1]?.end ?? 0]
    const isOther = ([a, b]: [number, number, number]) =>
      Math.min(b, end) - Math.max(a, start) < sameMoment * Math.min(b - a, end - start)
    if (kept.every(isOther)) kept.push([start, end, run.value])
  }
  return kept.length > 0 ? kept.sort((a, b) => b[2] - a[2]) : [[first.start, last.end, 0]]
}

type Statistic = (from: number, to: number) => number

/** How much the scores from one place to before another stand out; 0 for all and for none. */
function standingOut(scores: readonly number[]): Statistic {
  const count = scores.length
  const mean = scores.reduce((sum, score) => sum + score, 0) / count
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / count)
  const sums = new Float64Array(count + 1)
  for (const [place, score] of scores.entries()) sums[place + 1] = (sums[place] ?? 0) + score - mean
  return (from, to) => {
    const length = to - from
    if (length < 1 || length >= count || deviation === 0) return 0
    const excess = (sums[to] ?? 0) - (sums[from] ?? 0)
    return excess / (deviation * Math.sqrt(length * (1 - length / count)))
  }
}

function coarseRuns(count: number): [from: number, to: number][] {
  const runs: [number, number][] = []
  for (let length = 1; length < count; length = Math.max(length + 1, Math.round(length * growth))) {
    const step = Math.max(1, Math.floor(length / steps))
    for (let from = 0; from + length <= count; from += step) runs.push([from, from + length])
  }
  return runs
}

function refined(
  from: number,
  to: number,
  { statistic, count }: { readonly statistic: Statistic; readonly count: number },
): { from: number; to: number; value: number } {
  let run = { from, to, value: statistic(from, to) }
  for (;;) {
    const better = [
      [run.from - 1, run.to],
      [run.from + 1, run.to],
      [run.from, run.to - 1],
      [run.from, run.to + 1],
    ]
      .filter(([begin = 0, end = 0]) => begin >= 0 && end <= count && begin < end)
      .map(([begin = 0, end = 0]) => ({ from: begin, to: end, value: statistic(begin, end) }))
      .reduce((best, other) => (other.value > best.value ? other : best), run)
    if (better === run) return run
    run = better
  }
}
