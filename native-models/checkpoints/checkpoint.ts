import { open } from 'node:fs/promises'
import { ExpectedError } from '../expected-error.ts'
import { openSafetensors } from './safetensors.ts'
import { openTorchZip } from './torch-zip.ts'

export type CheckpointDType = 'float16' | 'bfloat16' | 'float32' | 'float64' | 'uint8' | 'int8' | 'int16' | 'int32' | 'int64' | 'bool'

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
  close(): Promise<void>
}

/**
 * Opens a PyTorch zip checkpoint (.bin, .pt, .pth) or a safetensors file, recognised by content. Nothing in the file is executed.
 * @throws ExpectedError naming the file when it is missing, is no checkpoint, is truncated or holds anything but tensors.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const head = await firstBytes(path)
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) return openTorchZip(path)
  if (head.length >= 9 && head[8] === 0x7b) return openSafetensors(path)
  if (head.length >= 2 && head[0] === 0x80) throw new ExpectedError('checkpoint-legacy', `${path} is a PyTorch file of the old format; save it again with a PyTorch of version 1.6 or later.`)
  throw new ExpectedError('not-a-checkpoint', `${path} is neither a PyTorch nor a safetensors checkpoint.`)
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new ExpectedError('checkpoint-unreadable', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
  }
}
