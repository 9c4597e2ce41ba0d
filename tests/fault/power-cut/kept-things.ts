import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Evaluation } from '../../../main/api/evaluation/evaluation.ts'
import type { RunRecord } from '../../../main/api/training/training.ts'
import { PartialFile } from '../../../main/downloads/transfer/partial-file.ts'
import { writeBeside } from '../../../main/media/demo/writing/write-beside.ts'
import { weightsFile } from '../../../main/model-folder/model-file.ts'
import { makeModelFolder } from '../../../main/model-folder/register.ts'
import { writeProgram } from '../../../main/programs/program-files.ts'
import { writeOutput } from '../../../main/storage/files/output-path.ts'
import { RecordFolder } from '../../../main/storage/record-folder.ts'
import { EvaluationFolder } from '../../../main/training/evaluation/results/evaluation-folder.ts'
import { readOutputs } from '../../../main/training/evaluation/results/outputs.ts'
import { Checkpoints } from '../../../main/training/runs/folder/checkpoints.ts'
import { RunFolder } from '../../../main/training/runs/folder/run-folder.ts'
import type { Trainer } from '../../../main/training/steps/trainer.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { checkpointOf, filmOf, programOf } from './stored-round.ts'

/** One kind of thing that the program keeps, by folder and round. */
interface KeptThing {
  readonly name: string
  readonly write: (folder: string, round: number) => Promise<unknown>
  /** Its file, which is not there or as it was written; or what of a file that grows is there. */
  readonly file?: (round: number) => string
  readonly has?: (folder: string, round: number) => Promise<boolean>
}

const record = { id: 'kept', createdAt: 0 }
const data = { examples: [], labels: [] }
const recordKind = {
  file: 'record.json',
  schema: z.object({ id: z.string(), createdAt: z.number() }),
  unknown: (id: string) => new ExpectedError('run-unknown', id),
  damaged: (folder: string) => new ExpectedError('run-damaged', folder),
}
const values = new Float32Array(4096)
const trainer = {
  step: { layout: { parameters: [{ name: 'w', shape: [4096], offset: 0 }] } },
  readState: () => Promise.resolve(values),
} as unknown as Trainer
let run: RunFolder | null = null
let evaluation: EvaluationFolder | null = null

/** Makes what the others are kept in. */
export async function makePlaces(folder: string): Promise<void> {
  for (const name of ['made', 'models', 'records', 'checkpoints', 'downloads', 'runs', 'evaluations']) {
    await mkdir(join(folder, name))
  }
  await writeSafetensors(join(folder, 'made', weightsFile), checkpointOf(0))
  run = await RunFolder.create(join(folder, 'runs'), record as RunRecord, data)
  evaluation = await EvaluationFolder.create(join(folder, 'evaluations'), record as Evaluation, data)
}

export const keptThings: readonly KeptThing[] = [
  {
    name: 'a program',
    write: (folder, round) => writeProgram(join(folder, 'made'), `program ${round}`, programOf(round)),
    file: round => `made/program ${round}.onnx`,
  },
  {
    name: 'a drawn video',
    write: (folder, round) => writeBeside(join(folder, `made/film ${round}`), file => writeFile(file, filmOf(round))),
    file: round => `made/film ${round}`,
  },
  {
    name: 'an output',
    write: (folder, round) =>
      writeOutput({ path: join(folder, `made/table ${round}`), mark: null, overwrite: false }, file =>
        writeFile(file, filmOf(round)),
      ),
    file: round => `made/table ${round}`,
  },
  {
    name: 'a model',
    write: (folder, round) =>
      makeModelFolder(join(folder, 'models'), `model-${round}`, made =>
        writeSafetensors(join(made, weightsFile), checkpointOf(round)),
      ),
    file: round => `models/model-${round}/${weightsFile}`,
  },
  {
    name: 'a record',
    write: (folder, round) =>
      RecordFolder.create(recordKind, join(folder, 'records'), {
        record: { id: `record-${round}`, createdAt: round },
        fill: () => Promise.resolve(),
      }),
    file: round => `records/record-${round}/record.json`,
  },
  {
    name: 'a checkpoint',
    write: async (folder, round) => {
      values.fill(round)
      await new Checkpoints(join(folder, 'checkpoints')).keep(trainer, round)
    },
    file: round => `checkpoints/kept-${String(round).padStart(8, '0')}/weights.safetensors`,
  },
  {
    name: 'a download',
    write: async (folder, round) => {
      const part = await PartialFile.open(join(folder, `downloads/file ${round}`), 'http://x', 1)
      await part.append(filmOf(round))
      await part.finish()
    },
    file: round => `downloads/file ${round}`,
  },
  {
    name: 'a point of a run',
    write: async (_, round) => {
      await run?.append([{ step: round, epoch: round, time: round, values: { 'train/loss': round } }])
      await run?.syncPoints()
    },
    has: async (folder, round) =>
      (await readFile(join(folder, 'runs/kept/metrics.jsonl'), 'utf8').catch(() => '')).includes(`"step":${round},`),
  },
  {
    name: 'an output of an evaluation with results',
    write: async (_, round) => {
      await evaluation?.append(round, { windows: [], saliency: [round] })
      await evaluation?.keepResults({ mistakes: [], confusion: null })
    },
    has: async (folder, round) => (await readOutputs(join(folder, 'evaluations/kept/outputs.jsonl'))).has(round),
  },
]

/** Whether what was finished is there, and what is there is whole. @param original the folder as it was written. */
export async function isKept(
  { file, has }: KeptThing,
  round: number,
  {
    folder,
    original,
    isFinished,
  }: { readonly folder: string; readonly original: string; readonly isFinished: boolean },
): Promise<boolean> {
  if (has) return !isFinished || (await has(folder, round))
  const path = join(folder, file?.(round) ?? '')
  if (!existsSync(path)) return !isFinished
  return readFileSync(path).equals(await readFile(join(original, file?.(round) ?? '')))
}
