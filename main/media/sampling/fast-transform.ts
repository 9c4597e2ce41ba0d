import { crop, resized } from './validation-transform.ts'

interface Size {
  readonly height: number
  readonly width: number
}

/**
 * RGB as the published pipeline sees it. decord 0.6.0 (LF-VILA/docker/requirements.txt) puts frames through
 * libavfilter's `scale=W:H` with the filter's own default in FFmpeg 4.1, from which its packages are built,
 * `flags=bilinear`: at an unchanged size that is swscale's quick conversion, which does not interpolate the chroma
 * planes and rounds down. Interpolated chroma and accurate rounding, as in
 * `flags=bicubic+accurate_rnd+full_chroma_int`, differ by 1 to 2.7 of 255 in the mean. Source: decord,
 * src/video/ffmpeg/threaded_decoder.cc and filter_graph.cc, tools/build_manylinux2010.sh.
 * @param stored size of the decoded frame.
 */
export const publishedConversion = ({ width, height }: Size): string =>
  `scale=${width}:${height}:flags=bilinear,format=rgb24`

/** All of the frame in those colours, made smaller where it is asked for in another size. */
export function wholeFrameFilter(stored: Size, output: Size): string {
  const isStored = stored.width === output.width && stored.height === output.height
  return isStored
    ? publishedConversion(stored)
    : `${publishedConversion(stored)},scale=${output.width}:${output.height}:flags=bilinear+accurate_rnd`
}

/**
 * The validation transform as an ffmpeg filter, in bytes.
 *
 * The published transform does not antialias, so it keeps detail (and aliasing) that ffmpeg's bilinear and area scalers
 * smooth away, and ffmpeg's unsmoothed scaler shifts the picture. A Gaussian as narrow as one source pixel's triangle
 * comes close: against the exact transform, 0.6 to 1.0 of 255 mean absolute difference on fractal detail from 320×180
 * to 2560×1440, landscape and portrait, where the bilinear scaler gives up to 1.9. The cost is the same.
 * @param stored size of the decoded frame. @param output size of the model's input.
 */
export function fastTransformFilter(stored: Size, output: Size): string {
  const [across, down] = [stored.width / resized.width, stored.height / resized.height]
  const first = sharpness(across, down)
  const second = sharpness(crop.width / output.width, crop.height / output.height)
  return [
    publishedConversion(stored),
    `scale=${resized.width}:${resized.height}:flags=gauss+accurate_rnd:param0=${first.toFixed(3)}`,
    // Planes are scaled to the same bytes as interleaved pixels, in three quarters of the time.
    'format=gbrp',
    `crop=${crop.width}:${crop.height}:${crop.left}:${crop.top}`,
    `scale=${output.width}:${output.height}:flags=gauss+accurate_rnd:param0=${second.toFixed(3)}`,
    'format=rgb24',
  ].join(',')
}

/**
 * Parameter p of ffmpeg's kernel 2^(−p d²), d in output pixels. A bilinear triangle one source pixel wide has variance
 * 1/6, which is p = 4.3 · ratio²; between 1.2 and 2.5 a softer one measured closer. The bound keeps the kernel from
 * falling between two pixels when the two ratios differ much (portrait videos).
 */
function sharpness(across: number, down: number): number {
  const [x, y] = [Math.max(1, across), Math.max(1, down)]
  const ratio = Math.sqrt(x * y)
  const factor = ratio < 1.2 ? 4.5 : ratio < 2.5 ? 2.5 : 4.3
  return Math.min(factor * x * y, 5 * Math.min(x, y) ** 2)
}
