import type { ArchiveOptions } from '../../../native-models/checkpoints/files/archive.ts'
import type { Checkpoint, CheckpointTensor } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import type { SkippedEntry } from '../../../native-models/checkpoints/files/skipped-entry.ts'
import { floatsOf } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openCheckpointApart } from '../../reading-process/read-checkpoint.ts'

type Shape = readonly number[]

/** A tensor and the file it is in. */
export interface FoundTensor {
  readonly path: string
  readonly key: string
  readonly tensor: CheckpointTensor
}

/** The tensors of one or more checkpoints, later files over earlier ones. */
export class Weights {
  /** The last file first. */
  readonly #files: readonly { readonly path: string; readonly checkpoint: Checkpoint }[]

  private constructor(files: readonly { readonly path: string; readonly checkpoint: Checkpoint }[]) {
    this.#files = files
  }

  /** @throws ExpectedError naming the first file that is no checkpoint. */
  static async open(paths: readonly string[], options: ArchiveOptions = {}): Promise<Weights> {
    const opened: { path: string; checkpoint: Checkpoint }[] = []
    try {
      for (const path of paths) opened.push({ path, checkpoint: await openCheckpointApart(path, options) })
      return new Weights(opened.reverse())
    } catch (error) {
      await Promise.all(opened.map(({ checkpoint }) => checkpoint.close()))
      throw error
    }
  }

  /** Every key of every file, once, in the order of the files. */
  keys(): string[] {
    return [...new Set(this.#files.toReversed().flatMap(({ checkpoint }) => [...checkpoint.tensors.keys()]))]
  }

  /** What the files hold beside their tensors. */
  get skipped(): SkippedEntry[] {
    return this.#files
      .toReversed()
      .flatMap(({ path, checkpoint }) =>
        checkpoint.skipped.map(({ key, reason }) => ({ key, reason: `${reason} (${path})` })),
      )
  }

  /** Why a weight is not among the tensors. */
  missing(name: string): ExpectedError {
    const unread = this.skipped.find(({ key }) => key === name)
    if (!unread) return missing(name)
    return new ExpectedError(
      'weights-type',
      `The checkpoint's ${name} cannot be read as a weight: ${unread.reason}; give a checkpoint whose weights are float32, float16 or bfloat16.`,
    )
  }

  /** The tensors that have one of these keys: those of the last file first, in the order of the keys. */
  all(...keys: readonly string[]): FoundTensor[] {
    return this.#files.flatMap(({ path, checkpoint }) =>
      keys.flatMap(key => {
        const tensor = checkpoint.tensors.get(key)
        return tensor ? [{ path, key, tensor }] : []
      }),
    )
  }

  /**
   * The tensor a key stands for: as in the reference, a file whose tensor does not have the `shape` asked for is passed
   * over. Without a file of that shape it is the last file's tensor, if any.
   */
  get(key: string, shape?: Shape): CheckpointTensor | undefined {
    const found = this.all(key)
    return (found.find(({ tensor }) => !shape || sameShape(tensor.shape, shape)) ?? found[0])?.tensor
  }

  /** @throws ExpectedError naming the first weight of `parameters` that is missing or has another shape. */
  assert(parameters: readonly { readonly name: string; readonly shape: Shape }[]): void {
    for (const { name, shape } of parameters) {
      const tensor = this.get(name, shape)
      if (!tensor) throw this.missing(name)
      if (!sameShape(tensor.shape, shape)) throw misfit(name, { found: tensor.shape, expected: shape })
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map(({ checkpoint }) => checkpoint.close()))
  }
}

function missing(name: string): ExpectedError {
  return new ExpectedError(
    'weights-missing',
    `The checkpoint has no ${name}, which a model of this kind and configuration needs; give all files of the checkpoint, and the configuration that belongs to it.`,
  )
}

interface Misfit {
  readonly found: Shape
  readonly expected: Shape
  /** What else may be done than to give the right configuration. */
  readonly remedy?: string
}

export function misfit(name: string, { found, expected, remedy = '' }: Misfit): ExpectedError {
  if (found.includes(0)) {
    return new ExpectedError(
      'checkpoint-partitioned',
      `The checkpoint's ${name} is empty, as DeepSpeed's ZeRO-3 leaves weights that lie in parts elsewhere; run the zero_to_fp32.py in the checkpoint's folder and give the pytorch_model.bin that it writes.`,
    )
  }
  return new ExpectedError(
    'weights-shape',
    `The checkpoint's ${name} has the shape [${found.join(', ')}], but the configuration asks for [${expected.join(', ')}]; give the configuration that belongs to it${remedy}.`,
  )
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis])
}

/** float32 values of a tensor. @throws ExpectedError when it holds integers or a value that is no finite number. */
export async function readFinite(key: string, tensor: CheckpointTensor): Promise<Float32Array> {
  return assertFinite(key, await floatsOf(key, tensor))
}

/** @throws ExpectedError when a value is no finite number. */
export function assertFinite(key: string, values: Float32Array): Float32Array {
  // Any NaN or infinity makes the difference of a value with itself NaN, and NaN survives addition.
  let unfit = 0
  for (let index = 0; index < values.length; index++) unfit += values[index]! - values[index]!
  if (unfit !== 0) {
    throw new ExpectedError(
      'weights-nan',
      `The checkpoint's ${key} holds values that are not finite numbers (a training run that diverged?); give an earlier checkpoint.`,
    )
  }
  return values
}
