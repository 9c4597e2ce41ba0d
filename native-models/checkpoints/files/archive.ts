import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { ExpectedError } from '../../expected-error.ts'
import type { ByteSource } from './byte-source.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'
import { unpackMember } from './unpacked-member.ts'
import type { ZipDirectory, ZipMember } from './zip-directory.ts'

const separator = '::'
const mostListed = 20

export interface ArchiveOptions {
  /** Where a deflated member is unpacked to while the checkpoint is open; the system's temporary folder without it. */
  readonly scratch?: string
  readonly signal?: AbortSignal | undefined
  /** Called while a member is unpacked. */
  readonly onProgress?: (() => void) | undefined
  /** A file in `scratch` to unpack into, which the caller deletes; by default one without a name. */
  readonly target?: string | undefined
}

/**
 * A path and what is named in the file: `archive.zip::folder/member.bin` a member of an archive, `training.pth::ema` a
 * state dict by its key, `archive.zip::member.pth::ema` both. A file that has more of the path as its name wins.
 */
export async function splitNames(path: string): Promise<{ file: string; names: string[] }> {
  const [first = '', ...rest] = path.split(separator)
  for (let taken = rest.length; taken > 0; taken--) {
    const file = [first, ...rest.slice(0, taken)].join(separator)
    if (
      await stat(file).then(
        () => true,
        () => false,
      )
    ) {
      return { file, names: rest.slice(taken) }
    }
  }
  return { file: first, names: rest }
}

/**
 * The checkpoint inside an archive, to be read in place when it is stored, else unpacked once.
 * @param name The member's path, or its end where no other checkpoint ends so; null stands for the only checkpoint
 * there is.
 * @throws ExpectedError listing the checkpoints when the name is none of them or several could be meant.
 */
export async function openArchiveMember(
  directory: ZipDirectory,
  name: string | null,
  { scratch = tmpdir(), signal, onProgress, target }: ArchiveOptions,
): Promise<ByteSource> {
  const member = chooseMember(directory, name?.replaceAll('\\', '/') ?? null)
  if (member.packing === 'unknown') {
    throw new MalformedCheckpoint(`its entry ${shown(member.name)} is encrypted or packed in a way other than deflate`)
  }
  return member.packing === 'stored'
    ? directory.packed(member)
    : unpackMember(directory, member, { folder: scratch, signal, onProgress, target })
}

function chooseMember({ source, members }: ZipDirectory, name: string | null): ZipMember {
  const checkpoints = [...members.values()].filter(member => /\.(bin|pth?|ckpt|safetensors)$/i.test(member.name))
  const [only] = checkpoints
  const named = name === null ? checkpoints : checkpoints.filter(member => member.name.endsWith(`/${name}`))
  const chosen = (name === null ? null : members.get(name)) ?? (named.length === 1 ? named[0] : undefined)
  if (chosen) return chosen
  if (!only) {
    throw new ExpectedError(
      'not-a-checkpoint',
      `${source.name} is a zip archive without a checkpoint: neither the data.pkl that PyTorch writes nor a .bin, .pt, .pth or .safetensors file is in it.`,
    )
  }
  const list =
    checkpoints
      .slice(0, mostListed)
      .map(member => shown(member.name))
      .join(', ') + (checkpoints.length > mostListed ? ', …' : '')
  throw new ExpectedError(
    'archive-member',
    name === null
      ? `${source.name} holds ${checkpoints.length} checkpoints; name one of them after two colons, as in ${source.name}${separator}${shown(only.name)}: ${list}.`
      : `${source.name} has no ${shown(name)}; its checkpoints are: ${list}.`,
  )
}
