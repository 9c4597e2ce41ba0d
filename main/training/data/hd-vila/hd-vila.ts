import { createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { assertFree, writeOutput } from '../../../storage/files/output-path.ts'
import { givenLines } from '../files/lines.ts'
import { ClipTexts } from './clip-texts.ts'

/**
 * A line of HD-VILA-100M's metadata: a video and its clips, `ID.NUMBER.mp4`; some versions have the text of a clip
 * beside it.
 */
const metadataLine = z.object({
  video_id: z.string(),
  clip: z.array(z.object({ clip_id: z.string(), text: z.string().nullish(), caption: z.string().nullish() })),
})

/** Consecutive clips that one long video has at least (LF-VILA, README). */
const fewestClips = 4

export interface LongVideosInput {
  readonly metadata: readonly string[]
  /** Files that give the text of clips; see {@link ClipTexts}. */
  readonly texts: readonly string[]
  readonly out: string
  readonly overwrite: boolean
}

export interface LongVideoCounts {
  readonly videos: number
  readonly clips: number
  readonly longVideos: number
  readonly keptClips: number
  /** Clips that were left out because nothing says what is said in them. */
  readonly withoutText: number
  /** Lines that are no metadata. */
  readonly unreadable: number
}

interface LongVideosOptions {
  readonly signal: AbortSignal
  readonly onProgress: (videos: number, file: string) => void
}

type Writable = { -readonly [Count in keyof LongVideoCounts]: number }

interface Clip {
  readonly clip_id: string
  readonly text: string
}

/**
 * Makes the rows that LF-VILA is pre-trained on from the metadata of HD-VILA-100M, as LF-VILA-8M was made: every run of
 * at least four consecutive clips of a video is a line, the list of its `{clip_id, text}`. A clip that is missing, or
 * has no text, ends a run. Files of any length are read a line at a time; the result appears whole.
 * @throws ExpectedError when a file cannot be read or written, or there is no long video in them.
 */
export async function writeLongVideos(
  input: LongVideosInput,
  { signal, onProgress }: LongVideosOptions,
): Promise<LongVideoCounts> {
  const place = { path: input.out, mark: null, overwrite: input.overwrite }
  await assertFree(place)
  const counts: Writable = { videos: 0, clips: 0, longVideos: 0, keptClips: 0, withoutText: 0, unreadable: 0 }
  await writeOutput(place, async path => {
    const texts = await ClipTexts.read(input.texts, `${path}.texts`, {
      signal,
      onFile: file => onProgress(0, basename(file)),
    })
    try {
      await pipeline(rows(input, { texts, counts, signal, onProgress }), createWriteStream(path, { flush: true }), {
        signal,
      })
    } finally {
      await texts.close()
    }
    if (counts.longVideos === 0) {
      throw new ExpectedError(
        'no-long-videos',
        `There is no run of ${fewestClips} consecutive clips with text in the metadata: ${counts.videos} videos were read, ${counts.withoutText} of their ${counts.clips} clips have no text${input.texts.length === 0 ? '; give the files that have it with --texts' : ''}.`,
      )
    }
  })
  return counts
}

/** The lines to write, counted as they are made. */
async function* rows(
  { metadata }: LongVideosInput,
  {
    texts,
    counts,
    signal,
    onProgress,
  }: {
    readonly texts: ClipTexts
    readonly counts: Writable
    readonly signal: AbortSignal
    readonly onProgress: LongVideosOptions['onProgress']
  },
): AsyncGenerator<string> {
  for (const file of metadata) {
    for await (const { value } of givenLines(file, signal)) {
      const line = metadataLine.safeParse(value)
      if (!line.success) {
        counts.unreadable += 1
        continue
      }
      const { clip: clips } = line.data
      const told = clips.flatMap(({ clip_id, text, caption }) => {
        const said = (text ?? caption ?? texts.of(clip_id) ?? '').trim()
        return said === '' ? [] : [{ clip_id, text: said }]
      })
      counts.videos += 1
      counts.clips += clips.length
      counts.withoutText += clips.length - told.length
      if (counts.videos % 1000 === 1) onProgress(counts.videos, basename(file))
      for (const run of consecutive(told)) {
        counts.longVideos += 1
        counts.keptClips += run.length
        yield `${JSON.stringify(run)}\n`
      }
    }
  }
}

/** Runs of clips whose numbers follow each other, the long ones. */
function consecutive(clips: readonly Clip[]): Clip[][] {
  const numbered = clips
    .flatMap(clip => {
      const number = /\.(\d+)\.[^.]+$/.exec(clip.clip_id)?.[1]
      return number === undefined ? [] : [{ clip, number: Number(number) }]
    })
    .sort((a, b) => a.number - b.number)
  const runs: Clip[][] = []
  let last = Number.NaN
  for (const { clip, number } of numbered) {
    if (number === last + 1) runs.at(-1)?.push(clip)
    else if (number !== last) runs.push([clip])
    last = number
  }
  return runs.filter(run => run.length >= fewestClips)
}
