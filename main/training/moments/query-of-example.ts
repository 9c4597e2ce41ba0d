import type { Example } from '../data/examples/example.ts'
import type { MomentQuery } from './moment-query.ts'

/** Whole microseconds: times that were moved to the long video and back are the published ones again. */
const microseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

/** The query of a row of moments, with times of the named part; null for another row. */
export function queryOf({ content }: Example): MomentQuery | null {
  if (content.type !== 'moments') return null
  const { qid, query, vid, duration, saliency, video, windows } = content
  const begin = video.start ?? 0
  return {
    qid,
    query,
    vid,
    duration,
    saliency,
    windows:
      begin === 0
        ? windows
        : windows.map(([start, end]) => [microseconds(start - begin), microseconds(end - begin)] as const),
  }
}

/** Whether what is predicted for a query can be scored: its windows are public. */
export function isScored({ content }: Example): boolean {
  return content.type !== 'moments' || content.windows.length > 0
}
