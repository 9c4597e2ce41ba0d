import type { SampledFrames } from '../../media/sampling/sample-target.ts'

type Pixels = Pick<SampledFrames, 'dtype' | 'data'>
const channels = 3

/**
 * Frames [T, H, W, 3] of which those from `first` to `last` have the mean colour of the whole video: hidden without an
 * edge in brightness that a model would see instead.
 */
export function hiddenFrames(
  { dtype, data }: Pixels,
  { first, last, count }: { readonly first: number; readonly last: number; readonly count: number },
): Pixels {
  const length = data.length / count
  const sums = new Array<number>(channels).fill(0)
  for (let place = 0; place < data.length; place++) {
    sums[place % channels] = (sums[place % channels] ?? 0) + (data[place] ?? 0)
  }
  const mean = sums.map(sum => (sum * channels) / data.length)
  const hidden = data.slice()
  for (let place = first * length; place < (last + 1) * length; place++) hidden[place] = mean[place % channels] ?? 0
  return { dtype, data: hidden } as Pixels
}
