/**
 * The published validation transform: resize to 240 × 428, centre crop 216 × 385, resize to the model's input.
 * Both resizes are bilinear with half-pixel centres and without antialiasing, in floating point, as torchvision did on
 * tensors at the time. Source: REFERENCE §6.
 */
export const resized = { height: 240, width: 428 } as const
/** torchvision rounds the offset (428 − 385) / 2 = 21.5 half to even: 22. */
export const crop = { top: 12, left: 22, height: 216, width: 385 } as const

/** Where one output position takes its value: two neighbours and the weight of the second. */
interface Taps {
  readonly first: Int32Array
  readonly second: Int32Array
  readonly weight: Float32Array
}

/** Bilinear taps for `to` outputs over `from` inputs, as in `interpolate(mode='bilinear', align_corners=False)`. */
function bilinearTaps(from: number, to: number): Taps {
  const scale = Math.fround(from / to)
  const taps = { first: new Int32Array(to), second: new Int32Array(to), weight: new Float32Array(to) }
  for (let output = 0; output < to; output += 1) {
    const source = Math.max(0, Math.fround(scale * (output + 0.5) - 0.5))
    const first = Math.min(from - 1, Math.floor(source))
    taps.first[output] = first
    taps.second[output] = Math.min(from - 1, first + 1)
    taps.weight[output] = source - first
  }
  return taps
}

function part(taps: Taps, offset: number, length: number): Taps {
  return {
    first: taps.first.subarray(offset, offset + length),
    second: taps.second.subarray(offset, offset + length),
    weight: taps.weight.subarray(offset, offset + length),
  }
}

/** Prepares the transform for frames of one size; the result turns one RGB frame into one input frame. */
export function validationTransform(
  input: { readonly height: number; readonly width: number },
  output: { readonly height: number; readonly width: number },
) {
  const rows = part(bilinearTaps(input.height, resized.height), crop.top, crop.height)
  const columns = part(bilinearTaps(input.width, resized.width), crop.left, crop.width)
  const outputRows = bilinearTaps(crop.height, output.height)
  const outputColumns = bilinearTaps(crop.width, output.width)
  const cropped = new Float32Array(crop.height * crop.width * 3)

  /**
   * @param frame RGB bytes `[H, W, 3]` of the size prepared for.
   * @param target `[height, width, 3]`, values 0–1, is filled.
   */
  return (frame: Uint8Array, target: Float32Array): void => {
    if (frame.length !== input.height * input.width * 3) {
      throw new RangeError(
        `a frame of ${input.width}×${input.height} has ${input.height * input.width * 3} bytes, not ${frame.length}`,
      )
    }
    resize(frame, { width: input.width, rows, columns, gain: 1 / 255, target: cropped })
    resize(cropped, { width: crop.width, rows: outputRows, columns: outputColumns, gain: 1, target })
  }
}

interface Resizing {
  readonly width: number
  readonly rows: Taps
  readonly columns: Taps
  readonly gain: number
  readonly target: Float32Array
}

/** Bilinear resize of an interleaved RGB image with the given taps; `gain` multiplies every value. */
function resize(image: Uint8Array | Float32Array, { width, rows, columns, gain, target }: Resizing): void {
  const [height, outputWidth] = [rows.first.length, columns.first.length]
  let position = 0
  for (let y = 0; y < height; y += 1) {
    const above = (rows.first[y] ?? 0) * width * 3
    const below = (rows.second[y] ?? 0) * width * 3
    const down = rows.weight[y] ?? 0
    for (let x = 0; x < outputWidth; x += 1) {
      const left = (columns.first[x] ?? 0) * 3
      const right = (columns.second[x] ?? 0) * 3
      const across = columns.weight[x] ?? 0
      for (let channel = 0; channel < 3; channel += 1) {
        const top = (image[above + left + channel] ?? 0) * (1 - across) + (image[above + right + channel] ?? 0) * across
        const bottom =
          (image[below + left + channel] ?? 0) * (1 - across) + (image[below + right + channel] ?? 0) * across
        target[position] = (top * (1 - down) + bottom * down) * gain
        position += 1
      }
    }
  }
}
