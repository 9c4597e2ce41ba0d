import { av1Pictures } from './av1-sequence.ts'
import { h264Pictures } from './h264-parameters.ts'
import { h265Pictures } from './h265-parameters.ts'
import { vp8Size, vp9Size } from './vp-frames.ts'
import type { PictureSize } from './vp-frames.ts'

/** What a container holds of a stream: the configuration of its decoder, and its first packet or the head of it. */
export interface CodedStream {
  readonly configuration: Buffer | undefined
  readonly first: Buffer
}

/**
 * The size of a stream's pictures where these are of the usual kind: whole frames of eight bits a sample, colours at
 * half the resolution (`yuv420p` for ffmpeg), pixels that are square as far as the stream says. Undefined for others.
 * @throws RangeError where the configuration ends early.
 */
export function usualSize(codec: string, { configuration, first }: CodedStream): PictureSize | undefined {
  if (codec === 'vp8') return vp8Size(first)
  if (codec === 'vp9') return vp9Size(first)
  if (!configuration) return undefined
  if (codec === 'av1') {
    const pictures = av1Pictures(configuration)
    return pictures?.isYuv420 ? pictures : undefined
  }
  const pictures = codec === 'h264' ? h264Pictures(configuration) : h265Pictures(configuration)
  const isUsual = pictures?.isYuv420 && pictures.isProgressive && pictures.isSquare && !pictures.isFullRange
  return isUsual ? pictures : undefined
}
