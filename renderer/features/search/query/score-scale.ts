/** What the bars of a list of scores span; cosines of one search lie close together, far from −1 and 1. */
export interface ScoreScale {
  min: number
  max: number
}

const stepCount = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1]
const mostSteps = 5

/** From zero, or below where a score is, to a round number that none exceeds: lengths compare as the scores do. */
export function scaleOf(scores: readonly number[]): ScoreScale {
  const highest = Math.max(0, ...scores)
  const lowest = Math.min(0, ...scores)
  const step = stepCount.find(size => (highest - lowest) / size <= mostSteps) ?? 1
  const round = (value: number) => Number(value.toFixed(2))
  return {
    min: round(-Math.ceil(round(-lowest / step)) * step) + 0,
    max: round(Math.max(1, Math.ceil(round(highest / step))) * step),
  }
}

/** Where a bar begins and how long it is, as fractions of the scale: from zero to the score; and where zero is. */
export function barOf({ min, max }: ScoreScale, score: number): { start: number; length: number; zero: number } {
  const at = (value: number) => (value - min) / (max - min)
  return { start: at(Math.min(0, score)), length: Math.abs(at(score) - at(0)), zero: at(0) }
}
