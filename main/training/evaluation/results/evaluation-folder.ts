import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { certificate } from '../../../api/evaluation/certificate.ts'
import type { Certificate } from '../../../api/evaluation/certificate.ts'
import { evaluation, momentWindows, probeVariant } from '../../../api/evaluation/evaluation.ts'
import type { Evaluation, ProbeVariant } from '../../../api/evaluation/evaluation.ts'
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts'
import { syncJsonLines } from '../../../storage/files/json-lines.ts'
import { RecordFolder } from '../../../storage/record-folder.ts'
import type { RecordKind } from '../../../storage/record-folder.ts'
import type { ProbedExample, VariantFound } from '../../probing/time-probe.ts'
import { readRunData, writeRunData } from '../../runs/folder/run-data.ts'
import type { RunData } from '../../runs/folder/run-data.ts'
import { appendOutput, appendProbed, readOutputs, readProbed } from './outputs.ts'
import type { Output, Probed } from './outputs.ts'

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
  moments: momentWindows.nullable().default(null),
})
export type Mistake = z.input<typeof mistake>

const results = z.object({
  mistakes: z.array(mistake),
  confusion: z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number().int())) }).nullable(),
  /** Not given by evaluations from before there were certificates. */
  matrix: certificate.shape.matrix.optional(),
  standings: z.array(z.object({ example: z.number().int(), rank: z.number(), score: z.number() })).optional(),
})
export type Results = z.input<typeof results>

const standing = z.object({ rank: z.number(), score: z.number() })
const probeQueries = z.array(
  z.object({
    variant: probeVariant,
    queries: z.array(z.object({ example: z.number().int(), before: standing, after: standing })),
  }),
)

/**
 * One evaluation on the disk: `evaluation.json` what it is and what it found, `data.json` the rows that are evaluated,
 * `outputs.jsonl` what the model made of each, `results.json` mistakes and confusion; of a time probe `probed.jsonl`
 * what the model made of the changed rows, and `time-probe.json` how each query did before and after; `from.json` the
 * certificate that it was asked for by.
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

  /** All outputs are on the disk before: who has the results never asks the model again. */
  async keepResults(found: Results): Promise<void> {
    for (const file of [this.#file('outputs.jsonl'), this.#file('probed.jsonl')]) {
      await syncJsonLines(file)
    }
    await writeFileAtomic(this.#file('results.json'), JSON.stringify(found))
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

  keepFrom(from: Certificate): Promise<void> {
    return writeFileAtomic(this.#file('from.json'), JSON.stringify(from))
  }

  /** The certificate that it was asked for by, or null. */
  async from(): Promise<Certificate | null> {
    const text = await readFile(this.#file('from.json'), 'utf8').catch(() => null)
    return text === null ? null : certificate.parse(JSON.parse(text))
  }

  probed(): Promise<Map<ProbeVariant, Map<number, Probed>>> {
    return readProbed(this.#file('probed.jsonl'))
  }

  appendProbed(line: Parameters<typeof appendProbed>[1]): Promise<void> {
    return appendProbed(this.#file('probed.jsonl'), line)
  }

  keepProbe(found: readonly VariantFound[]): Promise<void> {
    const queries = found.map(({ summary: { variant }, queries: of }) => ({ variant, queries: of }))
    return writeFileAtomic(this.#file('time-probe.json'), JSON.stringify(queries))
  }

  /** Every query that a change concerns, those that lost most first. @throws ExpectedError without a time probe. */
  async probedQueries(variant: ProbeVariant): Promise<readonly ProbedExample[]> {
    const text = await readFile(this.#file('time-probe.json'), 'utf8').catch((cause: unknown) => {
      throw new ExpectedError('evaluation-unfinished', 'The evaluation has no time probe yet; add it first.', { cause })
    })
    return probeQueries.parse(JSON.parse(text)).find(found => found.variant === variant)?.queries ?? []
  }

  remove(): Promise<void> {
    return this.#folder.remove()
  }

  #file(name: string): string {
    return join(this.#folder.path, name)
  }
}
