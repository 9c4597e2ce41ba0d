import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { split } from '../../../api/training/datasets.ts'
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts'
import type { Example } from '../../data/examples/example.ts'

/**
 * The rows that a run is made from, as they were when it began: it goes on with the same, whatever becomes of the
 * folder.
 */
export interface RunData {
  readonly examples: readonly Example[]
  readonly labels: readonly string[]
  /** Whether the videos were opened and times that they do not have are gone. */
  readonly timesSettled?: boolean | undefined
  /** The videos that could not be opened then, by path. */
  readonly unopened?: readonly string[] | undefined
}

const span = z.object({ path: z.string(), start: z.number().nullable(), end: z.number().nullable() })
const text = z.object({ text: z.string(), start: z.number().nullable(), end: z.number().nullable() })
const content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('paragraph'), video: span, sentences: z.array(text) }),
  z.object({
    type: z.literal('question'),
    video: span,
    question: z.string(),
    subtitles: z.array(z.string()),
    label: z.number().int(),
  }),
  z.object({
    type: z.literal('choices'),
    video: span,
    question: z.string(),
    answers: z.array(z.string()),
    subtitles: z.array(z.string()),
    label: z.number().int(),
    span: z.tuple([z.number(), z.number()]).nullable(),
  }),
  z.object({ type: z.literal('class'), video: span, label: z.number().int() }),
  z.object({
    type: z.literal('moments'),
    video: span,
    qid: z.union([z.string(), z.number()]),
    vid: z.string(),
    duration: z.number().nullable(),
    query: z.string(),
    windows: z.array(z.tuple([z.number(), z.number()])),
    saliency: z.array(z.object({ clip: z.number().int(), scores: z.array(z.number()) })).nullable(),
  }),
  z.object({ type: z.literal('clips'), clips: z.array(z.object({ video: span, text: z.string() })) }),
])
const runData: z.ZodType<RunData> = z.object({
  examples: z.array(z.object({ source: z.string(), split, content, group: z.string().exactOptional() })),
  labels: z.array(z.string()),
  timesSettled: z.boolean().optional(),
  unopened: z.array(z.string()).optional(),
})

const file = (folder: string): string => join(folder, 'data.json')

export async function writeRunData(folder: string, data: RunData): Promise<void> {
  const { examples, labels, timesSettled, unopened } = data
  await writeFileAtomic(file(folder), JSON.stringify({ examples, labels, timesSettled, unopened }))
}

/** @throws ExpectedError when the file is gone or damaged. */
export async function readRunData(folder: string): Promise<RunData> {
  try {
    return runData.parse(JSON.parse(await readFile(file(folder), 'utf8')))
  } catch (error) {
    throw new ExpectedError(
      'run-damaged',
      `The rows that were kept in ${folder} cannot be read (data.json); start anew.`,
      { cause: error },
    )
  }
}
