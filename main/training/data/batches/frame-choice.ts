import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import { overviewIndices } from '../../../media/sampling/sampling.ts'

/**
 * Frame indices of the published training protocol: start and end are drawn from the first and last of N − 1 intervals
 * of the video, with N indices spread evenly between them (REFERENCE §6).
 * @param frameCount frames of the video; one shorter than N repeats frames.
 */
export function trainingIndices(frameCount: number, frames: number, draw: Random): number[] {
  const interval = frames > 1 ? Math.floor(frameCount / (frames - 1)) : 0
  const start = Math.min(draw.below(interval + 1), frameCount - 1)
  const end = Math.min(frameCount - 1, Math.max(start, frameCount - 1 - interval + draw.below(interval + 1)))
  return spread(start, end, frames)
}

/** `numpy.linspace(start, end, count).astype(int)`. */
export function spread(start: number, end: number, count: number): number[] {
  const step = count > 1 ? (end - start) / (count - 1) : 0
  return Array.from({ length: count }, (_, index) =>
    index === count - 1 && count > 1 ? end : Math.floor(start + index * step),
  )
}

/** Indices for evaluation: over the whole video. */
export const evaluationIndices = overviewIndices

/** Frames of one clip of a pre-training example: at the beginnings of equal parts (REFERENCE §6). */
export function clipIndices(frameCount: number, frames: number): number[] {
  return Array.from({ length: frames }, (_, index) => Math.floor((index * frameCount) / frames))
}

/**
 * Which consecutive clips of a long video make one example. In training the published code never draws the last
 * possible start; for evaluation it takes the first clips.
 */
export function firstClip(clips: number, wanted: number, draw: Random | null): number {
  return draw === null || clips <= wanted ? 0 : draw.below(clips - wanted)
}

/**
 * The part of the frame that training sees: torchvision's RandomResizedCrop, scale 0.8–1, ratio 3:4 to 4:3, mirrored
 * half the time (REFERENCE §6). Fractions of the frame.
 */
export function randomRegion(
  { width, height }: { readonly width: number; readonly height: number },
  draw: Random,
): { left: number; top: number; width: number; height: number; flip: boolean } {
  const flip = draw.next() < 0.5
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * draw.between(0.8, 1)
    const ratio = Math.exp(draw.between(Math.log(3 / 4), Math.log(4 / 3)))
    const [w, h] = [Math.round(Math.sqrt(area * ratio)), Math.round(Math.sqrt(area / ratio))]
    if (w > 0 && w <= width && h > 0 && h <= height) {
      return {
        left: draw.below(width - w + 1) / width,
        top: draw.below(height - h + 1) / height,
        width: w / width,
        height: h / height,
        flip,
      }
    }
  }
  // No such part fits, as in wide pictures: the middle, at the nearest ratio.
  const ratio = Math.min(4 / 3, Math.max(3 / 4, width / height))
  const [w, h] = width / height > ratio ? [Math.round(height * ratio), height] : [width, Math.round(width / ratio)]
  return { left: (width - w) / 2 / width, top: (height - h) / 2 / height, width: w / width, height: h / height, flip }
}
