/** Which of the sampled frames hold the answer, and how much each counts: both kinds count half of all together. */
export interface TemporalLabel {
  /** 0 or 1 per frame. */
  readonly labels: Int32Array
  readonly weights: Float32Array
}

/**
 * The labels of How2QA's span head (REFERENCE §6).
 * @param span seconds, or null when it is not known: then every frame holds the answer.
 * @param duration seconds. The published code takes the number of frames divided by 3, the rate its videos were stored
 * with.
 */
export function temporalLabel(span: readonly [number, number] | null, duration: number, frames: number): TemporalLabel {
  const place = (time: number) => roundHalfEven(Math.min(1, Math.max(0, time / duration)) * frames)
  const start = Math.min(frames - 1, span ? place(span[0]) : 0)
  const end = Math.min(frames, Math.max(start + 1, span ? place(span[1]) : frames))
  const inside = end - start
  const outside = Math.max(1, frames - inside)
  return {
    labels: Int32Array.from({ length: frames }, (_, frame) => Number(frame >= start && frame < end)),
    weights: Float32Array.from(
      { length: frames },
      (_, frame) => (frames * 0.5) / (frame >= start && frame < end ? inside : outside),
    ),
  }
}

/** As Python rounds. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
