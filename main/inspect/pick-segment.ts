import type { DenseSegment } from '../media/sampling/sampling.ts'

export interface PickedSegment {
  readonly segments: readonly DenseSegment[]
  /** Its place among them, from 0; null for the overview. */
  readonly number: number | null
}

/**
 * The segment of a dense pass that shows a moment: of two that do, the first; past the end, the last.
 * @param segments in order, which leave no gap
 * @param at seconds; null for the overview
 */
export function pickSegment(segments: readonly DenseSegment[], at: number | null): PickedSegment {
  if (at === null || segments.length === 0) return { segments, number: null }
  const found = segments.findIndex(({ end }) => at < end)
  return { segments, number: found < 0 ? segments.length - 1 : found }
}
