/** A part of a frame, in fractions of it; `flip` mirrors it left to right. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly flip: boolean
}

interface Size {
  readonly height: number
  readonly width: number
}

/** Weights are whole numbers of so many bits: two of them and a byte fit into 31 bits. */
const bits = 11
const one = 2 ** bits
const half = 2 ** (2 * bits - 1)

/**
 * A random crop may be three quarters of a frame; it is not enlarged when frames are kept so much larger than the
 * model's input.
 */
const room = 4 / 3

/**
 * The size in which frames are kept of which parts will be cut: as stored, but no larger than a part needs.
 * @param stored pixels of the decoded frame. @param output pixels of the model's input.
 */
export function sizeForRegions(stored: Size, output: Size): Size {
  const scale = Math.min(1, Math.max((output.height * room) / stored.height, (output.width * room) / stored.width))
  return { height: Math.ceil(stored.height * scale), width: Math.ceil(stored.width * scale) }
}

interface Cut {
  readonly input: Size
  readonly region: Region
  /** `[N, output.height, output.width, 3]`, is filled. */
  readonly target: Uint8Array
  readonly output: Size
}

/**
 * Cuts a part out of frames and brings it to the size of the model's input: bilinear with half-pixel centres and
 * without antialiasing, as torchvision's `resized_crop` did on tensors at the time (REFERENCE §6), in whole numbers,
 * rounded to bytes.
 * @param frames RGB bytes `[N, input.height, input.width, 3]`.
 */
export function cutRegion(frames: Uint8Array, { input, region, target, output }: Cut): void {
  const rows = taps(input.height, { start: region.top, share: region.height, to: output.height })
  const columns = taps(input.width, { start: region.left, share: region.width, to: output.width })
  if (region.flip) for (const values of [columns.first, columns.second, columns.weight]) values.reverse()
  const [rowLength, frameLength] = [input.width * 3, input.width * input.height * 3]
  let position = 0
  for (let frame = 0; frame < frames.length; frame += frameLength) {
    for (let y = 0; y < output.height; y += 1) {
      const above = frame + rows.first[y]! * rowLength
      const below = frame + rows.second[y]! * rowLength
      const down = rows.weight[y]!
      for (let x = 0; x < output.width; x += 1) {
        const left = columns.first[x]! * 3
        const right = columns.second[x]! * 3
        const across = columns.weight[x]!
        for (let channel = 0; channel < 3; channel += 1) {
          const top = frames[above + left + channel]! * (one - across) + frames[above + right + channel]! * across
          const bottom = frames[below + left + channel]! * (one - across) + frames[below + right + channel]! * across
          target[position] = (top * (one - down) + bottom * down + half) >> (2 * bits)
          position += 1
        }
      }
    }
  }
}

/** For each output position two neighbouring pixels of the part and the weight of the second. */
function taps(
  size: number,
  { start, share, to }: { readonly start: number; readonly share: number; readonly to: number },
): { first: Int32Array; second: Int32Array; weight: Int32Array } {
  const begin = Math.min(size - 1, Math.round(start * size))
  const length = Math.max(1, Math.min(size - begin, Math.round(share * size)))
  const found = { first: new Int32Array(to), second: new Int32Array(to), weight: new Int32Array(to) }
  for (let output = 0; output < to; output += 1) {
    const source = Math.min(length - 1, Math.max(0, (length / to) * (output + 0.5) - 0.5))
    const first = Math.floor(source)
    found.first[output] = begin + first
    found.second[output] = begin + Math.min(length - 1, first + 1)
    found.weight[output] = Math.round((source - first) * one)
  }
  return found
}
