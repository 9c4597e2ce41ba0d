import { english } from '../../../native-models/english.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import type { FrameVariant } from '../../api/evaluation/evaluation.ts'
import type { SegmentFrames } from '../../models/encoders/encoder.ts'

interface Sampled {
  /** [count, height, width, 3]. */
  readonly frames: SegmentFrames
  readonly count: number
}

/**
 * The same frames in another order: from the last to the first, in an order drawn from a seed, or the one in the middle
 * as often as there were frames.
 * @param draw the seed, and what the video is known by: each video has an order of its own.
 */
export function changedFrames(
  { frames: { data, dtype }, count }: Sampled,
  variant: FrameVariant,
  draw: { readonly seed: number; readonly video: string },
): SegmentFrames {
  const order = frameOrder(variant, count, draw)
  const length = data.length / count
  const changed = data.slice()
  for (const [place, frame] of order.entries()) {
    changed.set(data.subarray(frame * length, (frame + 1) * length), place * length)
  }
  return { data: changed, dtype } as SegmentFrames
}

/** Of each place, the frame that comes there. */
function frameOrder(
  variant: FrameVariant,
  count: number,
  { seed, video }: { readonly seed: number; readonly video: string },
): number[] {
  const places = Array.from({ length: count }, (_, place) => place)
  switch (variant) {
    case 'reversed':
      return places.toReversed()
    case 'shuffled':
      return seededRandom(seed, english`time probe`, video).shuffled(places)
    case 'repeated':
      return places.map(() => Math.floor(count / 2))
    default:
      return variant satisfies never
  }
}
