import { basename } from 'node:path'
import { english } from '../../native-models/english.ts'
import type { Caption } from '../api/library/library.ts'
import type { ElanFile } from '../reading-process/files/elan-file.ts'
import { readApart } from '../reading-process/reading-process.ts'
import { videoKeyOf } from '../training/data/annotation-tools/spans.ts'
import { elanTimes } from '../training/data/formats/tools/elan-times.ts'
import { mediaNames } from '../training/data/formats/tools/elan.ts'

/** A tier of a session as spans of a video. `left`: annotations without text or times, or after the video's end. */
export interface ElanTierSpans {
  readonly name: string
  readonly spans: readonly Caption[]
  readonly left: number
}

export interface ElanSession {
  readonly tiers: readonly ElanTierSpans[]
  /** That the session is about another video; null where it is about this one, or does not say. */
  readonly note: string | null
}

/** A video that a session is read for: its file name, and how long it is in seconds. */
interface SessionVideo {
  readonly name: string
  readonly duration: number
}

/**
 * Reads the tiers of an .eaf file that have annotations, in a process of its own.
 * @throws ExpectedError `annotations-malformed`, `file-too-large`, `file-unreadable`, `not-a-file`, naming the file.
 */
export async function readElanTiers(
  path: string,
  video: SessionVideo,
  signal: AbortSignal | undefined,
): Promise<ElanSession> {
  return elanTiersOf(await readApart('elan', { path }, { file: path, signal }), basename(path), video)
}

/** The tiers of a session, times by the clock of the video. @param file what the session is called. */
export function elanTiersOf(
  session: Pick<ElanFile, 'slots' | 'tiers' | 'types' | 'media'>,
  file: string,
  video: SessionVideo,
): ElanSession {
  const wanted = videoKeyOf(video.name)
  const own = session.media.find(medium => mediaNames(medium).some(name => videoKeyOf(name) === wanted))
  const origin = (own ?? session.media[0])?.origin ?? 0
  const times = elanTimes(session)
  const tiers = session.tiers.flatMap(({ id: name, annotations }): ElanTierSpans[] => {
    if (annotations.length === 0) return []
    const spans = annotations.flatMap(({ id, text }): Caption[] => {
      const at = times.get(id)
      const said = text.replace(/\s+/g, ' ').trim()
      if (!at || said === '') return []
      const [start, end] = at.map(time => Math.max(0, (time + origin) / 1000)) as [number, number]
      return start >= video.duration || end < start ? [] : [{ text: said, start, end: Math.min(end, video.duration) }]
    })
    const sorted = spans.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
    return [{ name, spans: sorted, left: annotations.length - spans.length }]
  })
  const others = session.media.flatMap(medium => mediaNames(medium).slice(0, 1))
  const note =
    own || others.length === 0 ? null : english`${file} is about ${others.join(', ')}, not about ${video.name}.`
  return { tiers, note }
}
