import { elementCount } from '../../graph/tensor.ts'
/** Frames, rows and columns of a window. */
type Window = readonly [number, number, number]

/** The constant of the cubic kernel, as in PyTorch's bicubic interpolation. */
const a = -0.75

/**
 * Cubic interpolation along one axis of values laid out [before, size, after], as `torch.nn.functional.interpolate`
 * with mode bicubic and align_corners False does along each of its axes; places beyond an end take the value at the
 * end.
 */
export function resizeAxis(
  values: Float32Array,
  { size, after, newSize }: { readonly size: number; readonly after: number; readonly newSize: number },
): Float32Array {
  if (size === newSize) return values
  const before = values.length / (size * after)
  const resized = new Float32Array(before * newSize * after)
  for (let place = 0; place < newSize; place++) {
    const source = ((place + 0.5) * size) / newSize - 0.5
    const first = Math.floor(source)
    const taps = cubicWeights(source - first).map((weight, tap) => ({
      weight,
      at: Math.min(Math.max(first - 1 + tap, 0), size - 1),
    }))
    for (let outer = 0; outer < before; outer++) {
      for (let inner = 0; inner < after; inner++) {
        let sum = 0
        for (const { weight, at } of taps) sum += weight * values[(outer * size + at) * after + inner]!
        resized[(outer * newSize + place) * after + inner] = sum
      }
    }
  }
  return resized
}

/** Weights of the four neighbours of a place that lies `t` behind the second. */
function cubicWeights(t: number): number[] {
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
  return [far(t + 1), near(t), near(1 - t), far(2 - t)]
}

interface TableWindows {
  readonly heads: number
  readonly from: Window
  readonly to: Window
}

/**
 * A `relative_position_bias_table` [(2d−1)(2h−1)(2w−1), heads] of one window for another. Where only the time changes
 * this is what the reference does with `change_window` (REFERENCE §5), but for its rounding to half precision.
 */
export function resizeBiasTable(table: Float32Array, { heads, from, to }: TableWindows): Float32Array {
  const [depth, height, width] = from.map(offsets) as [number, number, number]
  const [newDepth, newHeight, newWidth] = to.map(offsets) as [number, number, number]
  const inSpace = resizeAxis(resizeAxis(table, { size: width, after: heads, newSize: newWidth }), {
    size: height,
    after: newWidth * heads,
    newSize: newHeight,
  })
  return resizeAxis(inSpace, { size: depth, after: newHeight * newWidth * heads, newSize: newDepth })
}

/** Relative offsets along an axis of a window. */
const offsets = (size: number): number => 2 * size - 1

/**
 * The window a `relative_position_index` [positions, positions] was made for, or null when it is none. An axis of size
 * 1 leaves no trace in it: such a window is taken for one that is longest along the columns.
 * Along its first row the index falls by 1 from column to column, and by more where a row or a frame ends.
 */
export function windowOfIndex(index: ArrayLike<number | bigint>, positions: number): Window | null {
  if (index.length !== positions ** 2) return null
  const step = (position: number): number => Number(index[position - 1]) - Number(index[position])
  const endOf = (from: number, expected: number, stride: number): number => {
    let count = from
    while (count < positions && step(count) === expected) count += stride
    return count
  }
  const width = endOf(1, 1, 1)
  // From the end of one row to the start of the next the offset falls by what a whole row of offsets has left.
  const rows = width === positions ? 1 : endOf(width, offsets(width) - width + 1, width) / width
  const frames = positions / (width * rows)
  const window: Window = [frames, rows, width]
  const largest = elementCount(window.map(offsets)) - 1
  return Number.isInteger(frames) && Number(index[0]) * 2 === largest ? window : null
}
