/** The part of a video that a timeline shows, in seconds. */
export interface TimelineView {
  readonly from: number
  readonly to: number
}

/** No less than this is shown, in seconds. */
const smallest = 1

export function wholeView(duration: number): TimelineView {
  return { from: 0, to: Math.max(duration, 1e-6) }
}

export function isWhole({ from, to }: TimelineView, duration: number): boolean {
  return from <= 1e-6 && to >= duration - 1e-6
}

/** Where a moment lies, 0 at the left edge and 1 at the right; beyond that outside. */
export function fractionOf({ from, to }: TimelineView, time: number): number {
  return (time - from) / (to - from)
}

/** `factor` times as near, the moment `around` staying where it is. */
export function zoomed(
  view: TimelineView,
  factor: number,
  { around, duration }: { around: number; duration: number },
): TimelineView {
  const length = Math.min(duration, Math.max(Math.min(smallest, duration), (view.to - view.from) / factor))
  const fraction = Math.max(0, Math.min(1, fractionOf(view, around)))
  return within(view.from + fraction * (view.to - view.from) - fraction * length, { length, duration })
}

/** Some seconds later, as far as the video goes. */
export function panned({ from, to }: TimelineView, by: number, duration: number): TimelineView {
  return within(from + by, { length: to - from, duration })
}

/** The same view if it shows a moment, else the one that begins shortly before it. */
export function showing(view: TimelineView, time: number, duration: number): TimelineView {
  if (time >= view.from && time <= view.to) return view
  const length = view.to - view.from
  return within(time - 0.1 * length, { length, duration })
}

function within(from: number, { length, duration }: { length: number; duration: number }): TimelineView {
  const start = Math.max(0, Math.min(duration - length, from))
  return { from: start, to: start + length }
}
