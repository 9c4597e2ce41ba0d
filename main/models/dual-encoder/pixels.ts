import type { TensorValue } from '../../engine/index.ts'
import type { DualEncoderContract } from './contract.ts'

type VideoContract = DualEncoderContract['video']
type Pixels = Float32Array | Uint16Array | Uint8Array
type Axis = 'N' | 'T' | 'C' | 'H' | 'W'

/** Prepares what a byte of each channel becomes; the result turns frames into the tensor of the video tower. */
export function pixelWriter(contract: Pick<VideoContract, 'layout' | 'dtype' | 'size' | 'mean' | 'std'>) {
  const { layout, dtype, size: { height, width } } = contract
  const tables = [0, 1, 2].map(channel => channelTable(contract, channel))

  /**
   * @param frames RGB bytes [count × length, height, width, 3].
   * @param count images, or clips of `length` frames.
   */
  return (frames: Uint8Array, count: number, length: number): TensorValue => {
    const sizes: Record<Axis, number> = { N: count, T: length, C: 3, H: height, W: width }
    const axes = [...layout] as Axis[]
    const strideOf = (axis: Axis): number => axes.slice(axes.indexOf(axis) + 1).reduce((product, inner) => product * sizes[inner], 1)
    const data = emptyPixels(dtype, count * length * height * width * 3)
    const [row, column, channel] = [strideOf('H'), strideOf('W'), strideOf('C')]
    const time = axes.includes('T') ? strideOf('T') : 0
    let read = 0
    for (let clip = 0; clip < count; clip++) {
      for (let frame = 0; frame < length; frame++) {
        for (let y = 0; y < height; y++) {
          let place = clip * strideOf('N') + frame * time + y * row
          for (let x = 0; x < width; x++, place += column) {
            for (let c = 0; c < 3; c++) data[place + c * channel] = tables[c]![frames[read++]!]!
          }
        }
      }
    }
    return { dtype, dims: axes.map(axis => sizes[axis]), data }
  }
}

function emptyPixels(dtype: VideoContract['dtype'], length: number): Pixels {
  switch (dtype) {
    case 'float32': return new Float32Array(length)
    case 'float16': return new Uint16Array(length)
    case 'uint8': return new Uint8Array(length)
    default: return dtype satisfies never
  }
}

/** What each of the 256 bytes becomes. */
function channelTable({ dtype, mean, std }: Pick<VideoContract, 'dtype' | 'mean' | 'std'>, channel: number): Pixels {
  const table = emptyPixels(dtype, 256)
  for (let byte = 0; byte < 256; byte++) {
    const normalised = (byte / 255 - mean[channel]!) / std[channel]!
    table[byte] = dtype === 'uint8' ? byte : dtype === 'float16' ? halfBits(normalised) : normalised
  }
  return table
}

/** The nearest half-precision number as its 16 bits, ties to even; beyond its range, infinity. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude >= 65520) return sign | 0x7c00
  // Below 2^-14 numbers are spaced 2^-24 apart, above 2^(exponent - 10).
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 2 ** -14)))
  const steps = magnitude / 2 ** (exponent - 10)
  const whole = Math.floor(steps)
  const odd = whole % 2
  const rounded = steps - whole > 0.5 || (steps - whole === 0.5 && odd === 1) ? whole + 1 : whole
  // A normal number has 1,024 to 2,047 steps; one more carries into the exponent by itself.
  return sign | (exponent === -14 ? rounded : ((exponent + 14) << 10) + rounded)
}
