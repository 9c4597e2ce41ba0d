import { toHalf } from '../../../../native-models/graph/precision/half-precision.ts'
import type { TensorValue } from '../../../engine/onnxruntime.ts'
import type { DualEncoderContract } from './contract.ts'

/** What decides the numbers that a tower is fed. */
export type PixelFormat = Pick<DualEncoderContract['video'], 'layout' | 'dtype' | 'size' | 'mean' | 'std'>
type Pixels = Float32Array | Uint16Array | Uint8Array
type Axis = 'N' | 'T' | 'C' | 'H' | 'W'

/** Prepares what a byte of each channel becomes; the result turns frames into the tensor of the video tower. */
export function pixelWriter(format: PixelFormat) {
  const {
    layout,
    dtype,
    size: { height, width },
  } = format
  const tables = [0, 1, 2].map(channel => channelTable(format, channel))

  /**
   * @param frames RGB bytes [count × length, height, width, 3].
   * @param count images, or clips of `length` frames.
   */
  return (frames: Uint8Array, count: number, length: number): TensorValue => {
    const sizes: Record<Axis, number> = { N: count, T: length, C: 3, H: height, W: width }
    const axes = [...layout] as Axis[]
    const strideOf = (axis: Axis): number =>
      axes.slice(axes.indexOf(axis) + 1).reduce((product, inner) => product * sizes[inner], 1)
    const data = emptyPixels(dtype, count * length * height * width * 3)
    const [row, column, channel] = [strideOf('H'), strideOf('W'), strideOf('C')]
    const time = axes.includes('T') ? strideOf('T') : 0
    let read = 0
    for (let clip = 0; clip < count; clip++) {
      for (let frame = 0; frame < length; frame++) {
        for (let y = 0; y < height; y++) {
          let index = clip * strideOf('N') + frame * time + y * row
          for (let x = 0; x < width; x++, index += column) {
            for (let c = 0; c < 3; c++) data[index + c * channel] = tables[c]![frames[read++]!]!
          }
        }
      }
    }
    return { dtype, dims: axes.map(axis => sizes[axis]), data }
  }
}

function emptyPixels(dtype: PixelFormat['dtype'], length: number): Pixels {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length)
    case 'float16':
      return new Uint16Array(length)
    case 'uint8':
      return new Uint8Array(length)
    default:
      return dtype satisfies never
  }
}

/** What each of the 256 bytes becomes. */
function channelTable({ dtype, mean, std }: PixelFormat, channel: number): Pixels {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  if (dtype === 'uint8') return bytes
  const normalised = Float32Array.from(bytes, byte => (byte / 255 - mean[channel]!) / std[channel]!)
  return dtype === 'float16' ? toHalf(normalised) : normalised
}
