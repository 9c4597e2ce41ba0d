import type { LocationQuery } from 'vue-router'
import type { RememberedSearch, SimilarQuery } from '../../../../main/api/index.ts'

/** What is searched with in the place of a text: a video, or a file that was brought; a span in seconds. */
export interface Like {
  readonly source: SimilarQuery['source']
  readonly start: number | null
  readonly end: number | null
}

const seconds = (text: unknown) => (typeof text === 'string' && /^\d{1,7}(\.\d+)?$/.test(text) ? Number(text) : null)

/** `like=video.12&from=3.5&to=8`, or `like=upload.…`; null for a search by text. */
export function likeOfAddress(query: LocationQuery): Like | null {
  const [, kind, id = ''] = /^(video|upload)\.([\w-]{1,64})$/.exec(String(query.like ?? '')) ?? []
  const span = { start: seconds(query.from), end: seconds(query.to) }
  if (kind === 'upload') return { source: { kind, upload: id }, ...span }
  return kind === 'video' && /^\d+$/.test(id) ? { source: { kind, videoId: Number(id) }, ...span } : null
}

export function addressOfLike({ source, start, end }: Like): LocationQuery {
  const digits = (value: number) => String(Math.round(100 * value) / 100)
  return {
    like: source.kind === 'video' ? `video.${source.videoId}` : `upload.${source.upload}`,
    ...(start === null ? {} : { from: digits(start) }),
    ...(end === null ? {} : { to: digits(end) }),
  }
}

/** As it is remembered: null for a file that was brought, which has no name to find it by again. */
export function rememberedLike({ source, start, end }: Like): RememberedSearch['like'] {
  return source.kind === 'video' ? { videoId: source.videoId, start, end } : null
}
