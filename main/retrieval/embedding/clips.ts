/** One clip of a segment in seconds; `index` is its place among the segment's clips. */
export interface ClipSpan {
  index: number
  start: number
  end: number
}

/** Timestamps are stored in ticks as coarse as a millisecond. */
const sameTime = 0.002

/**
 * Where the clips of a segment lie in the video: each from its first frame to the first frame of the next, the last
 * to the segment's end. A clip past the end of a video that is shorter than its segment is left out: it only repeats
 * the last frame, which the clip before it reaches.
 * @param times seconds of the segment's frames, ascending
 * @param clips clips of one segment, dividing the frames evenly
 * @param end seconds at which the segment ends
 */
export function clipSpans(times: readonly number[], clips: number, end: number): ClipSpan[] {
  const length = times.length / clips
  if (!Number.isInteger(length)) throw new RangeError(`${times.length} frames do not divide into ${clips} clips`)
  const spans: ClipSpan[] = []
  const step = (times[1] ?? 0) - (times[0] ?? 0)
  for (let index = 0; index < clips; index += 1) {
    const start = times[index * length] ?? 0
    const last = times[(index + 1) * length - 1] ?? 0
    const before = times[index * length - 1]
    if (before !== undefined && last <= before) continue
    const isPastTheEnd = step > 0 && start === last && (times[0] ?? 0) + index * length * step > start + sameTime
    if (index > 0 && length > 1 && isPastTheEnd) continue
    spans.push({ index, start, end })
  }
  return spans.map((span, position) => ({ ...span, end: spans[position + 1]?.start ?? end }))
}

/**
 * The spans of a segment that bring something new after `covered` seconds: the dense pass shifts its last segment
 * back to the end of the video, where its first clips would show again what has been seen.
 */
export function newSpans(spans: readonly ClipSpan[], covered: number): ClipSpan[] {
  return spans.filter(span => span.end > covered + sameTime)
}
