import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Checkpoint } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { writeTorchZip } from '../../../native-models/checkpoints/torch/torch-zip-writer.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { ExportedJob, RunRecord } from '../../api/training/training.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { stateTensors } from '../../models/export/state-tensors.ts'
import { writeOutput } from '../../storage/files/output-path.ts'
import { textLayout } from '../data/batches/example-text.ts'
import type { RunData } from '../runs/folder/run-data.ts'
import { makePlan } from '../runs/loop/plan.ts'
import { differences, publishedTokens } from './differences.ts'
import { jobBertConfig, jobConfig, jobFiles, published } from './job-config.ts'
import { jobReadme } from './job-readme.ts'
import { jobRows } from './job-rows.ts'
import { jobYaml } from './job-yaml.ts'

export interface JobSource {
  readonly run: RunRecord
  readonly data: RunData
  /** The model that the run begins with: its kind and configuration are those of the job. */
  readonly start: RegisteredModel
  /** Its weights as they are now, and which they are. */
  readonly weights: Pick<Checkpoint, 'tensors'>
  readonly from: string
}

/** The file that tells a job's folder from others. */
const mark = 'lfvila-job.json'

/**
 * Writes a run as a job of the published code into a new folder, whole or not at all: its YAML configuration, rows in
 * its field names, the start checkpoint, a script that places the videos and a README with the command.
 * @throws ExpectedError when that code could not train the run, something is at the path that must not be replaced, or
 * the disk is full.
 */
export async function exportJob(
  source: JobSource,
  { folder, overwrite }: { readonly folder: string; readonly overwrite: boolean },
  signal: AbortSignal,
): Promise<ExportedJob> {
  const {
    run,
    data: { examples, labels },
    start,
  } = source
  const { config } = start
  const rows = jobRows(run.config.task, examples)
  assertTextFits(source, rows.dataset === 'ViolinDataset' ? publishedTokens.violin : publishedTokens.usual)
  // A micro-batch of one will do here: the contrastive losses compare it with those of other GPUs.
  const plan = makePlan(rows.train.length, run.config.parameters, null)
  const name = basename(folder)
  const { script } = published[run.config.task]
  const command = `deepspeed ${script} --distributed --blob_mount_dir ${shell(name)} --config ${shell(`${name}/${jobFiles.config}`)} --deepspeed --seed ${run.config.seed}`
  const { vocabulary } = start.record
  const named = labels.length > 0 && labels.some((label, number) => label !== String(number)) && config.labels !== null
  const texts: Record<string, string> = {
    [jobFiles.config]: jobYaml(jobConfig({ run, config, plan, rows, name })),
    [jobFiles.bert]: `${JSON.stringify(jobBertConfig(config, run.config.parameters.stochastic), null, 2)}\n`,
    [jobFiles.train]: lines(rows.train),
    [jobFiles.validation]: lines(rows.validation),
    ...(rows.retrieval ? { [jobFiles.retrieval]: lines(rows.retrieval) } : {}),
    ...(named ? { [jobFiles.labels]: lines(labels) } : {}),
    [jobFiles.videos]: rows.videos.script(rows.frameRate),
    [jobFiles.readme]: jobReadme({
      run,
      command,
      name,
      weights: source.from,
      videos: rows.videos.root,
      differences: differences(run.config, { config, plan, rows }),
      files: [
        ...(rows.retrieval ? [jobFiles.retrieval] : []),
        ...(named ? [jobFiles.labels] : []),
        ...(vocabulary === 'vocab.txt' ? [vocabulary] : []),
      ],
    }),
    [mark]: `${JSON.stringify({ format: 'lfvila-deepspeed-job/1', run: run.id, dataHash: run.dataHash, step: run.step, codeVersion: run.codeVersion }, null, 2)}\n`,
  }
  await writeOutput({ path: folder, overwrite, mark }, async partial => {
    await mkdir(partial)
    for (const [file, text] of Object.entries(texts)) await writeFile(join(partial, file), text)
    if (vocabulary === 'vocab.txt') await copyFile(join(start.folder, vocabulary), join(partial, vocabulary))
    await writeTorchZip(join(partial, jobFiles.start), stateTensors(start, source.weights, 'fp32'), signal)
  })
  return {
    folder,
    files: [...Object.keys(texts), ...(vocabulary === 'vocab.txt' ? [vocabulary] : []), jobFiles.start].sort(),
    command,
  }
}

/** @throws ExpectedError when the published code reads more tokens than the model has positions. */
function assertTextFits({ run, data, start: { config } }: JobSource, tokens: number): void {
  const layout = textLayout(data.examples, config)
  if (layout && layout.length < tokens) {
    throw new ExpectedError(
      'job-text',
      `The published code reads ${layout.sentences} sentences of ${tokens} tokens, but the model ‘${run.config.model}’ has ${config.text.positions} positions (max_position_embeddings); start a run from a model with at least ${layout.sentences * tokens}.`,
    )
  }
}

const lines = (rows: readonly string[]): string => rows.map(row => `${row}\n`).join('')
const shell = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
