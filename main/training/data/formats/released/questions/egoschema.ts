import { basename, extname, relative } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../../../native-models/english.ts'
import { wholeVideo } from '../../../examples/example.ts'
import type { LabelledFolder } from '../../../examples/folder.ts'
import { jsonDocument, jsonList } from '../../../files/json-document.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile, videoName, whatIsWrong } from '../../reading/format.ts'
import type { Format } from '../../reading/format.ts'

/**
 * EgoSchema as published (github.com/egoschema/EgoSchema): `questions.json` is a list of `{q_uid, question, "option 0",
 * …, "option 4"}` and `subset_answers.json` gives the right options of some of them, `{q_uid: 0…4}`. The video is named
 * for its question. The questions without a public answer are counted; a `truth` of the row itself is an answer too.
 * It has no training set: where no name of a file or folder speaks of a split, all of it is evaluated.
 */
const question = z.object({ q_uid: videoName, question: z.string().trim().min(1), truth: z.number().nullish() })
const isQuestion = z.object({ q_uid: videoName, 'option 0': z.string() })
const right = z.number().int().min(0)
const answers = z.record(z.string(), z.unknown())

const testSet = english`EgoSchema has no training set, and its public answers are everybody’s test set: all of them are evaluated. Draw the splits with a seed to train on some.`

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')

/** The answers that lie beside the questions, by question, with the file of each. */
async function publicAnswers(folder: LabelledFolder, signal: AbortSignal) {
  const found = new Map<string, { answer: unknown; file: string }>()
  for (const file of candidates(folder).filter(name => /answer/i.test(basename(name)))) {
    const given = answers.safeParse(await jsonDocument(await folder.text(file, signal)))
    for (const [id, answer] of Object.entries(given.data ?? {})) found.set(id, { answer, file })
  }
  return found
}

async function questionsIn(folder: LabelledFolder, file: string, signal: AbortSignal) {
  const rows = await jsonList(await folder.text(file, signal))
  return rows?.slice(0, 5).some(({ value }) => isQuestion.safeParse(value).success) ? rows : null
}

export const egoSchema: Format = {
  id: 'egoschema',
  tasks: ['qa-multichoice'],
  fits: (folder, signal) => anyFits(candidates(folder), file => questionsIn(folder, file, signal)),
  async *read(folder, signal) {
    const known = await publicAnswers(folder, signal)
    for (const file of candidates(folder)) {
      const rows = await questionsIn(folder, file, signal)
      if (!rows) continue
      const [stated, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      const split = stated ?? 'test'
      yield* fileNotes(folder, await folder.text(file, signal))
      if (stated === null) yield { source: relative(folder.path, file), note: { kind: 'split', sentence: testSet } }
      for (const { line, value, problem } of rows) {
        const source = sourceOf(folder, file, line)
        const row = question.safeParse(value)
        if (problem !== null) {
          yield { source, problem }
          continue
        }
        if (!row.success) {
          yield { source, problem: whatIsWrong(row.error) }
          continue
        }
        const { q_uid: id, truth } = row.data
        const options = optionsOf(value)
        const answer = known.get(id)
        const label = right.safeParse(answer?.answer ?? truth)
        if (answer === undefined && truth === undefined) {
          yield { source, problem: english`has no public answer` }
        } else if (options === null) {
          yield {
            source,
            problem: english`has a wrong or missing field ‘option 0’, ‘option 1’, …: each is a text, from 0 on`,
          }
        } else if (!label.success || label.data >= options.length) {
          const where = answer === undefined ? '' : ` of ${relative(folder.path, answer.file)}`
          yield {
            source: `${source}: ${id}: ${JSON.stringify(answer?.answer ?? truth)}`,
            problem: english`has an answer${where} that is none of its options 0 to ${options.length - 1}`,
          }
        } else {
          yield {
            source,
            split,
            near,
            content: {
              type: 'choices',
              video: wholeVideo(id),
              question: row.data.question,
              answers: options,
              subtitles: [],
              label: label.data,
              span: null,
            },
          }
        }
      }
    }
  },
}

/** Every option in its place; null where one is missing or empty. */
function optionsOf(value: unknown): string[] | null {
  const fields = new Map(Object.entries(answers.parse(value)))
  const numbers = [...fields.keys()].flatMap(name => /^option (\d)$/.exec(name)?.[1] ?? []).map(Number)
  const options = Array.from({ length: Math.max(-1, ...numbers) + 1 }, (_, number) => {
    const text = fields.get(english`option ${number}`)
    return typeof text === 'string' ? text.trim() : ''
  })
  return options.length >= 2 && options.every(text => text !== '') ? options : null
}
