/**
 * How likely it is that at least so uneven a split comes about by chance: the exact two-sided sign test of pairs, of
 * which those that are equal do not count. 1 where there is none.
 */
export function signTest(worse: number, better: number): number {
  const count = worse + better
  let [term, sum] = [-count * Math.LN2, 0]
  for (let fewer = 0; fewer <= Math.min(worse, better); fewer++) {
    sum += Math.exp(term)
    term += Math.log((count - fewer) / (fewer + 1))
  }
  return Math.min(1, 2 * sum)
}
