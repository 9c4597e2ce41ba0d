import { tmpdir } from 'node:os'
import { stat } from 'node:fs/promises'
import { ExpectedError } from '../expected-error.ts'
import type { ByteSource } from './byte-source.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'
import { unpackMember } from './unpacked-member.ts'
import type { ZipDirectory, ZipMember } from './zip-directory.ts'

const separator = '::'
const mostListed = 20

export interface ArchiveOptions {
  /** Where a deflated member is unpacked to while the checkpoint is open; the system's temporary folder without it. */
  readonly scratch?: string
  readonly signal?: AbortSignal
}

/**
 * `archive.zip::folder/member.bin` as the file and the member in it; the member is null for a plain path.
 * A file that has the whole as its name wins.
 */
export async function splitMemberPath(path: string): Promise<{ file: string, member: string | null }> {
  const at = path.lastIndexOf(separator)
  if (at < 0 || await stat(path).then(() => true, () => false)) return { file: path, member: null }
  return { file: path.slice(0, at), member: path.slice(at + separator.length).replaceAll('\\', '/') }
}

/**
 * The checkpoint inside an archive, to be read in place when it is stored, else unpacked once.
 * @param name The member's path; null stands for the only checkpoint there is.
 * @throws ExpectedError listing the checkpoints when the name is none of them or several could be meant.
 */
export async function openArchiveMember(directory: ZipDirectory, name: string | null, { scratch = tmpdir(), signal }: ArchiveOptions): Promise<ByteSource> {
  const member = chooseMember(directory, name)
  if (member.packing === 'unknown') throw new MalformedCheckpoint(`its entry ${shown(member.name)} is encrypted or packed in a way other than deflate`)
  return member.packing === 'stored' ? directory.packed(member) : unpackMember(directory, member, scratch, signal)
}

function chooseMember({ source, members }: ZipDirectory, name: string | null): ZipMember {
  const checkpoints = [...members.values()].filter(member => /\.(bin|pth?|ckpt|safetensors)$/i.test(member.name))
  const [only] = checkpoints
  const chosen = name !== null ? members.get(name) : checkpoints.length === 1 ? only : undefined
  if (chosen) return chosen
  if (!only) throw new ExpectedError('not-a-checkpoint', `${source.name} is a zip archive without a checkpoint: neither the data.pkl that PyTorch writes nor a .bin, .pt, .pth or .safetensors file is in it.`)
  const list = checkpoints.slice(0, mostListed).map(member => shown(member.name)).join(', ') + (checkpoints.length > mostListed ? ', …' : '')
  throw new ExpectedError('archive-member', name === null
    ? `${source.name} holds ${checkpoints.length} checkpoints; name one of them after two colons, as in ${source.name}${separator}${shown(only.name)}: ${list}.`
    : `${source.name} has no ${shown(name)}; its checkpoints are: ${list}.`)
}
