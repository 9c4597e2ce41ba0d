import type { CheckpointTensor } from './checkpoint.ts'

/** A weight that is made of another model's; `from` says of what. */
export interface InitialWeight {
  readonly from: string
  read(): Promise<Float32Array>
}

/** What another model gives to some weights of LF-VILA, by their names, and which of its keys are not used. */
export interface Initialisation {
  readonly weights: ReadonlyMap<string, InitialWeight>
  readonly skipped: readonly { readonly key: string, readonly reason: string }[]
}

/** float32 values of a tensor of another model. @throws Error when it holds integers: the caller has looked at the type. */
export async function floatsOf(tensor: CheckpointTensor): Promise<Float32Array> {
  const values = await tensor.read()
  if (!(values instanceof Float32Array)) throw new Error('a tensor of integers is no weight')
  return values
}
