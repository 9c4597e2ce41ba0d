import { relative } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../../../native-models/english.ts'
import { wholeVideo } from '../../../examples/example.ts'
import type { LabelledFolder } from '../../../examples/folder.ts'
import { jsonList } from '../../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile, videoName, whatIsWrong } from '../../reading/format.ts'
import type { Format } from '../../reading/format.ts'

/**
 * ActivityNet-QA as published (github.com/MILVLG/activitynet-qa): lists `train_q.json` of `{video_name, question,
 * question_id}` and `train_a.json` of `{question_id, answer, type}`. The answers are texts, each a class.
 */
const question = z.object({ video_name: videoName, question: z.string().trim().min(1), question_id: videoName })
const answer = z.object({ question_id: videoName, answer: z.string().trim().min(1) })
const questionsFile = /_q\.json$/i

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => questionsFile.test(name))

async function listOf(folder: LabelledFolder, file: string, signal: AbortSignal) {
  return (await jsonList(await folder.text(file, signal))) ?? []
}

export const activityNetQaPair: Format = {
  id: 'activitynet-qa-pair',
  tasks: ['qa-classification'],
  fits: (folder, signal) =>
    anyFits(candidates(folder), async file => {
      const rows = await listOf(folder, file, signal)
      return rows.slice(0, 5).some(({ value }) => question.safeParse(value).success)
    }),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const answersFile = file.replace(questionsFile, '_a.json')
      const answers = new Map<string, string>()
      yield* fileNotes(folder, await folder.text(file, signal))
      if (folder.annotations.includes(answersFile)) {
        yield* fileNotes(folder, await folder.text(answersFile, signal))
        for (const { line, value, problem } of await listOf(folder, answersFile, signal)) {
          const given = answer.safeParse(value)
          if (given.success) answers.set(given.data.question_id, given.data.answer)
          else yield { source: sourceOf(folder, answersFile, line), problem: problem ?? whatIsWrong(given.error) }
        }
      }
      for (const { line, value, problem } of await listOf(folder, file, signal)) {
        const source = sourceOf(folder, file, line)
        const { data, error } = question.safeParse(value)
        const label = data && answers.get(data.question_id)
        if (!data) {
          yield { source, problem: problem ?? whatIsWrong(error) }
        } else if (label === undefined) {
          yield { source, problem: english`has no answer in ${relative(folder.path, answersFile)}` }
        } else {
          const { video_name: name, question: asked } = data
          yield {
            source,
            split: splitOfFile(folder, file),
            near: nearOf(folder, file),
            content: { type: 'question', video: wholeVideo(name), question: asked, subtitles: [], label },
          }
        }
      }
    }
  },
}
