import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { LabelledFolder } from '../folder.ts'
import { wholeVideo } from '../example.ts'
import { splitOfFile, whatIsWrong } from './format.ts'
import type { Format } from './format.ts'

/** ActivityNet Captions as published: `{"v_…": {duration, timestamps: [[start, end], …], sentences: […]}, …}`. */
const entry = z.object({
  duration: z.number().positive().nullish(),
  timestamps: z.array(z.tuple([z.number(), z.number()])),
  sentences: z.array(z.string()),
}).refine(({ timestamps, sentences }) => timestamps.length === sentences.length, { path: ['timestamps'], message: 'each sentence needs one' })
const file = z.record(z.string(), z.unknown())

/** The real files have 10–20 MB. */
const largestFile = 512 * 1024 * 1024

async function videosIn(annotations: string): Promise<[string, unknown][] | null> {
  if ((await stat(annotations)).size > largestFile) return null
  try {
    const videos = file.safeParse(JSON.parse(await readFile(annotations, 'utf8')))
    return videos.success ? Object.entries(videos.data) : null
  } catch {
    return null
  }
}

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => path.extname(name).toLowerCase() === '.json')

export const activityNetCaptions: Format = {
  id: 'activitynet-captions', tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  async fits(folder, signal) {
    for (const annotations of candidates(folder)) {
      signal.throwIfAborted()
      if ((await videosIn(annotations))?.slice(0, 5).some(([, value]) => entry.safeParse(value).success)) return true
    }
    return false
  },
  async * read(folder, signal) {
    for (const annotations of candidates(folder)) {
      signal.throwIfAborted()
      const videos = await videosIn(annotations) ?? []
      if (!videos.slice(0, 5).some(([, value]) => entry.safeParse(value).success)) continue
      const split = splitOfFile(folder, annotations)
      for (const [name, value] of videos) {
        const source = `${path.relative(folder.path, annotations)}: ${name}`
        const video = entry.safeParse(value)
        if (!video.success) {
          yield { source, problem: whatIsWrong(video.error) }
          continue
        }
        const sentences = video.data.sentences.flatMap((sentence, index) => {
          const [start, end] = video.data.timestamps[index] ?? [null, null]
          return sentence.trim() === '' ? [] : [{ text: sentence.trim(), start, end }]
        })
        yield { source, split, content: { type: 'paragraph', video: wholeVideo(name), sentences } }
      }
    }
  },
}
