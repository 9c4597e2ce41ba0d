import { pick } from './fixture.ts'
import type { FixtureOutput } from './fixture.ts'
import type { NumpyArray } from './npy.ts'

/**
 * Axes of a full output on which a part is chosen: [windows, heads, rows, tokens] for attention, [B, frames or
 * positions, …] otherwise.
 */
const axisOf = { windows: 0, frames: 1, positions: 1, rows: 2 } as const

/**
 * The part of a full output that a fixture's file holds.
 * @param batch Batch size of the run: a first axis longer than that holds several entries (sentences, windows) per
 * batch element.
 */
export function selectPart(output: NumpyArray, part: FixtureOutput, batch: number): NumpyArray {
  let selected = output
  if (part.batch !== undefined) {
    const perElement = Math.max(1, (output.shape[0] ?? 1) / batch)
    selected = pick(
      selected,
      0,
      Array.from({ length: perElement }, (_, index) => part.batch! * perElement + index),
    )
  }
  for (const name of ['windows', 'frames', 'positions', 'rows'] as const) {
    const chosen = part[name]
    if (chosen) selected = pick(selected, axisOf[name], chosen)
  }
  return selected
}
