import { extname, relative } from 'node:path'
import { z } from 'zod'
import type { Split } from '../../../../api/training/datasets.ts'
import { captionedVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonDocument } from '../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, splitNamed, splitOfFile, videoName, whatIsWrong } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { captionTables, rowsOfFile } from '../table-files/csv.ts'
import { splitsOf, videoLists } from './video-lists.ts'

/**
 * MSR-VTT as published, with the names of ArrowLuo/CLIP4Clip's loader: `{videos: [{video_id, split}], sentences:
 * [{video_id, caption, sen_id}]}`, some 20 captions of each video. Lists beside it (`MSRVTT_train.9k.csv`, a column
 * `video_id`) say which videos are trained on, and tables (`MSRVTT_JSFUSION_test.csv`, `key, vid_key, video_id,
 * sentence`) have the one caption by which each video of their split is judged: the protocol 1k-A.
 */
const document = z.object({ videos: z.array(z.unknown()), sentences: z.array(z.unknown()).min(1) })
const video = z.object({ video_id: videoName, split: z.string().optional() })
const sentence = z.object({ video_id: videoName, caption: z.string() })

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

async function sentencesIn(folder: LabelledFolder, file: string, signal: AbortSignal) {
  const found = document.safeParse(await jsonDocument(await folder.text(file, signal)))
  return found.success && found.data.sentences.slice(0, 5).some(row => sentence.safeParse(row).success)
    ? found.data
    : null
}

export const msrVtt: Format = {
  id: 'msr-vtt',
  tasks: ['retrieval'],
  fits: (folder, signal) => anyFits(candidates(folder), file => sentencesIn(folder, file, signal)),
  async *read(folder, signal) {
    const lists = await videoLists(folder, signal)
    const listed = splitsOf(lists)
    const judged = new Set<Split | null>()
    for (const { text } of lists) yield* fileNotes(folder, text)
    for await (const { file, table } of captionTables(folder, signal)) {
      judged.add(splitOfFile(folder, file))
      yield* rowsOfFile(folder, file, { table, signal })
    }
    for (const file of candidates(folder)) {
      const found = await sentencesIn(folder, file, signal)
      if (!found) continue
      const near = nearOf(folder, file)
      yield* fileNotes(folder, await folder.text(file, signal))
      const splits = new Map<string, Split | null>()
      for (const [index, row] of found.videos.entries()) {
        const { data, error } = video.safeParse(row)
        if (data) splits.set(data.video_id, data.split === undefined ? null : splitNamed(data.split))
        else yield { source: `${relative(folder.path, file)}: videos[${index}]`, problem: whatIsWrong(error) }
      }
      for (const [index, row] of found.sentences.entries()) {
        const source = `${relative(folder.path, file)}: sentences[${index}]`
        const { data, error } = sentence.safeParse(row)
        if (!data) {
          yield { source, problem: whatIsWrong(error) }
          continue
        }
        const { video_id: id, caption } = data
        const split = listed.get(id) ?? splits.get(id) ?? splitOfFile(folder, file)
        if (split !== null && judged.has(split) && !listed.has(id)) {
          yield { source: `${source}: ${id}`, note: byTable }
        } else if (lists.length > 0 && !listed.has(id) && lists.some(list => list.split === split)) {
          yield { source: `${source}: ${id}`, note: notListed }
        } else {
          yield {
            source,
            split,
            near,
            content: captionedVideo(id, caption.trim()),
          }
        }
      }
    }
  },
}

const byTable = {
  kind: 'split',
  sentence: 'The caption is not used: a table beside it has those of its split.',
} as const
const notListed = {
  kind: 'split',
  sentence: 'The caption is not used: its video is in no list of its split.',
} as const
