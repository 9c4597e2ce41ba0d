import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { ExpectedError } from '../expected-error.ts'
import type { Checkpoint, CheckpointDType, CheckpointTensor } from './checkpoint.ts'
import { bytesPerElement, decode } from './dtypes.ts'

/** The format's own limit of its JSON header. */
const maxHeaderBytes = 100_000_000
/** Large tensors start at multiples of a cache line. */
const alignment = 64

const dtypes: Readonly<Record<string, CheckpointDType>> = {
  F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16', I64: 'int64', I32: 'int32', I16: 'int16', I8: 'int8', U8: 'uint8', BOOL: 'bool',
}
const headerSchema = z.record(z.string(), z.unknown())
const tensorSchema = z.object({ dtype: z.string(), shape: z.array(z.number().int().min(0)), data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]) })

/** Where a tensor's bytes are in a file. */
export interface TensorLocation {
  readonly dtype: CheckpointDType
  readonly shape: readonly number[]
  /** Bytes from the start of the file. */
  readonly offset: number
  readonly length: number
}

/**
 * Reads the header alone: what is where, for binding weights to the file without loading it.
 * @throws ExpectedError naming the file when it is missing, truncated or malformed.
 */
export async function readSafetensorsLayout(path: string): Promise<Map<string, TensorLocation>> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    return await layoutOf(file)
  } catch (error) {
    throw failure(path, error)
  } finally {
    await file?.close()
  }
}

export async function openSafetensors(path: string): Promise<Checkpoint> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const opened = file
    const tensors = new Map<string, CheckpointTensor>()
    for (const [name, { dtype, shape, offset, length }] of await layoutOf(file)) {
      tensors.set(name, { dtype, shape, read: async () => decode(dtype, await readExactly(opened, offset, length).catch((error: unknown) => { throw failure(path, error) })) })
    }
    if (tensors.size === 0) throw new Error('it holds no tensors')
    return { format: 'safetensors', tensors, close: () => opened.close() }
  } catch (error) {
    await file?.close()
    throw failure(path, error)
  }
}

function failure(path: string, error: unknown): ExpectedError {
  if (error instanceof ExpectedError) return error
  return new ExpectedError('not-a-checkpoint', `${path} is not a usable safetensors file: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
}

async function layoutOf(file: FileHandle): Promise<Map<string, TensorLocation>> {
  const { size } = await file.stat()
  if (size < 8) throw new Error('it is too short')
  const headerBytes = Number(Buffer.from(await readExactly(file, 0, 8)).readBigUInt64LE())
  if (headerBytes > maxHeaderBytes || headerBytes > size - 8) throw new Error('its header is longer than the file')
  const header = headerSchema.parse(parseJson(new TextDecoder().decode(await readExactly(file, 8, headerBytes))))
  const layout = new Map<string, TensorLocation>()
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const parsed = tensorSchema.safeParse(value)
    const dtype = parsed.success ? dtypes[parsed.data.dtype] : undefined
    if (!parsed.success || dtype === undefined) throw new Error(`the description of ${name} cannot be understood`)
    const { shape, data_offsets: [start, end] } = parsed.data
    const length = shape.reduce((product, count) => product * count, 1) * bytesPerElement[dtype]
    if (end - start !== length) throw new Error(`${name} does not have the bytes its shape asks for`)
    if (8 + headerBytes + end > size) throw new Error(`${name} reaches beyond the end of the file, which is incomplete`)
    layout.set(name, { dtype, shape, offset: 8 + headerBytes + start, length })
  }
  return layout
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('its header is not JSON')
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done)
    if (bytesRead === 0) throw new Error('it is incomplete')
    done += bytesRead
  }
  return bytes
}

/** One float32 tensor to be written; its values are asked for when their turn comes, so that one at a time is in memory. */
export interface TensorToWrite {
  readonly name: string
  readonly shape: readonly number[]
  read(): Promise<Float32Array> | Float32Array
}

/**
 * Writes float32 tensors, atomically: beside the target, then renamed. The format allows no gaps, so tensors that fill
 * whole cache lines come first and start at multiples of 64 bytes; the few others follow.
 */
export async function writeSafetensors(path: string, tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<void> {
  const byteLength = ({ shape }: TensorToWrite): number => 4 * shape.reduce((product, size) => product * size, 1)
  const fills = (tensor: TensorToWrite): boolean => byteLength(tensor) % alignment === 0
  const ordered = [...tensors.filter(fills), ...tensors.filter(tensor => !fills(tensor))]
  let end = 0
  const described = ordered.map(tensor => {
    const start = end
    end += byteLength(tensor)
    return [tensor.name, { dtype: 'F32', shape: tensor.shape, data_offsets: [start, end] }] as const
  })
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(described) }))
  const headerBytes = Math.ceil((8 + json.length) / alignment) * alignment - 8
  const header = Buffer.alloc(8 + headerBytes, ' ')
  header.writeBigUInt64LE(BigInt(headerBytes))
  json.copy(header, 8)
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  try {
    await file.writeFile(header)
    for (const tensor of ordered) {
      signal?.throwIfAborted()
      const values = await tensor.read()
      if (4 * values.length !== byteLength(tensor)) throw new Error(`${tensor.name} has ${values.length} values, not what its shape asks for`)
      await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    }
    await file.sync()
    await file.close()
    await rename(partial, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(partial, { force: true })
    throw error
  }
}
