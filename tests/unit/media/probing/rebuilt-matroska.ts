import { elementIds } from '../../../../main/media/containers/matroska/ebml.ts'

interface Element {
  readonly id: number
  readonly content: Buffer
}

/** Elements that hold others. */
const masters = new Set<number>([
  ...[elementIds.EBML, elementIds.Segment, elementIds.Tracks, elementIds.TrackEntry, elementIds.Video],
  ...[elementIds.Cluster, elementIds.BlockGroup],
])
/** Places of elements are not the same any more. */
const leftOut = new Set<number>([...[elementIds.SeekHead, elementIds.Cues, elementIds.Void, elementIds['CRC-32']]])

/** An element with its size in eight bytes; `isOpen`: of unknown size. */
export function element(id: number, content: Buffer, { isOpen = false } = {}): Buffer {
  const name = Buffer.from(id.toString(16), 'hex')
  const size = Buffer.alloc(8, isOpen ? 0xff : 0)
  if (!isOpen) size.writeUIntBE(content.length, 2, 6)
  size[0] = 1
  return Buffer.concat([name, size, content])
}

export const whole = (id: number, value: number): Buffer => element(id, Buffer.from([value >> 8, value & 255]))

function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  const length = (at: number): number => Math.clz32(bytes.readUInt8(at)) - 23
  for (let at = 0; at < bytes.length;) {
    const [name, size] = [length(at), length(at + length(at))]
    const start = at + name + size
    const count = Number(BigInt.asUintN(7 * size, BigInt(`0x${bytes.toString('hex', at + name, start)}`)))
    found.push({ id: bytes.readUIntBE(at, name), content: bytes.subarray(start, start + count) })
    at = start + count
  }
  return found
}

/** What stands in the place of an element: by default itself, with what it holds rebuilt. */
export type Rebuild = (id: number, content: Buffer) => Buffer | undefined

/** The same file with some of its elements replaced, `rebuild` being given their content as rebuilt. */
export function rebuilt(bytes: Buffer, rebuild: Rebuild): Buffer {
  return Buffer.concat(
    elements(bytes)
      .filter(({ id }) => !leftOut.has(id))
      .map(({ id, content }) => {
        const inside = masters.has(id) ? rebuilt(content, rebuild) : content
        return rebuild(id, inside) ?? element(id, inside)
      }),
  )
}
