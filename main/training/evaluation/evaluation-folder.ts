import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { evaluation } from '../../api/evaluation.ts'
import type { Evaluation } from '../../api/evaluation.ts'
import { writeFileAtomic } from '../../storage/atomic-file.ts'
import { RecordFolder } from '../../storage/record-folder.ts'
import type { RecordKind } from '../../storage/record-folder.ts'
import { readRunData, writeRunData } from '../runs/folder/run-data.ts'
import type { RunData } from '../runs/folder/run-data.ts'
import { appendOutput, readOutputs } from './outputs.ts'
import type { Output } from './outputs.ts'

const kind: RecordKind<Evaluation> = {
  file: 'evaluation.json',
  schema: evaluation,
  unknown: id => new ExpectedError('evaluation-unknown', `There is no evaluation ‘${id}’.`),
  damaged: (folder, cause) =>
    new ExpectedError(
      'evaluation-damaged',
      `The record of the evaluation in ${folder} cannot be read (evaluation.json); remove that folder and evaluate again.`,
      { cause },
    ),
}

/** What was wrong, worst first, by the places of the examples; see `failure` of the contract. */
const mistake = z.object({
  example: z.number().int(),
  rank: z.number().nullable(),
  right: z.string(),
  said: z.array(z.object({ name: z.string(), score: z.number() })),
})
export type Mistake = z.infer<typeof mistake>

const results = z.object({
  mistakes: z.array(mistake),
  confusion: z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number().int())) }).nullable(),
})
export type Results = z.infer<typeof results>

/**
 * One evaluation on the disk: `evaluation.json` what it is and what it found, `data.json` the rows that are evaluated,
 * `outputs.jsonl` what the model made of each, `results.json` mistakes and confusion.
 */
export class EvaluationFolder {
  readonly #folder: RecordFolder<Evaluation>

  private constructor(folder: RecordFolder<Evaluation>) {
    this.#folder = folder
  }

  static async create(home: string, record: Evaluation, data: RunData): Promise<EvaluationFolder> {
    return new EvaluationFolder(
      await RecordFolder.create(kind, home, { record, fill: folder => writeRunData(folder, data) }),
    )
  }

  /** @throws ExpectedError when there is no such evaluation or its record is damaged. */
  static async open(home: string, id: string): Promise<EvaluationFolder> {
    return new EvaluationFolder(await RecordFolder.open(kind, home, id))
  }

  /** A sentence for each evaluation whose record cannot be read. */
  static damaged(home: string): Promise<string[]> {
    return RecordFolder.damaged(kind, home)
  }

  static async list(home: string): Promise<Evaluation[]> {
    return (await RecordFolder.list(kind, home)).map(({ record }) => record)
  }

  get record(): Evaluation {
    return this.#folder.record
  }

  change(changes: Partial<Evaluation>): Promise<Evaluation> {
    return this.#folder.change(changes)
  }

  data(): Promise<RunData> {
    return readRunData(this.#folder.path)
  }

  keepData(data: RunData): Promise<void> {
    return writeRunData(this.#folder.path, data)
  }

  outputs(): Promise<Map<number, Output>> {
    return readOutputs(this.#file('outputs.jsonl'))
  }

  append(example: number, found: Output): Promise<void> {
    return appendOutput(this.#file('outputs.jsonl'), example, found)
  }

  keepResults(found: Results): Promise<void> {
    return writeFileAtomic(this.#file('results.json'), JSON.stringify(found))
  }

  /** @throws ExpectedError when the evaluation has not come to its end. */
  async results(): Promise<Results> {
    const text = await readFile(this.#file('results.json'), 'utf8').catch((cause: unknown) => {
      throw new ExpectedError(
        'evaluation-unfinished',
        'The evaluation has no results yet; wait until it has finished.',
        { cause },
      )
    })
    return results.parse(JSON.parse(text))
  }

  remove(): Promise<void> {
    return this.#folder.remove()
  }

  #file(name: string): string {
    return join(this.#folder.path, name)
  }
}
