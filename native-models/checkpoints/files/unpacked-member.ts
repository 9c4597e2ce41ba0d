import { randomUUID } from 'node:crypto'
import { mkdir, open, statfs, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { isDiskFull } from '../../disk-full.ts'
import { ExpectedError } from '../../expected-error.ts'
import { ByteSource } from './byte-source.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'
import type { ZipDirectory, ZipMember } from './zip-directory.ts'

const chunkBytes = 2 ** 20
/**
 * Weights hardly compress, zeros do. A small file may be all zeros; a large one with such a ratio was made to fill the
 * disk.
 */
const harmlessBytes = 64 * 2 ** 20
const maxRatio = 100

interface Watch {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (() => void) | undefined
  /**
   * The file to unpack into, which the caller deletes; without it one that loses its name at once, so that nothing is
   * left however the program ends.
   */
  readonly target?: string | undefined
}

/**
 * Unpacks a deflated member once, streamed, into a temporary file of `folder`, for a checkpoint is not read from front
 * to back.
 * @throws ExpectedError when the disk has no room for it.
 * @throws MalformedCheckpoint when it is not what the directory says.
 */
export async function unpackMember(
  directory: ZipDirectory,
  member: ZipMember,
  { folder, ...watch }: { readonly folder: string } & Watch,
): Promise<ByteSource> {
  const packed = await directory.packed(member)
  if (member.size > harmlessBytes && member.size / member.packedSize > maxRatio) {
    throw new MalformedCheckpoint(
      `its entry ${shown(member.name)} claims to unpack to ${Math.round(member.size / member.packedSize)} times its size, as no weights do`,
    )
  }
  const full = (cause?: unknown) =>
    new ExpectedError(
      'disk-full',
      `Unpacking ${packed.name} takes ${gigabytes(member.size)} in ${folder}, which the disk does not have; free some space, or unpack the archive elsewhere and give the file itself.`,
      { cause },
    )
  await mkdir(folder, { recursive: true })
  const { bavail, bsize } = await statfs(folder)
  if (member.size > bavail * bsize) throw full()
  const path = watch.target ?? join(folder, `.unpacked-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    if (watch.target === undefined) await unlink(path)
    await inflateInto(file, packed, { member, ...watch })
    return new ByteSource({ name: packed.name, path, file, start: 0, size: member.size })
  } catch (error) {
    await file.close()
    throw isDiskFull(error) ? full(error) : error
  }
}

async function inflateInto(
  file: FileHandle,
  packed: ByteSource,
  { member: { name, size, crc32: expected }, signal, onProgress }: { readonly member: ZipMember } & Watch,
): Promise<void> {
  let written = 0
  let checksum = 0
  const damaged = (cause?: unknown) =>
    new MalformedCheckpoint(
      `its entry ${shown(name)} cannot be unpacked to the ${size} bytes that the archive says it has`,
      { cause },
    )
  try {
    await pipeline(
      chunks(packed),
      createInflateRaw({ chunkSize: chunkBytes }),
      async (inflated: AsyncIterable<Buffer>) => {
        for await (const chunk of inflated) {
          if (written + chunk.length > size) throw damaged()
          checksum = crc32(chunk, checksum)
          await file.writeFile(chunk)
          written += chunk.length
          onProgress?.()
        }
      },
      signal ? { signal } : {},
    )
  } catch (error) {
    const fromZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    throw fromZlib ? damaged(error) : error
  }
  if (written !== size || checksum !== expected) throw damaged()
}

async function* chunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += chunkBytes) yield source.read(at, Math.min(chunkBytes, source.size - at))
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
