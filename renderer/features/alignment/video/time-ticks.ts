const stepCount = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]

/** The height of a row of spans, with the gap below it, in pixels. */
export const laneHeight = 22

/** Round moments along a part of a time axis, at least `pitch` pixels apart. */
export function timeTicks({ from, to }: { from: number; to: number }, width: number, pitch = 84): number[] {
  if (to <= from || width <= 0) return []
  const smallest = ((to - from) * pitch) / width
  const step = stepCount.find(candidate => candidate >= smallest) ?? Math.ceil(smallest / 3600) * 3600
  const first = Math.ceil(from / step - 1e-6)
  return Array.from(
    { length: Math.max(0, Math.floor(to / step + 1e-6) - first + 1) },
    (_, index) => (first + index) * step,
  )
}

/** Rows for spans of time so that no two in a row overlap. */
export function stackSpans<Item extends { start: number; end: number }>(
  spans: readonly Item[],
): (Item & { lane: number })[] {
  const ends: number[] = []
  return [...spans]
    .sort((a, b) => a.start - b.start)
    .map(span => {
      const free = ends.findIndex(end => end <= span.start + 1e-6)
      const lane = free === -1 ? ends.length : free
      ends[lane] = span.end
      return { ...span, lane }
    })
}

/** A span is drawn no narrower, in pixels. */
const narrowest = 5

/** No words are written in one that is narrower, in pixels. */
const narrowestWords = 34

/**
 * Of stacked spans those that a part of a time axis shows. One that would be drawn beneath another of its row is left
 * out, unless it is to be `kept`, so that thousands cost no more than fit beside each other.
 * @param width of the axis in pixels; 0 while it is not known.
 */
export function spansInSight<Item extends { start: number; end: number; lane: number }>(
  spans: readonly Item[],
  { from, to, width }: { from: number; to: number; width: number },
  kept: (span: Item) => boolean,
): Item[] {
  const pitch = width > 0 ? ((to - from) * narrowest) / width : 0
  const last: number[] = []
  return spans.filter(span => {
    if (span.end < from || span.start > to) return false
    const isCovered = span.end < (last[span.lane] ?? -Infinity) + pitch
    if (isCovered && !kept(span)) return false
    if (!isCovered) last[span.lane] = span.start
    return true
  })
}

/** Whether a span is too narrow for words, which nobody could read and the browser would lay out all the same. */
export function isWordless(
  { start, end }: { start: number; end: number },
  { from, to, width }: { from: number; to: number; width: number },
): boolean {
  return ((end - start) * width) / (to - from) < narrowestWords
}
