import type { Window } from './moment-query.ts'

/** Intersection over union of two windows, 0–1, as the sum of both lengths less what they share has it. */
export function overlapOf([a, b]: Window, [c, d]: Window): number {
  const both = Math.max(0, Math.min(b, d) - Math.max(a, c))
  const either = b - a + (d - c) - both
  return either > 0 ? both / either : 0
}

/** The same over the stretch from the first beginning to the last end: rounded elsewhere in its last bit. */
function overlapInStretch([a, b]: Window, [c, d]: Window): number {
  const both = Math.max(0, Math.min(b, d) - Math.max(a, c))
  const stretch = Math.max(b, d) - Math.min(a, c)
  return stretch === 0 ? 0 : both / stretch
}

/** Overlap of a predicted window with the true one that it overlaps most, the first of several; 0 without a window. */
export function bestOverlap(predicted: Window | undefined, truth: readonly Window[]): number {
  if (!predicted) return 0
  let best: { readonly window: Window; readonly overlap: number } | null = null
  for (const window of truth) {
    const overlap = overlapOf(predicted, window)
    if (best === null || overlap > best.overlap) best = { window, overlap }
  }
  return best === null ? 0 : overlapInStretch(predicted, best.window)
}
