import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/**
 * A file inside a tar archive, read in place: its path names the archive, the bytes in it and the file's own name, as
 * in `/data/shard-0.tar/[512-90112]/0001.mp4`, so that whoever has the path needs nothing else.
 */
export interface PackedFile {
  readonly archive: string
  readonly start: number
  /** The first byte behind it. */
  readonly end: number
}

const packed = /^(.+\.tar)[\\/]\[(\d{1,15})-(\d{1,15})\][\\/][^\\/]+$/i

/** The path of a file in an archive. @param name its own, without a folder. */
export function packedPath({ archive, start, end }: PackedFile, name: string): string {
  return `${archive}/[${start}-${end}]/${name}`
}

/** Null for the path of a file by itself. */
export function packedFile(path: string): PackedFile | null {
  const [, archive, from, to] = packed.exec(path) ?? []
  const [start, end] = [Number(from), Number(to)]
  return archive === undefined || end < start ? null : { archive, start, end }
}

/** A path as its reader would look for it: of a file in an archive without its bytes, `shard-0.tar/0001.mp4`. */
export function pathToTell(path: string): string {
  return path.replace(/(\.tar[\\/])\[\d{1,15}-\d{1,15}\][\\/](?=[^\\/]+$)/i, '$1')
}

/** What the system says of a file; of one in an archive with the size that it has there. @throws the system's error. */
export async function statFile(path: string) {
  const inside = packedFile(path)
  if (!inside) return stat(path, { bigint: true })
  const entry = await stat(inside.archive, { bigint: true })
  return withSize(entry, BigInt(sizeIn(inside, Number(entry.size))))
}

/** Opens a file for reading by position, also one in an archive. @throws the system's error. */
export async function openFile(path: string): Promise<FileHandle> {
  const inside = packedFile(path)
  const handle = await open(inside?.archive ?? path, 'r')
  return inside ? partOf(handle, inside) : handle
}

/** A handle that sees nothing but the part. */
function partOf(handle: FileHandle, part: PackedFile): FileHandle {
  const seen = {
    /** As the handle's own, whose parameters these are. */
    async read(...[buffer, offset, length, position]: [Uint8Array, number, number, number]) {
      const left = Math.max(0, part.end - part.start - position)
      return handle.read(buffer, offset, Math.min(length, left), part.start + position)
    },
    async stat() {
      const entry = await handle.stat()
      return withSize(entry, sizeIn(part, entry.size))
    },
  }
  return new Proxy(handle, {
    get(target, key) {
      if (key === 'read' || key === 'stat') return seen[key]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** An archive that was cut off has less of its last file. */
function sizeIn({ start, end }: PackedFile, archiveSize: number): number {
  return Math.max(0, Math.min(end, archiveSize) - start)
}

function withSize<Entry extends { readonly size: number | bigint }>(entry: Entry, size: Entry['size']): Entry {
  return Object.create(entry, { size: { value: size } }) as Entry
}
