import type { MediaInfo } from '../media-info.ts'
import { decodeFrames } from '../sampling/decode.ts'
import type { Picture } from '../sampling/frame-process.ts'
import { framesOnScreen } from '../sampling/sampling.ts'
import { readTimeline } from '../timeline/timeline.ts'

export interface ThumbnailOptions {
  /** Pixels; the width follows from the displayed shape. 180 by default. */
  readonly height?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface ThumbnailAtTime extends ThumbnailOptions {
  /** Seconds from the video's beginning. */
  readonly time: number
}

/**
 * One frame as a JPEG, upright and in its displayed shape.
 * @throws ExpectedError `video-undecodable`.
 */
export async function thumbnail(path: string, info: MediaInfo, { time, ...options }: ThumbnailAtTime): Promise<Buffer> {
  const [picture] = await frameStrip(path, info, { times: [time], ...options })
  if (!picture) throw new Error('a frame strip of one time has one frame')
  return picture
}

interface StripAtTimes extends ThumbnailOptions {
  /** Seconds from the video's beginning, in any order, repeats allowed. */
  readonly times: readonly number[]
}

/**
 * The frames on screen at the given times, one JPEG each, in the order asked, from one sampling of the video.
 * @throws ExpectedError `video-undecodable` when not one frame can be decoded.
 */
export async function frameStrip(
  path: string,
  info: MediaInfo,
  { times, ...options }: StripAtTimes,
): Promise<Buffer[]> {
  if (times.length === 0) return []
  const { height = 180, signal } = options
  const timeline = await readTimeline(path, info, { times, signal })
  const pictures = new Map<number, Buffer>()
  await decodeFrames(path, info, {
    timeline,
    times,
    picture: jpeg(info, height),
    deliver: (wanted, _time, bytes) => {
      pictures.set(wanted.time, bytes)
    },
    signal,
  })
  return framesOnScreen(timeline, times).map(frame => {
    const picture = pictures.get(frame.time)
    if (!picture) throw new Error(`no picture was delivered for ${frame.time} s`)
    return picture
  })
}

function jpeg(info: MediaInfo, height: number): Picture {
  const width = Math.max(2, Math.round((height * info.width) / info.height / 2) * 2)
  return { kind: 'jpeg', quality: 4, filter: `scale=${width}:${height}:flags=area,format=yuvj420p` }
}
