import { ExpectedError } from '../../native-models/expected-error.ts'
import { imagenetDeviation, imagenetMean } from '../../native-models/lfvila/video/patch-embedding.ts'
import type { NumpyArray } from './npy.ts'

/**
 * Frames of a fixture's own video file as a program takes them, [B, T, H, W, 3]: uint8 as they are; numbers as RGB /
 * 255 in 0–1, or, where some are negative, as what the published model is given: normalised, [B, 3, T, H, W] or
 * channels last.
 * @throws ExpectedError when it holds neither.
 */
export function framesOf(video: NumpyArray, file: string): NumpyArray {
  const { shape, data } = video
  const last = shape.length === 5 && shape[4] === 3
  if (!last && !(shape.length === 5 && shape[1] === 3)) {
    throw new ExpectedError(
      'fixture',
      `${file} must hold RGB frames [B, T, H, W, 3] or [B, 3, T, H, W], not [${shape.join(', ')}].`,
    )
  }
  const { lowest, highest } = rangeOf(data)
  const bytes = data instanceof Uint8Array
  if (!bytes && lowest >= 0 && highest > 1) {
    throw new ExpectedError(
      'fixture',
      `${file} holds numbers up to ${highest}; save frames as uint8, as numbers in 0–1, or normalised as the published model takes them.`,
    )
  }
  if (last && bytes) return video
  const [batch = 0, frames = 0, height = 0, width = 0] = last ? shape : [shape[0], ...shape.slice(2)]
  const pixels = frames * height * width
  const out = bytes ? new Uint8Array(data.length) : new Float32Array(data.length)
  for (let element = 0; element < batch; element++) {
    for (let channel = 0; channel < 3; channel++) {
      const [scale, offset] = lowest < 0 ? [imagenetDeviation[channel]!, imagenetMean[channel]!] : [1, 0]
      for (let pixel = 0; pixel < pixels; pixel++) {
        const to = (element * pixels + pixel) * 3 + channel
        out[to] = data[last ? to : (element * 3 + channel) * pixels + pixel]! * scale + offset
      }
    }
  }
  return { shape: [batch, frames, height, width, 3], data: out }
}

function rangeOf(data: NumpyArray['data']): { lowest: number; highest: number } {
  let [lowest, highest] = [Infinity, -Infinity]
  for (const value of data) {
    lowest = Math.min(lowest, value)
    highest = Math.max(highest, value)
  }
  return { lowest, highest }
}
