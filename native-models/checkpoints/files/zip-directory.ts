import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import type { ByteSource } from './byte-source.ts'
import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'

const maxMembers = 50_000
/** Names, comments and extra fields of all members together. */
const maxDirectoryBytes = 16 * 2 ** 20
const localHeaderBytes = 30

/** A file in a zip archive. */
export interface ZipMember {
  readonly name: string
  /** Bytes when unpacked, as the directory says. */
  readonly size: number
  /** Bytes in the archive. */
  readonly packedSize: number
  readonly packing: 'stored' | 'deflated' | 'unknown'
  readonly crc32: number
}

/**
 * The members of a zip archive, without their contents. Names that lead outside, names given twice and members that
 * overlap are refused.
 */
export class ZipDirectory {
  readonly source: ByteSource
  readonly members: ReadonlyMap<string, ZipMember>
  readonly #zip: ZipFile
  readonly #places: ReadonlyMap<ZipMember, { entry: Entry; limit: number }>

  private constructor(source: ByteSource, zip: ZipFile, entries: readonly Entry[]) {
    this.source = source
    this.#zip = zip
    const members = new Map<string, ZipMember>()
    const places = new Map<ZipMember, { entry: Entry; limit: number }>()
    const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
    for (const [index, entry] of inOrder.entries()) {
      const limit = inOrder[index + 1]?.relativeOffsetOfLocalHeader ?? source.size
      const member: ZipMember = {
        name: entry.fileName,
        size: entry.uncompressedSize,
        packedSize: entry.compressedSize,
        crc32: entry.crc32,
        packing: entry.isEncrypted()
          ? 'unknown'
          : entry.compressionMethod === 0
            ? 'stored'
            : entry.compressionMethod === 8
              ? 'deflated'
              : 'unknown',
      }
      if (members.has(member.name)) throw new MalformedCheckpoint(`it has two entries named ${shown(member.name)}`)
      assertRoom(member, entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.fileNameLength, limit)
      members.set(member.name, member)
      places.set(member, { entry, limit })
    }
    this.members = members
    this.#places = places
  }

  /** @throws MalformedCheckpoint for an archive that is truncated, damaged or made to mislead. */
  static async read(source: ByteSource): Promise<ZipDirectory> {
    const zip = await fromYauzl(
      yauzl.fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
        lazyEntries: true,
        autoClose: false,
      }),
    )
    if (zip.entryCount > maxMembers) {
      throw new MalformedCheckpoint(`it has ${zip.entryCount} entries, more than any checkpoint`)
    }
    const entries: Entry[] = []
    let bytes = 0
    const all = zip.eachEntry()
    for (let next = await fromYauzl(all.next()); !next.done; next = await fromYauzl(all.next())) {
      const entry = next.value
      bytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
      if (bytes > maxDirectoryBytes) {
        throw new MalformedCheckpoint('its table of contents is larger than that of any checkpoint')
      }
      entries.push(entry)
    }
    return new ZipDirectory(source, zip, entries)
  }

  /** The bytes of a member as they lie in the archive: its content when it is stored, else packed. */
  async packed(member: ZipMember): Promise<ByteSource> {
    const place = this.#places.get(member)
    if (!place) throw new Error(`${member.name} is a member of another archive`)
    const { fileDataStart } = await fromYauzl(this.#zip.readLocalFileHeaderPromise(place.entry, { minimal: true }))
    assertRoom(member, fileDataStart, place.limit)
    return this.source.part(`${this.source.name}::${member.name}`, fileDataStart, member.packedSize)
  }
}

function assertRoom({ name, packedSize }: ZipMember, start: number, limit: number): void {
  if (start + packedSize > limit) {
    throw new MalformedCheckpoint(
      `its entry ${shown(name)} overlaps with the next or reaches beyond the end of the file`,
    )
  }
}

/** yauzl reads through this; every read is checked against the size first. */
class SourceReader extends yauzl.RandomAccessReader {
  readonly #source: ByteSource

  constructor(source: ByteSource) {
    super()
    this.#source = source
  }

  // eslint-disable-next-line @typescript-eslint/max-params -- yauzl calls it.
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#source.read(position, length).then(bytes => {
      buffer.set(bytes, offset)
      callback(null)
    }, callback)
  }
}

/** yauzl's own complaints about a file are plain errors. */
async function fromYauzl<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error || 'syscall' in error) throw error
    if (/end of central directory|invalid comment length/i.test(error.message)) {
      throw new MalformedCheckpoint('the table of contents at its end is missing', { incomplete: true, cause: error })
    }
    const [, path] =
      /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s.exec(error.message) ?? []
    throw new MalformedCheckpoint(
      path === undefined
        ? `its zip structure is damaged (${shown(error.message)})`
        : `its entry ${shown(path)} leads out of the archive`,
      { cause: error },
    )
  }
}
