import type { FileHandle } from 'node:fs/promises'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { fileProblem } from '../../../storage/files/file-problem.ts'
import { openFile } from '../../../storage/files/packed-file.ts'
import type { Packets } from './packets.ts'

/** What of the bytes listed may follow the last packet: an index, or what other streams have. */
const usualRest = 0.05
const stretchBytes = 2 ** 20
const attempts = 3

/**
 * A list of packets that ended with the file, and not where the drive refused bytes: there ffprobe ends without a word.
 * What follows the last packet is read by ourselves, and where that is much the list is made again.
 * @throws ExpectedError `video-unreadable` when that cannot be read; as `list`; the abort reason.
 */
export async function readToEnd<List>(
  path: string,
  {
    list,
    packetsOf,
    signal,
  }: {
    readonly list: () => Promise<List>
    readonly packetsOf: (list: List) => Iterable<Packets>
    readonly signal: AbortSignal | undefined
  },
): Promise<List> {
  let found = await list()
  let listed = stretchOf(packetsOf(found))
  for (let attempt = 1; attempt < attempts && listed !== null; attempt += 1) {
    const rest = await readFrom(path, listed.end, signal)
    if (rest <= usualRest * (listed.end - listed.start + rest)) break
    const again = await list()
    const other = stretchOf(packetsOf(again))
    // What it lacks is the file's own.
    if (other === null || other.end <= listed.end) break
    ;[found, listed] = [again, other]
  }
  return found
}

/** From the first byte of packets to the last; null where their places are not known. */
function stretchOf(all: Iterable<Packets>): { start: number; end: number } | null {
  let [start, end] = [Infinity, 0]
  for (const { positions, sizes } of all) {
    for (const [index, position] of positions.entries()) {
      if (!(position >= 0)) continue
      start = Math.min(start, position)
      end = Math.max(end, position + (sizes[index] || 0))
    }
  }
  return start < end ? { start, end } : null
}

/** Reads a file from a byte on. @returns how many there were. @throws ExpectedError `video-unreadable`. */
export async function readFrom(path: string, from: number, signal: AbortSignal | undefined): Promise<number> {
  let file: FileHandle | null = null
  try {
    file = await openFile(path)
    const buffer = Buffer.alloc(stretchBytes)
    for (let rest = 0; ;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, stretchBytes, from + rest)
      if (bytesRead === 0) return rest
      rest += bytesRead
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw new ExpectedError('video-unreadable', fileProblem(path, error), { cause: error })
  } finally {
    await file?.close()
  }
}
