import { open, rename, rm } from 'node:fs/promises'
import { english } from '../../english.ts'
import { elementCount } from '../../graph/tensor.ts'
import { ByteSource } from '../files/byte-source.ts'
import type { CheckpointLayout } from '../files/checkpoint-layout.ts'
import type { CheckpointDType } from '../files/checkpoint-tensor.ts'
import { bytesPerElement } from '../files/dtypes.ts'
import { MalformedCheckpoint, refusal, shown } from '../files/malformed-checkpoint.ts'
import type { SkippedEntry } from '../files/skipped-entry.ts'
import { parseJsonHeader } from './json-header.ts'

/** The format allows 100 MB; the header of a thousand tensors has 0.1 MB. */
const maxHeaderBytes = 8 * 2 ** 20
/** 1 GiB as float32: what one tensor may make us allocate. */
const maxElements = 2 ** 28
/** Large tensors start at multiples of a cache line. */
const alignment = 64

const dtypes: ReadonlyMap<string, CheckpointDType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
])
/** Bits of the types that no weight here has. */
const otherTypes: ReadonlyMap<string, number> = new Map([
  ['C64', 64],
  ['U64', 64],
  ['U32', 32],
  ['U16', 16],
  ['F8_E5M2', 8],
  ['F8_E4M3', 8],
  ['F8_E5M2FNUZ', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E8M0', 8],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['F4', 4],
])

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
  let source: ByteSource | undefined
  try {
    source = await ByteSource.open(path)
    return (await layoutOf(source)).tensors
  } catch (error) {
    throw refusal(path, error)
  } finally {
    await source?.close()
  }
}

/** What is where in a safetensors file. @throws MalformedCheckpoint saying what is wrong with it. */
export async function safetensorsLayout(source: ByteSource): Promise<CheckpointLayout> {
  const { tensors, skipped } = await layoutOf(source)
  if (tensors.size === 0) {
    throw new MalformedCheckpoint(
      skipped.length === 0
        ? 'it holds no tensors'
        : `none of its tensors is of a type that weights have (${skipped[0]!.reason})`,
    )
  }
  return {
    format: 'safetensors',
    sources: [source],
    tensors: new Map([...tensors].map(([name, place]) => [name, { ...place, strides: null, source: 0 }])),
    skipped,
  }
}

async function layoutOf(
  source: ByteSource,
): Promise<{ tensors: Map<string, TensorLocation>; skipped: SkippedEntry[] }> {
  if (source.size < 8) throw new MalformedCheckpoint('it is too short')
  const headerBytes = Number(Buffer.from(await source.read(0, 8)).readBigUInt64LE())
  if (headerBytes > source.size - 8) {
    throw new MalformedCheckpoint('its header is longer than the file', { incomplete: true })
  }
  if (headerBytes > maxHeaderBytes) {
    throw new MalformedCheckpoint(`its header has ${headerBytes} bytes, more than any checkpoint`)
  }
  const header = parseJsonHeader(new TextDecoder().decode(await source.read(8, headerBytes)))
  const start = 8 + headerBytes
  const tensors = new Map<string, TensorLocation>()
  const skipped: SkippedEntry[] = []
  const places: Place[] = []
  for (const [name, value] of header) {
    if (name === '__metadata__') continue
    const described = description(value)
    const dtype = dtypes.get(described?.dtype ?? '')
    const bits = dtype === undefined ? otherTypes.get(described?.dtype ?? '') : 8 * bytesPerElement[dtype]
    if (!described || bits === undefined) {
      throw new MalformedCheckpoint(`the description of ${shown(name)} cannot be understood`)
    }
    const { shape, from, to } = described
    const elements = shape.includes(0) ? 0 : elementCount(shape)
    if (to - from !== Math.ceil((elements * bits) / 8)) {
      throw new MalformedCheckpoint(`${shown(name)} does not have the bytes its shape asks for`)
    }
    if (start + to > source.size) {
      throw new MalformedCheckpoint(`${shown(name)} reaches beyond the end of the file`, { incomplete: true })
    }
    if (elements > maxElements) {
      throw new MalformedCheckpoint(`${shown(name)} has ${elements} values, more than any of a model`)
    }
    places.push({ name, offset: start + from, length: to - from })
    if (dtype === undefined) {
      skipped.push({ key: shown(name), reason: english`a tensor of the type ${described.dtype}, which no weight has` })
    } else {
      tensors.set(name, { dtype, shape, offset: start + from, length: to - from })
    }
  }
  assertApart(places)
  return { tensors, skipped }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** A header may describe a hundred thousand tensors: a schema would take seconds for them. */
function description(value: unknown): { dtype: string; shape: readonly number[]; from: number; to: number } | null {
  if (typeof value !== 'object' || value === null) return null
  const { dtype, shape, data_offsets: offsets } = value as Readonly<Record<string, unknown>>
  if (
    typeof dtype !== 'string' ||
    !Array.isArray(shape) ||
    !shape.every(isCount) ||
    !Array.isArray(offsets) ||
    offsets.length !== 2
  ) {
    return null
  }
  const [from, to] = offsets as readonly unknown[]
  return isCount(from) && isCount(to) ? { dtype, shape, from, to } : null
}

interface Place {
  readonly name: string
  readonly offset: number
  readonly length: number
}

/** The format lets no two tensors share bytes. */
function assertApart(places: readonly Place[]): void {
  const inOrder = places.filter(({ length }) => length > 0).sort((one, other) => one.offset - other.offset)
  for (const [index, { name, offset }] of inOrder.entries()) {
    const before = inOrder[index - 1]
    if (before && before.offset + before.length > offset) {
      throw new MalformedCheckpoint(`${shown(before.name)} and ${shown(name)} overlap`)
    }
  }
}

const dtypeNames = { float32: 'F32', float16: 'F16', int64: 'I64', int8: 'I8' } as const

type Values = Float32Array | Uint16Array | BigInt64Array | Int8Array

/** One tensor to be written; its values are asked for when their turn comes, so that one at a time is in memory. */
export interface TensorToWrite {
  readonly name: string
  readonly shape: readonly number[]
  /** float32 when not given. */
  readonly dtype?: 'float32' | 'float16' | 'int64' | 'int8'
  /** float16 as its 16 bits. */
  read(): Promise<Values> | Values
}

/**
 * Writes tensors, atomically: beside the target, then renamed. The format allows no gaps, so tensors that fill
 * whole cache lines come first and start at multiples of 64 bytes; the few others follow.
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  {
    metadata = {},
    signal,
  }: { readonly metadata?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const byteLength = ({ shape, dtype = 'float32' }: TensorToWrite): number =>
    bytesPerElement[dtype] * elementCount(shape)
  const fills = (tensor: TensorToWrite): boolean => byteLength(tensor) % alignment === 0
  const ordered = [...tensors.filter(fills), ...tensors.filter(tensor => !fills(tensor))]
  let end = 0
  const described = ordered.map(tensor => {
    const start = end
    end += byteLength(tensor)
    return [
      tensor.name,
      { dtype: dtypeNames[tensor.dtype ?? 'float32'], shape: tensor.shape, data_offsets: [start, end] },
    ] as const
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
      if (values.byteLength !== byteLength(tensor)) {
        throw new Error(`${tensor.name} has ${values.length} values, not what its shape asks for`)
      }
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
