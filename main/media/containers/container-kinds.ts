import type { MediaInfo } from '../media-info.ts'

export function isMatroska({ container }: Pick<MediaInfo, 'container'>): boolean {
  return container.split(',').includes('matroska')
}

/** MP4 and QuickTime. */
export function isIsoFile({ container }: Pick<MediaInfo, 'container'>): boolean {
  return container.split(',').includes('mp4')
}

const rawStreams = new Set(['mpegvideo', 'h264', 'hevc', 'm4v', 'h263', 'vc1', 'obu', 'mjpeg'])

/** A stream of a codec without a container, which has no clock. */
export function isRawStream({ container }: Pick<MediaInfo, 'container'>): boolean {
  return rawStreams.has(container)
}
