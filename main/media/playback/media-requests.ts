import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { FrameCache, ShownVideo } from './frame-cache.ts'
import { openRange } from './playback.ts'

/** An answer as HTTP has it; the `media:` protocol and the server send it as it is. */
export interface MediaResponse {
  status: number
  headers: Record<string, string>
  body: NodeJS.ReadableStream | Uint8Array | null
}

export interface MediaSource {
  frames: FrameCache
  /**
   * The video with this id if it is known and was probed. Nothing else can be asked for: no path ever comes from
   * outside.
   */
  video(id: number): ShownVideo | null
  /** The playable copy, when there is one. */
  proxy(video: ShownVideo): string | null
}

const route = /^(thumbnail|frame|video)\/(\d{1,15})(?:\/(\d{1,12}))?$/

/** Answers `thumbnail/ID`, `frame/ID/MILLISECONDS` and `video/ID` (with ranges); see `api/media.ts`. */
export async function serveMedia(source: MediaSource, path: string, range: string | null): Promise<MediaResponse> {
  const [, kind, id, milliseconds] = route.exec(path.split('?')[0] ?? '') ?? []
  const video = id === undefined ? null : source.video(Number(id))
  if (!video) return refusal(404, `There is no ${path} here: the video is not in the library any more.`)
  try {
    switch (kind) {
      case 'thumbnail':
        return picture(await source.frames.thumbnail(video))
      case 'frame':
        return milliseconds === undefined
          ? refusal(404, 'A frame is asked for by its time.')
          : picture(await source.frames.frame(video, Number(milliseconds)))
      default: {
        const { status, headers, stream } = await openRange(source.proxy(video) ?? video.path, range)
        return { status, headers: { ...headers }, body: stream }
      }
    }
  } catch (error) {
    if (error instanceof ExpectedError) return refusal(error.code === 'video-missing' ? 404 : 500, error.message)
    throw error
  }
}

function picture(jpeg: Uint8Array): MediaResponse {
  return {
    status: 200,
    headers: {
      'Content-Type': 'image/jpeg',
      'Content-Length': String(jpeg.byteLength),
      'Cache-Control': 'private, max-age=86400',
    },
    body: jpeg,
  }
}

function refusal(status: number, sentence: string): MediaResponse {
  const body = new TextEncoder().encode(sentence)
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(body.byteLength) },
    body,
  }
}
