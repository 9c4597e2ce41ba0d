import { ExpectedError } from '../expected-error.ts'
import { openArchiveMember, splitMemberPath } from './archive.ts'
import type { ArchiveOptions } from './archive.ts'
import { ByteSource } from './byte-source.ts'
import { MalformedCheckpoint, refusal } from './malformed-checkpoint.ts'
import { openSafetensors } from './safetensors.ts'
import { openSharded } from './sharded.ts'
import { openLegacyTorch } from './torch-legacy.ts'
import { openTorchZip, torchFolder } from './torch-zip.ts'
import { ZipDirectory } from './zip-directory.ts'

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
 * Opens a PyTorch checkpoint (.bin, .pt, .pth; of the zip format or the one before 1.6), a safetensors file or the index of a
 * checkpoint in several files, recognised by content. A prefix that a wrapper of PyTorch put before all names is left out. In a zip archive it is the only checkpoint there, or the one that
 * `archive.zip::folder/member.bin` names. Only directories and pickles are read; nothing in the file is executed.
 * @throws ExpectedError naming the file when it is missing, is no checkpoint, is truncated, misleads or holds anything but tensors.
 */
export async function openCheckpoint(path: string, options: ArchiveOptions = {}): Promise<Checkpoint> {
  const { file, member } = await splitMemberPath(path)
  const checkpoint = await openFile(file, async source => {
    const zip = await zipDirectory(source)
    if (!zip && member !== null) throw new ExpectedError('not-a-checkpoint', `${file} is not a zip archive, so nothing can be taken out of it; give the file alone.`)
    if (zip && (member !== null || torchFolder(zip) === null)) return openMember(zip, member, options)
    const head = await firstBytes(source)
    // The files of an index are opened as they are, so that none can be an index again.
    return head[0] === brace && !beginsSafetensors(head) ? openSharded(source, shard => openFile(shard, openSingle)) : openSingle(source)
  })
  return { ...checkpoint, tensors: unwrapped(checkpoint.tensors) }
}

/** What DistributedDataParallel and torch.compile put before every name of the module that they hold, one about the other. */
const wrapperPrefixes = ['module.', '_orig_mod.']

function unwrapped<Values>(tensors: ReadonlyMap<string, Values>): ReadonlyMap<string, Values> {
  const names = [...tensors.keys()]
  const prefix = wrapperPrefixes.find(begin => names.length > 0 && names.every(name => name.startsWith(begin)))
  return prefix === undefined ? tensors : unwrapped(new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor])))
}

async function openMember(archive: ZipDirectory, name: string | null, options: ArchiveOptions): Promise<Checkpoint> {
  const checkpoint = await closedOnFailure(await openArchiveMember(archive, name, options), openSingle)
  return { ...checkpoint, close: async () => { await checkpoint.close(); await archive.source.close() } }
}

/** A checkpoint that is one file. */
async function openSingle(source: ByteSource): Promise<Checkpoint> {
  const zip = await zipDirectory(source)
  if (zip) {
    const folder = torchFolder(zip)
    if (folder === null) throw new MalformedCheckpoint('it is a zip file without the data.pkl of a PyTorch checkpoint')
    return openTorchZip(zip, folder)
  }
  const head = await firstBytes(source)
  if (beginsSafetensors(head)) return openSafetensors(source)
  if (head[0] === 0x80) return openLegacyTorch(source)
  throw new ExpectedError('not-a-checkpoint', `${source.name} is neither a PyTorch nor a safetensors checkpoint.`)
}

const brace = 0x7b
const firstBytes = (source: ByteSource): Promise<Uint8Array> => source.read(0, Math.min(source.size, 9))
/** The length of the header in eight bytes, of which the last is never needed, then the header. */
const beginsSafetensors = (head: Uint8Array): boolean => head[7] === 0 && head[8] === brace

async function zipDirectory(source: ByteSource): Promise<ZipDirectory | null> {
  const isZip = source.size >= 4 && Buffer.from(await source.read(0, 4)).readUInt32LE() === 0x04034b50
  return isZip ? ZipDirectory.read(source) : null
}

async function openFile(path: string, use: (source: ByteSource) => Promise<Checkpoint>): Promise<Checkpoint> {
  const source = await ByteSource.open(path).catch((error: unknown) => { throw refusal(path, error) })
  return closedOnFailure(source, use)
}

async function closedOnFailure(source: ByteSource, use: (source: ByteSource) => Promise<Checkpoint>): Promise<Checkpoint> {
  try {
    return await use(source)
  } catch (error) {
    await source.close()
    throw refusal(source.name, error)
  }
}
