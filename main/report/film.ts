import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { makeProxy, proxyFormat } from '../media/playback/proxy.ts'
import type { SmallCopy } from '../media/playback/proxy.ts'
import type { Film } from './page/report-content.ts'

interface FilmWish {
  readonly path: string
  readonly info: MediaInfo
  /** At most. */
  readonly bytes: number
  /** Where it is made, and removed again. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

/** Sizes of picture by the thousand bits a second from which they look better than a smaller one. */
const ladder = [
  { from: 330, height: 360, rate: 25 },
  { from: 120, height: 240, rate: 15 },
  { from: 50, height: 180, rate: 10 },
  { from: 0, height: 120, rate: 5 },
] as const
/** Thousand bits a second: more shows no better in a small window, less is no picture. */
const kilobits = { most: 700, least: 6 }
/** Sound is kept where picture and sound have so much, and gets this much. */
const sound = { from: 160, kilobits: 48 }
/** Containers and what an encoder goes over its bound. */
const reserve = 0.9
const attempts = 3

/** The best picture that so many bytes hold for a video of this length, in seconds. */
export function qualityFor(bytes: number, { duration, hasAudio }: Pick<MediaInfo, 'duration' | 'hasAudio'>): SmallCopy {
  const all = Math.min(kilobits.most, (reserve * 8 * bytes) / 1000 / Math.max(1, duration))
  const heard = hasAudio && all >= sound.from ? sound.kilobits : 0
  const seen = Math.max(kilobits.least, Math.floor(all - heard))
  const { height, rate } = ladder.find(({ from }) => seen >= from) ?? ladder[3]
  return { height, rate, kilobits: seen, sound: heard }
}

/**
 * The whole video, small enough. An encoder that goes over its bound is asked again for less.
 * @throws ExpectedError `report-too-long`, or as `makeProxy`.
 */
export async function makeFilm({ path, info, bytes, folder, signal, onProgress }: FilmWish): Promise<Film> {
  const format = await proxyFormat()
  const outFile = join(folder, `film.${format}`)
  try {
    let allowed = bytes
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      await makeProxy(path, info, { outFile, small: qualityFor(allowed, info), signal, onProgress })
      const made = await readFile(outFile)
      if (made.length <= bytes) return { format, bytes: made }
      allowed *= (reserve * bytes) / made.length
    }
  } finally {
    await rm(outFile, { force: true })
  }
  throw new ExpectedError(
    'report-too-long',
    `${path} is too long for a report of one small file (${Math.round(info.duration / 60)} min); cut out the part that matters and report on that.`,
  )
}
