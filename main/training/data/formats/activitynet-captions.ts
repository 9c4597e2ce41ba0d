import { stat } from 'node:fs/promises'
import { extname, relative } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../native-models/english.ts'
import { wholeVideo } from '../examples/example.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import { parseJson } from '../files/lines.ts'
import { fileNotes, groupField, nearOf, splitOfFile, whatIsWrong } from './reading/format.ts'
import type { Format } from './reading/format.ts'

/**
 * ActivityNet Captions as published: `{"v_…": {duration, timestamps: [[start, end], …], sentences: […]}, …}`; with a
 * `group` where rows have one.
 */
const entry = z
  .object({
    duration: z.number().positive().nullish(),
    timestamps: z.array(z.tuple([z.number(), z.number()])),
    sentences: z.array(z.string()),
  })
  .refine(({ timestamps, sentences }) => timestamps.length === sentences.length, {
    path: ['timestamps'],
    message: english`each sentence needs one`,
  })
const file = z.record(z.string(), z.unknown())

/** The real files have 10–20 MB. */
const largestFile = 512 * 1024 * 1024

async function videosIn(
  folder: LabelledFolder,
  annotations: string,
  signal: AbortSignal,
): Promise<[string, unknown][] | null> {
  if ((await stat(annotations)).size > largestFile) return null
  let text = ''
  try {
    for await (const chunk of (await folder.text(annotations, signal)).chunks()) text += chunk
    const videos = file.safeParse(parseJson(text).value)
    return videos.success ? Object.entries(videos.data) : null
  } catch {
    signal.throwIfAborted()
    return null
  }
}

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

export const activityNetCaptions: Format = {
  id: 'activitynet-captions',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  async fits(folder, signal) {
    for (const annotations of candidates(folder)) {
      signal.throwIfAborted()
      if (
        (await videosIn(folder, annotations, signal))?.slice(0, 5).some(([, value]) => entry.safeParse(value).success)
      ) {
        return true
      }
    }
    return false
  },
  async *read(folder, signal) {
    for (const annotations of candidates(folder)) {
      signal.throwIfAborted()
      const videos = (await videosIn(folder, annotations, signal)) ?? []
      if (!videos.slice(0, 5).some(([, value]) => entry.safeParse(value).success)) continue
      const [split, near] = [splitOfFile(folder, annotations), nearOf(folder, annotations)]
      yield* fileNotes(folder, await folder.text(annotations, signal))
      for (const [name, value] of videos) {
        const source = `${relative(folder.path, annotations)}: ${name}`
        const video = entry.safeParse(value)
        if (!video.success) {
          yield { source, problem: whatIsWrong(video.error) }
          continue
        }
        const sentences = video.data.sentences.flatMap((sentence, index) => {
          const [start, end] = video.data.timestamps[index] ?? [null, null]
          return sentence.trim() === '' ? [] : [{ text: sentence.trim(), start, end }]
        })
        yield {
          source,
          split,
          near,
          content: { type: 'paragraph', video: wholeVideo(name), sentences },
          ...groupField(value),
        }
      }
    }
  },
}
