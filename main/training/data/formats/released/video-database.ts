import { extname, relative } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonDocument } from '../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, splitNamed, splitOfFile, whatIsWrong } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'

/**
 * `{database: {ID: {duration, subset, annotations: [{segment: [start, end], label | sentence}]}}}` as ActivityNet,
 * YouCook2 and COIN have it (COIN's is `annotation`, with the video's own `class` and `recipe_type`). YouCook2's
 * sentences and COIN's steps are paragraphs with times; COIN's `recipe_type`, and the one label of an ActivityNet
 * video, its class.
 */
const document = z.object({ database: z.record(z.string(), z.unknown()) })
const annotation = z.object({
  segment: z.tuple([z.number(), z.number()]),
  label: z.string().trim().min(1).optional(),
  sentence: z.string().trim().min(1).optional(),
})
const entry = z
  .object({
    subset: z.string().optional(),
    annotations: z.array(annotation).optional(),
    annotation: z.array(annotation).optional(),
    class: z.string().trim().min(1).optional(),
    recipe_type: z.union([z.number().int().min(0), z.string().trim().min(1)]).optional(),
  })
  .transform(({ annotations, annotation: steps, ...rest }) => ({ ...rest, parts: annotations ?? steps ?? [] }))

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

async function databaseIn(folder: LabelledFolder, file: string, signal: AbortSignal) {
  const found = document.safeParse(await jsonDocument(await folder.text(file, signal)))
  return found.success ? found.data.database : null
}

export const videoDatabase: Format = {
  id: 'video-database',
  tasks: ['video-classification', 'retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  fits: (folder, signal) => anyFits(candidates(folder), file => databaseIn(folder, file, signal)),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const database = await databaseIn(folder, file, signal)
      if (!database) continue
      yield* fileNotes(folder, await folder.text(file, signal))
      for (const [name, value] of Object.entries(database)) {
        const source = `${relative(folder.path, file)}: ${name}`
        const { data, error } = entry.safeParse(value)
        if (!data) {
          yield { source, problem: whatIsWrong(error) }
          continue
        }
        const { subset, parts, class: named, recipe_type: type } = data
        const split = (subset === undefined ? null : splitNamed(subset)) ?? splitOfFile(folder, file)
        const row = { source, split, near: nearOf(folder, file) }
        const video = wholeVideo(name)
        const areTold = parts.some(({ sentence }) => sentence !== undefined)
        const sentences = parts.flatMap(({ segment: [start, end], label, sentence }) => {
          const text = sentence ?? label
          return text === undefined ? [] : [{ text, start, end }]
        })
        const labels = new Set(parts.flatMap(({ label }) => label ?? []))
        const [label, ...more] = areTold ? [] : named !== undefined ? [type ?? named] : [...labels]
        if (sentences.length === 0 && label === undefined) {
          yield { source, problem: english`has no annotations, as the videos of a test set` }
        } else if (more.length > 0) {
          yield { source, problem: english`has several labels, and none that is of the whole video` }
        }
        if (label !== undefined && more.length === 0) yield { ...row, content: { type: 'class', video, label } }
        if (sentences.length > 0 && (areTold || named !== undefined)) {
          const inOrder = sentences.toSorted((a, b) => a.start - b.start)
          yield { ...row, content: { type: 'paragraph', video, sentences: inOrder } }
        }
      }
    }
  },
}
