import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import type { Checkpoint, CheckpointTensor } from '../../native-models/checkpoints/checkpoint.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'

type Shape = readonly number[]

/** The tensors of one or more checkpoints, later files over earlier ones. */
export class Weights {
  readonly #checkpoints: readonly Checkpoint[]

  private constructor(checkpoints: readonly Checkpoint[]) {
    this.#checkpoints = checkpoints
  }

  /** @throws ExpectedError naming the first file that is no checkpoint. */
  static async open(paths: readonly string[]): Promise<Weights> {
    const opened: Checkpoint[] = []
    try {
      for (const path of paths) opened.push(await openCheckpoint(path))
      return new Weights(opened.reverse())
    } catch (error) {
      await Promise.all(opened.map(checkpoint => checkpoint.close()))
      throw error
    }
  }

  /** Every key of every file, once, in the order of the files. */
  keys(): string[] {
    return [...new Set(this.#checkpoints.toReversed().flatMap(({ tensors }) => [...tensors.keys()]))]
  }

  /**
   * The tensor a key stands for: as in the reference, a file whose tensor does not have the `shape` asked for is passed over.
   * Without a file of that shape it is the last file's tensor, if any.
   */
  get(key: string, shape?: Shape): CheckpointTensor | undefined {
    const found = this.#checkpoints.flatMap(({ tensors }) => tensors.get(key) ?? [])
    return found.find(tensor => !shape || sameShape(tensor.shape, shape)) ?? found[0]
  }

  /** @throws ExpectedError naming the first weight of `parameters` that is missing or has another shape. */
  demand(parameters: readonly { readonly name: string, readonly shape: Shape }[]): void {
    for (const { name, shape } of parameters) {
      const tensor = this.get(name, shape)
      if (!tensor) throw new ExpectedError('weights-missing', `The checkpoint has no ${name}, which a model of this kind and configuration needs; give all files of the checkpoint, and the configuration that belongs to it.`)
      if (!sameShape(tensor.shape, shape)) {
        throw new ExpectedError('weights-shape', `The checkpoint's ${name} has the shape [${tensor.shape.join(', ')}], but the configuration asks for [${shape.join(', ')}]; give the configuration that belongs to it.`)
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#checkpoints.map(checkpoint => checkpoint.close()))
  }
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis])
}

/** float32 values of a tensor. @throws ExpectedError when it holds integers or a value that is no finite number. */
export async function readFinite(key: string, tensor: CheckpointTensor): Promise<Float32Array> {
  const values = await tensor.read()
  if (!(values instanceof Float32Array)) throw new ExpectedError('weights-type', `The checkpoint's ${key} holds integers where weights are expected; give the model's own checkpoint.`)
  // Any NaN or infinity makes the difference of a value with itself NaN, and NaN survives addition.
  let unfit = 0
  for (let index = 0; index < values.length; index++) unfit += values[index]! - values[index]!
  if (unfit !== 0) throw new ExpectedError('weights-nan', `The checkpoint's ${key} holds values that are not finite numbers (a training run that diverged?); give an earlier checkpoint.`)
  return values
}
