import { chunks } from '../../../../main/media/containers/avi/riff-chunks.ts'

interface Packet {
  readonly id: string
  readonly content: Buffer
}
/** An entry of the list of packets. Bytes: `place` from the list `movi`, `position` from the beginning of the file. */
interface Entry {
  readonly id: string
  readonly flags: number
  readonly place: number
  readonly position: number
  readonly size: number
}

/** What is different in a file that is written anew. */
export interface RebuiltAvi {
  readonly headers?: (header: Packet) => boolean
  readonly order?: (packets: readonly Packet[]) => readonly Packet[]
  readonly packets?: (packet: Packet, number: number, isLast: boolean) => readonly Packet[]
  readonly index?: (entry: Entry, number: number, isLast: boolean) => Entry | undefined
  readonly behind?: Buffer
}

/** An AVI file of one `RIFF` with the packets of another in the same order, but for what is to be different. */
export function rebuiltAvi(avi: Buffer, rebuild: RebuiltAvi): Buffer {
  const [whole] = chunks(avi)
  const parts = chunks(whole?.content ?? Buffer.alloc(0))
  const part = (id: string): Buffer => parts.find(each => each.id === id)?.content ?? Buffer.alloc(0)
  const headers = kept(part('hdrl'), rebuild)
  const packets = chunks(part('movi'))
  const ordered = rebuild.order?.(packets) ?? packets
  const stored = ordered.flatMap((packet, number) =>
    rebuild.packets ? rebuild.packets(packet, number, number === ordered.length - 1) : [packet],
  )
  const head = Buffer.concat([Buffer.from('RIFF    AVI '), list('hdrl', headers)])
  const keys = keyed(part('idx1'), packets)
  const entries: Entry[] = []
  let place = 4
  for (const { id, content } of stored) {
    const flags = keys.has(content) ? 0x10 : 0
    if (id !== 'JUNK') entries.push({ id, flags, place, position: head.length + 8 + place, size: content.length })
    place += chunk(id, content).length
  }
  const index = entries.flatMap((each, number) => {
    const written = rebuild.index ? rebuild.index(each, number, number === entries.length - 1) : each
    return written ? [indexEntry(written)] : []
  })
  const file = Buffer.concat([
    head,
    list(
      'movi',
      stored.map(({ id, content }) => chunk(id, content)),
    ),
    ...(index.length > 0 ? [chunk('idx1', Buffer.concat(index))] : []),
  ])
  file.writeUInt32LE(file.length - 8, 4)
  return Buffer.concat([file, rebuild.behind ?? Buffer.alloc(0)])
}

/** The file with another number at a place of its first stream's header. */
export function withHeader(avi: Buffer, place: number, value: number): Buffer {
  const changed = Buffer.from(avi)
  changed.writeUInt32LE(value, changed.indexOf('strh') + 8 + place)
  return changed
}

/** The headers that are to stay, also of those in the list of a stream. */
function kept(headers: Buffer, rebuild: RebuiltAvi): Buffer[] {
  return chunks(headers).flatMap(({ id, isList, content }) => {
    if (rebuild.headers?.({ id, content }) === false) return []
    return [isList ? list(id, id === 'strl' ? kept(content, rebuild) : [content]) : chunk(id, content)]
  })
}

/** The contents of packets that the list marks. */
function keyed(index: Buffer, packets: readonly Packet[]): Set<Buffer> {
  return new Set(
    packets
      .filter((_packet, number) => (index.readUInt32LE(16 * number + 4) & 0x10) !== 0)
      .map(({ content }) => content),
  )
}

function indexEntry({ id, flags, place, size }: Entry): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.write(id, 'latin1')
  bytes.writeUInt32LE(flags, 4)
  bytes.writeUInt32LE(place, 8)
  bytes.writeUInt32LE(size, 12)
  return bytes
}

function chunk(id: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(id, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length & 1)])
}

const list = (id: string, contents: readonly Buffer[]): Buffer =>
  chunk('LIST', Buffer.concat([Buffer.from(id), ...contents]))
