import { createHash } from 'node:crypto'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writeSafetensors } from '../../native-models/checkpoints/safetensors/safetensors.ts'
import type { TensorToWrite } from '../../native-models/checkpoints/safetensors/safetensors.ts'
import { diskFull, isDiskFull } from '../../native-models/disk-full.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { LearnedFrom, ModelKind } from '../api/models.ts'
import type { TrainedWith } from '../api/training/training.ts'
import type { ConfigFiles } from '../reading-process/read-config.ts'
import { sweepAtomicWrites } from '../storage/files/atomic-file.ts'
import { sweepLeftOvers, unfinishedName, unfinishedPrefix } from '../storage/files/left-overs.ts'
import { renameSynced } from '../storage/files/sync.ts'
import type { ModelRecord } from './model-file.ts'
import { modelFile, modelHash, weightsFile } from './model-file.ts'

export interface NewModel {
  kind: ModelKind
  trained: boolean
  source: string
  config: ConfigFiles
  weights: readonly TensorToWrite[]
  vocabulary: { name: 'vocab.txt' | 'tokenizer.json'; content: string | Uint8Array } | null
  /** Names of the answers or classes, by their numbers, where they are known. */
  labels?: readonly string[] | null
  /** Of a model that was trained here. */
  training?: TrainedWith | null
  /** Of a model that learnt from corrected captions. */
  learned?: LearnedFrom | null
}

/** A model's name made of a file's, with a number when it is taken. */
export function unusedId(file: string, taken: ReadonlySet<string>): string {
  const plain =
    basename(file)
      .replace(/\.(bin|pth?|safetensors|json)$/i, '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 56) || 'model'
  let id = plain
  for (let copy = 2; taken.has(id); copy++) id = `${plain}-${copy}`
  return id
}

/** Names that are one folder on every file system. */
export function checkId(id: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) {
    throw new ExpectedError(
      'model-name',
      `‘${id}’ cannot be a model's name; use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.`,
    )
  }
}

/** What is said where a name is taken. */
export function modelExists(id: string): ExpectedError {
  return new ExpectedError(
    'model-exists',
    `There is already a model ‘${id}’; choose another name with --name or remove it first.`,
  )
}

/**
 * Makes a model's folder below `models`, whole or not at all: `fill` prepares it under another name, then it is
 * renamed.
 * @throws ExpectedError when the name is taken or the disk is full.
 */
export async function makeModelFolder<Result>(
  models: string,
  id: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  checkId(id)
  const target = join(models, id)
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  ) {
    throw modelExists(id)
  }
  const folder = join(models, unfinishedName())
  try {
    await mkdir(folder, { recursive: true })
    const result = await fill(folder)
    await renameSynced(folder, target)
    return result
  } catch (error) {
    throw await access(join(target, modelFile)).then(
      () => modelExists(id),
      () => storageProblem(error, models),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Writes an LF-VILA model's folder below `models`; see {@link makeModelFolder}.
 * @throws ExpectedError when the name is taken or the disk is full.
 */
export function registerModel(
  models: string,
  id: string,
  { model, signal }: { readonly model: NewModel; readonly signal?: AbortSignal | undefined },
): Promise<ModelRecord> {
  return makeModelFolder(models, id, async folder => {
    const digests = new Map<string, string>()
    await writeSafetensors(
      join(folder, weightsFile),
      model.weights.map(({ name, shape, read }) => ({
        name,
        shape,
        read: async () => {
          const values = await read()
          digests.set(
            name,
            createHash('sha256')
              .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
              .digest('hex'),
          )
          return values
        },
      })),
      { metadata: {}, signal },
    )
    if (model.vocabulary) {
      await writeFile(join(folder, model.vocabulary.name), model.vocabulary.content, { flush: true })
    }
    const record: ModelRecord = {
      format: 'lfvila-model/1',
      kind: model.kind,
      trained: model.trained,
      parameters: parameterCount(model.weights),
      // The number of labels is in the weights: it counts where there is a classifier.
      hash: modelHash(digests, { ...parseConfig(model.config.model, model.config.bert), labels: null }),
      source: model.source,
      createdAt: Date.now(),
      config: model.config,
      vocabulary: model.vocabulary?.name ?? null,
      labels: model.labels ? [...model.labels] : null,
      training: model.training ?? null,
      learned: model.learned ?? null,
    }
    await writeFile(join(folder, modelFile), `${JSON.stringify(record, null, 2)}\n`, { flush: true })
    return record
  })
}

/** Deletes what a crash left half written or half deleted, or of the note which model is in use. */
export async function removeUnfinished(models: string): Promise<void> {
  await sweepLeftOvers(models, name => name.startsWith(unfinishedPrefix) || /^in-use\../.test(name))
  await sweepAtomicWrites(models)
}

function parameterCount(weights: readonly TensorToWrite[]): number {
  return weights.reduce((sum, { shape }) => sum + elementCount(shape), 0)
}

function storageProblem(error: unknown, models: string): unknown {
  if (isDiskFull(error)) {
    return diskFull(
      error,
      english`The disk that holds ${models}`,
      english`free some space and try again: nothing half-made is left there`,
    )
  }
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new ExpectedError(
      'not-writable',
      `${models} cannot be written to; check its permissions or choose another workspace.`,
      { cause: error },
    )
  }
  return error
}
