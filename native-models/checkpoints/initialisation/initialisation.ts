import { ExpectedError } from '../../expected-error.ts'
import type { CheckpointTensor } from '../files/checkpoint-tensor.ts'

/** A weight that is made of something else than LF-VILA's own; `from` says of what. */
export interface InitialWeight {
  readonly from: string
  read(): Promise<Float32Array>
}

/** What another model gives to some weights of LF-VILA, by their names, and which of its keys are not used. */
export interface Initialisation {
  readonly weights: ReadonlyMap<string, InitialWeight>
  readonly skipped: readonly { readonly key: string; readonly reason: string }[]
}

/**
 * float32 values of a tensor. @throws ExpectedError naming its key when it holds integers, as a quantised checkpoint
 * does.
 */
export async function floatsOf(key: string, tensor: CheckpointTensor): Promise<Float32Array> {
  const values = /float/.test(tensor.dtype) ? await tensor.read() : null
  if (values instanceof Float32Array) return values
  throw new ExpectedError(
    'weights-type',
    `The checkpoint's ${key} holds integers (${tensor.dtype}) where weights are expected; give the model's own checkpoint, in float32, float16 or bfloat16.`,
  )
}
