import { extname } from 'node:path'
import { z } from 'zod'
import type { Row, TimedSentence } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonList } from '../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile, videoName, whatIsWrong } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'

/**
 * DiDeMo as published (github.com/LisaAnne/LocalizingMoments): a list of `{video, description, times: [[first, last],
 * …], num_segments}`, where each of some people says in which segments of five seconds it is, from 0. For retrieval the
 * descriptions of a video are one paragraph in the order of the file, and of a video no more counts than the 30 seconds
 * that were shown, as in ArrowLuo/CLIP4Clip. A description has the time that most people gave, if two agree.
 */
const row = z.object({
  video: videoName,
  description: z.string(),
  times: z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)])).min(1),
  num_segments: z.number().int().min(1).nullish(),
})
const segmentSeconds = 5
/** Longer videos were cut to this many segments before people saw them. */
const mostSegments = 6

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

async function rowsIn(folder: LabelledFolder, file: string, signal: AbortSignal) {
  const rows = await jsonList(await folder.text(file, signal))
  return rows?.slice(0, 5).some(({ value }) => row.safeParse(value).success) ? rows : null
}

export const didemo: Format = {
  id: 'didemo',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  fits: (folder, signal) => anyFits(candidates(folder), file => rowsIn(folder, file, signal)),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const rows = await rowsIn(folder, file, signal)
      if (!rows) continue
      yield* fileNotes(folder, await folder.text(file, signal))
      const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      const paragraphs = new Map<string, { first: Omit<Row, 'content'>; long: boolean; sentences: TimedSentence[] }>()
      for (const { line, value, problem } of rows) {
        const source = sourceOf(folder, file, line)
        const { data, error } = row.safeParse(value)
        if (!data) {
          yield { source, problem: problem ?? whatIsWrong(error) }
          continue
        }
        const { video, description, times, num_segments: segments } = data
        const paragraph = paragraphs.get(video) ?? { first: { source, split, near }, long: false, sentences: [] }
        if (description.trim() !== '') paragraph.sentences.push({ text: description.trim(), ...agreed(times) })
        paragraphs.set(video, { ...paragraph, long: paragraph.long || (segments ?? 0) >= mostSegments })
      }
      for (const [name, { first, long, sentences }] of paragraphs) {
        const shown = long ? { start: 0, end: mostSegments * segmentSeconds } : { start: null, end: null }
        yield { ...first, content: { type: 'paragraph', video: { name, ...shown }, sentences } }
      }
    }
  },
}

/** Seconds of the segments that most people gave; null where no two agree. */
function agreed(times: readonly (readonly [number, number])[]): Pick<TimedSentence, 'start' | 'end'> {
  const counts = new Map<string, { time: readonly [number, number]; count: number }>()
  for (const time of times) {
    counts.set(time.join(), { time, count: (counts.get(time.join())?.count ?? 0) + 1 })
  }
  const [best, next] = [...counts.values()].sort((a, b) => b.count - a.count)
  if (!best || best.count === next?.count || (best.count === 1 && times.length > 1)) return { start: null, end: null }
  const [first, last] = best.time
  return { start: first * segmentSeconds, end: (last + 1) * segmentSeconds }
}
