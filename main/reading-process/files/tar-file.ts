import type { FileHandle } from 'node:fs/promises'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { decodeText } from '../../text/decode-text.ts'

export interface TarMember {
  /** With the folders in the archive. */
  readonly name: string
  /** Bytes of the archive. */
  readonly start: number
  readonly end: number
  /** Of members whose texts were wanted. */
  readonly text: string | null
}

export interface TarListing {
  readonly members: readonly TarMember[]
  /** Why the archive could not be read to its end: the end of a sentence; null when it could. */
  readonly problem: string | null
}

const block = 512
/** Members of an archive: shards have ten thousand. */
const mostMembers = 1_000_000
/** Bytes of a name that is kept apart, of a text, and of all texts. */
const longestName = 64 * 1024
const longestText = 1024 * 1024
const mostText = 256 * 1024 * 1024

/**
 * The files of a tar archive (POSIX ustar and pax, GNU's long names and large numbers) and where they lie in it; only
 * headers are read, and the members with one of the extensions. A header that lies ends the listing, and so do `most`
 * members.
 * @throws ExpectedError `not-a-file`, `annotations-malformed` for what is no archive at all.
 */
export async function listTar(
  path: string,
  {
    texts,
    most = Infinity,
    onProgress = () => undefined,
  }: { readonly texts: readonly string[]; readonly most?: number | undefined; readonly onProgress?: () => void },
): Promise<TarListing> {
  const handle = await openOrdinaryFile(path)
  const members: TarMember[] = []
  const listing = (problem: string | null): TarListing => ({ members, problem })
  try {
    const { size } = await handle.stat()
    let [position, read] = [0, 0]
    let next: { name?: string; size?: number } = {}
    for (;;) {
      const header = await bytesAt(handle, position, block)
      if (header.length === 0) return listing(english`ends without the mark of its end, as one that was cut off`)
      if (header.every(byte => byte === 0)) return listing(null)
      if (header.length < block) return listing(english`is cut off in a header at byte ${position}`)
      if (!hasRightSum(header)) {
        if (members.length > 0) return listing(english`has a damaged header at byte ${position}`)
        throw new ExpectedError('annotations-malformed', `${path} is no tar archive, or a compressed one: unpack it.`)
      }
      const start = position + block
      const stated = next.size ?? numberIn(header.subarray(124, 136))
      if (!Number.isSafeInteger(stated) || stated < 0) {
        return listing(english`has a size that is no number at byte ${position}`)
      }
      const end = start + stated
      const type = String.fromCharCode(header[156] ?? 0)
      position = start + Math.ceil(stated / block) * block
      if (end > size) return listing(english`is cut off, or a header lies, at byte ${start - block}`)
      if (type === 'L' || type === 'x') {
        if (stated > longestName) return listing(english`has a name that is too long at byte ${start - block}`)
        const bytes = await bytesAt(handle, start, stated)
        next = type === 'L' ? { ...next, name: textIn(bytes) } : { ...next, ...paxIn(bytes) }
        continue
      }
      const name = next.name ?? nameIn(header)
      next = {}
      if (type !== '0' && type !== '\0' && type !== '7') continue
      const isText = texts.some(extension => name.toLowerCase().endsWith(extension))
      if (isText && (stated > longestText || (read += stated) > mostText)) {
        return listing(english`has a text that is too large, ${name}`)
      }
      const text = isText ? decodeText(await bytesAt(handle, start, stated)).text : null
      members.push({ name, start, end, text })
      if (members.length === most) return listing(null)
      if (members.length > mostMembers) return listing(english`has more than ${mostMembers} files`)
      onProgress()
    }
  } finally {
    await handle.close()
  }
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** The sum of the bytes of a header, with spaces in the place of the sum itself. */
function hasRightSum(header: Buffer): boolean {
  const stated = numberIn(header.subarray(148, 156))
  let sum = 0
  for (const [place, byte] of header.entries()) sum += place >= 148 && place < 156 ? 0x20 : byte
  return sum === stated
}

/** Octal digits, or GNU's binary numbers, whose first bit is set. */
function numberIn(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let number = 0
    for (const [place, byte] of field.entries()) number = number * 256 + (place === 0 ? byte & 0x7f : byte)
    return number
  }
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim()
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : text === '' ? 0 : NaN
}

function nameIn(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textIn(header.subarray(345, 500)) : ''
  const name = textIn(header.subarray(0, 100))
  return prefix === '' ? name : `${prefix}/${name}`
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** `LENGTH KEY=VALUE\n`, one after the other. */
function paxIn(bytes: Buffer): { name?: string; size?: number } {
  const found: { name?: string; size?: number } = {}
  for (let at = 0; at < bytes.length;) {
    const [head, length] = /^(\d{1,6}) /.exec(bytes.toString('latin1', at, at + 8)) ?? []
    if (head === undefined || Number(length) <= head.length) break
    const [, key, value] =
      /^([^=]+)=([^]*)\n$/.exec(bytes.toString('utf8', at + head.length, at + Number(length))) ?? []
    if (key === 'path' && value !== undefined) found.name = value
    if (key === 'size' && value !== undefined) found.size = Number(value)
    at += Number(length)
  }
  return found
}
