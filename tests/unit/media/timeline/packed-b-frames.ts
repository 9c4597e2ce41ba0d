const vopStart = Buffer.from([0, 0, 1, 0xb6])
/** By this a decoder knows that pictures lie in each other's packets. */
const packed = Buffer.concat([Buffer.from([0, 0, 1, 0xb2]), Buffer.from('DivX503b1393p\0')])
/** A picture that is not coded: it stands in the stream where the B-frame would have been. */
const placeholder = Buffer.concat([vopStart, Buffer.from([0x50, 0x00, 0x0f])])
const bFrame = 2

/**
 * An AVI of MPEG-4 with single B-frames, as DivX stored them: each in the packet of the picture before it in decoding
 * order, and a placeholder in its own. FFmpeg writes no such files.
 */
export function packBFrames(avi: Buffer): Buffer {
  const movi = avi.indexOf('movi')
  const pictures: Buffer[] = []
  for (let at = movi + 4; avi.toString('latin1', at, at + 2) === '00';) {
    const size = avi.readUInt32LE(at + 4)
    pictures.push(avi.subarray(at + 8, at + 8 + size))
    at += 8 + size + (size & 1)
  }
  const stored: Buffer[] = []
  for (const picture of pictures) {
    const vop = picture.indexOf(vopStart)
    const last = stored.at(-1)
    if (last && (picture[vop + 4] ?? 0) >> 6 === bFrame) {
      stored[stored.length - 1] = Buffer.concat([last, picture])
      stored.push(placeholder)
    } else {
      stored.push(vop === 0 ? picture : Buffer.concat([picture.subarray(0, vop), packed, picture.subarray(vop)]))
    }
  }
  return rewritten(avi, movi, stored)
}

function rewritten(avi: Buffer, movi: number, packets: readonly Buffer[]): Buffer {
  const [chunks, index]: [Buffer[], Buffer[]] = [[], []]
  let offset = 4
  for (const packet of packets) {
    chunks.push(chunk('00dc', packet))
    const entry = Buffer.from('00dc            ')
    entry.writeUInt32LE(packet.includes(packed) ? 0x10 : 0, 4)
    entry.writeUInt32LE(offset, 8)
    entry.writeUInt32LE(packet.length, 12)
    index.push(entry)
    offset += chunks.at(-1)?.length ?? 0
  }
  const list = chunk('LIST', Buffer.concat([Buffer.from('movi'), ...chunks]))
  const head = Buffer.from(avi.subarray(0, movi - 8))
  const file = Buffer.concat([head, list, chunk('idx1', Buffer.concat(index))])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length & 1)])
}
