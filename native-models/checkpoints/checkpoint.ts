import { ExpectedError } from '../expected-error.ts'
import { openArchiveMember, splitNames } from './files/archive.ts'
import type { ArchiveOptions } from './files/archive.ts'
import { ByteSource } from './files/byte-source.ts'
import { checkpointOf } from './files/checkpoint-layout.ts'
import type { CheckpointLayout } from './files/checkpoint-layout.ts'
import type { Checkpoint } from './files/checkpoint-tensor.ts'
import { MalformedCheckpoint, refusal } from './files/malformed-checkpoint.ts'
import { ZipDirectory } from './files/zip-directory.ts'
import { safetensorsLayout } from './safetensors/safetensors.ts'
import { shardedLayout } from './sharded.ts'
import { legacyTorchLayout } from './torch/torch-legacy.ts'
import { torchFolder, torchZipLayout } from './torch/torch-zip.ts'
import { withoutPrefixes } from './wrapper-prefixes.ts'

/**
 * Opens a checkpoint in this thread; see {@link checkpointLayout}. What a stranger may have written is opened where it
 * can be ended.
 */
export async function openCheckpoint(path: string, options: ArchiveOptions = {}): Promise<Checkpoint> {
  return checkpointOf(await checkpointLayout(path, options))
}

/**
 * What is where in a PyTorch checkpoint (.bin, .pt, .pth; of the zip format or the one before 1.6), a safetensors file
 * or the index of a checkpoint in several files, recognised by content. Prefixes that wrappers put before all names are
 * left out. In a zip archive it is the only checkpoint there, or the one that `archive.zip::folder/member.bin` names;
 * `training.pth::ema` names one of several state dicts in a file. Only directories and pickles are read; nothing in the
 * file is executed.
 * @throws ExpectedError naming the file when it is missing, is no checkpoint, is truncated, misleads, or several state
 * dicts could be meant.
 */
export async function checkpointLayout(path: string, options: ArchiveOptions = {}): Promise<CheckpointLayout> {
  const { file, names } = await splitNames(path)
  const layout = await openFile(file, async source => {
    const zip = await zipDirectory(source)
    if (zip && torchFolder(zip) === null) return memberLayout(zip, names, options)
    const head = await firstBytes(source)
    if (names.length > 1) throw notInside(file)
    // The files of an index are opened as they are, so that none can be an index again.
    return head[0] === brace && !beginsSafetensors(head)
      ? shardedLayout(source, shard => openFile(shard, one => singleLayout(one)))
      : singleLayout(source, names[0] ?? null)
  })
  return { ...layout, tensors: withoutPrefixes(layout.tensors) }
}

async function memberLayout(
  archive: ZipDirectory,
  names: readonly string[],
  options: ArchiveOptions,
): Promise<CheckpointLayout> {
  if (names.length > 2) throw notInside(archive.source.name)
  const source = await openArchiveMember(archive, names[0] ?? null, options)
  const layout = await closedOnFailure(source, one => singleLayout(one, names[1] ?? null))
  // An unpacked member is a file of its own.
  if (source.path !== archive.source.path) await archive.source.close()
  return layout
}

/** A checkpoint that is one file. @param key of a state dict in it; null where there must be only one. */
async function singleLayout(source: ByteSource, key: string | null = null): Promise<CheckpointLayout> {
  const zip = await zipDirectory(source)
  if (zip) {
    const folder = torchFolder(zip)
    if (folder === null) throw new MalformedCheckpoint('it is a zip file without the data.pkl of a PyTorch checkpoint')
    return torchZipLayout(zip, folder, key)
  }
  const head = await firstBytes(source)
  if (head[0] === 0x80) return legacyTorchLayout(source, key)
  if (key !== null) throw notInside(source.name)
  if (!beginsSafetensors(head)) {
    throw new ExpectedError('not-a-checkpoint', `${source.name} is neither a PyTorch nor a safetensors checkpoint.`)
  }
  return safetensorsLayout(source)
}

function notInside(file: string): ExpectedError {
  return new ExpectedError(
    'not-a-checkpoint',
    `${file} is not a zip archive, so nothing can be taken out of it; give the file alone.`,
  )
}

const brace = 0x7b
const firstBytes = (source: ByteSource): Promise<Uint8Array> => source.read(0, Math.min(source.size, 9))
/** The length of the header in eight bytes, of which the last is never needed, then the header. */
const beginsSafetensors = (head: Uint8Array): boolean => head[7] === 0 && head[8] === brace

async function zipDirectory(source: ByteSource): Promise<ZipDirectory | null> {
  const isZip = source.size >= 4 && Buffer.from(await source.read(0, 4)).readUInt32LE() === 0x04034b50
  return isZip ? ZipDirectory.read(source) : null
}

async function openFile(
  path: string,
  use: (source: ByteSource) => Promise<CheckpointLayout>,
): Promise<CheckpointLayout> {
  const source = await ByteSource.open(path).catch((error: unknown) => {
    throw refusal(path, error)
  })
  return closedOnFailure(source, use)
}

async function closedOnFailure(
  source: ByteSource,
  use: (source: ByteSource) => Promise<CheckpointLayout>,
): Promise<CheckpointLayout> {
  try {
    return await use(source)
  } catch (error) {
    await source.close()
    throw refusal(source.name, error)
  }
}
