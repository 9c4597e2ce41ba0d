import type { MapVideos, VideoMap } from '../../../../main/api/index.ts'

/** The map with its numbers unpacked; see `VideoMap` for what they are. */
export interface MapPoints extends Pick<VideoMap, 'id' | 'subject' | 'isCurrent' | 'isFinished' | 'computedAt'> {
  readonly count: number
  readonly principal: Float32Array
  readonly neighbours: Float32Array | null
  readonly video: Int32Array
  readonly start: Float32Array
  readonly end: Float32Array
  readonly row: Int32Array
  readonly videos: MapVideos
}

export function unpackMap(map: VideoMap): MapPoints {
  const { id, subject, isCurrent, isFinished, computedAt, videos } = map
  return {
    ...{ id, subject, isCurrent, isFinished, computedAt, videos },
    count: map.points,
    principal: floats(map.principal),
    neighbours: map.neighbours === null ? null : floats(map.neighbours),
    video: new Int32Array(bytes(map.video)),
    start: floats(map.start),
    end: floats(map.end),
    row: new Int32Array(bytes(map.row)),
  }
}

export const floats = (packed: string): Float32Array => new Float32Array(bytes(packed))

function bytes(packed: string): ArrayBuffer {
  const text = atob(packed)
  const unpacked = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) unpacked[at] = text.charCodeAt(at)
  return unpacked.buffer
}

/** The number of the video that a point belongs to. */
export const videoOf = ({ video, videos }: MapPoints, point: number): number => videos.id[video[point] ?? -1] ?? -1

/** The picture of a point: of the video, or of the middle of the clip. */
export function pictureOf({ subject, video, videos, start, end }: MapPoints, point: number): string {
  const place = video[point] ?? -1
  if (subject === 'videos') return videos.thumbnail[place] ?? ''
  return `frame/${videos.id[place]}/${Math.round(500 * ((start[point] ?? 0) + (end[point] ?? 0)))}`
}
