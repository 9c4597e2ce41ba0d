import type { SkippedEntry } from './skipped-entry.ts'

export type CheckpointDType =
  'float16' | 'bfloat16' | 'float32' | 'float64' | 'uint8' | 'int8' | 'int16' | 'int32' | 'int64' | 'bool'

/** One tensor of a checkpoint; its values are read from the file when asked for. */
export interface CheckpointTensor {
  readonly dtype: CheckpointDType
  readonly shape: readonly number[]
  /** Row-major values: int64 as BigInt64Array, everything else as float32. */
  read(): Promise<Float32Array | BigInt64Array>
}

export interface Checkpoint {
  readonly format: 'torch' | 'safetensors'
  readonly tensors: ReadonlyMap<string, CheckpointTensor>
  /** What the files hold beside these tensors. */
  readonly skipped: readonly SkippedEntry[]
  close(): Promise<void>
}
