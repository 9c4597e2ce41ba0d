import { extname, relative } from 'node:path'
import { z } from 'zod'
import { wholeVideo } from '../../../examples/example.ts'
import type { LabelledFolder } from '../../../examples/folder.ts'
import { jsonDocument } from '../../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, splitNamed, splitOfFile, videoName, whatIsWrong } from '../../reading/format.ts'
import type { Format } from '../../reading/format.ts'

/**
 * VIOLIN's `violin_annotation.json` with the names of jimmy646/violin's loader:
 * `{ID: {file, split, sub: [[text, …], …], statement: [[entailed, contradicted], …]}}`. Each statement is a question of
 * its own, whether the video entails it.
 */
const clip = z.object({
  file: videoName,
  split: z.string().optional(),
  sub: z.array(z.tuple([z.string()], z.unknown())).default([]),
  statement: z.array(z.tuple([z.string().trim().min(1), z.string().trim().min(1)])).min(1),
})
const document = z.record(z.string(), z.unknown())

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

async function clipsIn(folder: LabelledFolder, file: string, signal: AbortSignal) {
  const found = document.safeParse(await jsonDocument(await folder.text(file, signal)))
  const clips = Object.entries(found.data ?? {})
  return clips.slice(0, 5).some(([, value]) => clip.safeParse(value).success) ? clips : null
}

export const violinRelease: Format = {
  id: 'violin-release',
  tasks: ['qa-classification'],
  fits: (folder, signal) => anyFits(candidates(folder), file => clipsIn(folder, file, signal)),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const clips = await clipsIn(folder, file, signal)
      if (!clips) continue
      yield* fileNotes(folder, await folder.text(file, signal))
      for (const [id, value] of clips) {
        const source = `${relative(folder.path, file)}: ${id}`
        const { data, error } = clip.safeParse(value)
        if (!data) {
          yield { source, problem: whatIsWrong(error) }
          continue
        }
        const split = (data.split === undefined ? null : splitNamed(data.split)) ?? splitOfFile(folder, file)
        const row = { split, near: nearOf(folder, file) }
        const subtitles = data.sub.map(([text]) => text.trim()).filter(text => text !== '')
        for (const [index, [entailed, contradicted]] of data.statement.entries()) {
          for (const [question, label] of [
            [entailed, 1],
            [contradicted, 0],
          ] as const) {
            yield {
              ...row,
              source: `${source}: statement[${index}][${1 - label}]`,
              content: { type: 'question', video: wholeVideo(data.file), question, subtitles, label },
            }
          }
        }
      }
    }
  },
}
