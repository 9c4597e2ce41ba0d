import type { MediaInfo } from '../media-info.ts'

/**
 * How a frame is brought to the size of a model's input, for models that were not trained with the published transform.
 * `crop`: the shorter side becomes `shorterSide` pixels, and the middle is cut out. `stretch`: the whole frame, whatever its form.
 */
export type Framing = { readonly interpolation: 'bicubic' | 'bilinear' } & (
  { readonly fit: 'crop'; readonly shorterSide: number } | { readonly fit: 'stretch' }
)

interface Size {
  readonly height: number
  readonly width: number
}

/** Flags and parameters of the scaler. The cubic is Keys' with a = −0.5, as in Pillow; ffmpeg's own default is another. */
const kernels = {
  bicubic: { flag: 'bicubic', parameters: ':param0=0:param1=0.5' },
  bilinear: { flag: 'bilinear', parameters: '' },
} as const

/**
 * A framing as an ffmpeg filter, in bytes. The scaler widens its kernel where it makes a frame smaller, as Pillow does, on whose
 * bytes the usual image models were trained; sizes and offsets are rounded as in their preprocessors.
 * @param output size of the model's input; with `crop` no side longer than `shorterSide`.
 */
export function framingFilter(framing: Framing, info: Pick<MediaInfo, 'width' | 'height'>, output: Size): string {
  const scaled = scaledSize(framing, info, output)
  const { flag, parameters } = kernels[framing.interpolation]
  return [
    `scale=${scaled.width}:${scaled.height}:flags=${flag}+accurate_rnd+full_chroma_int+full_chroma_inp${parameters}`,
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
