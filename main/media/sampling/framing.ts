import type { MediaInfo } from '../media-info.ts'

/**
 * How a frame is brought to the size of a model's input, for models that were not trained with the published transform.
 * `crop`: the shorter side becomes `shorterSide` pixels, and the middle is cut out. `stretch`: the whole frame,
 * whatever its form.
 */
export type Framing = { readonly interpolation: 'bicubic' | 'bilinear' | 'lanczos' | 'nearest' } & (
  { readonly fit: 'crop'; readonly shorterSide: number } | { readonly fit: 'stretch' }
)

interface Size {
  readonly height: number
  readonly width: number
}

/**
 * The scaler's flags, without parameters: before version 7.1 the filter cuts them to whole numbers, and a cubic of 0.5
 * becomes one of 0. Its own cubic (0.6) is 0.7 of 255 from Pillow's (0.5) on average, the cut one 3.
 */
const flags = { bicubic: 'bicubic', bilinear: 'bilinear', lanczos: 'lanczos', nearest: 'neighbor' } as const

/**
 * A framing as an ffmpeg filter, in bytes. The scaler widens its kernel where it makes a frame smaller, as Pillow does,
 * on whose bytes the usual image models were trained; sizes and offsets are rounded as in their preprocessors.
 * @param output size of the model's input; with `crop` no side longer than `shorterSide`.
 */
export function framingFilter(framing: Framing, info: Pick<MediaInfo, 'width' | 'height'>, output: Size): string {
  const scaled = scaledSize(framing, info, output)
  const flag = flags[framing.interpolation]
  return [
    `scale=${scaled.width}:${scaled.height}:flags=${flag}+accurate_rnd+full_chroma_int+full_chroma_inp`,
    'format=rgb24',
    `crop=${output.width}:${output.height}:${Math.floor((scaled.width - output.width) / 2)}:${Math.floor((scaled.height - output.height) / 2)}`,
  ].join(',')
}

function scaledSize(framing: Framing, { width, height }: Size, output: Size): Size {
  if (framing.fit !== 'crop') return output
  const longer = Math.floor((framing.shorterSide * Math.max(width, height)) / Math.min(width, height))
  return width < height
    ? { width: framing.shorterSide, height: longer }
    : { width: longer, height: framing.shorterSide }
}
