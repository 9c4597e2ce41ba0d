import { crc32, deflateRawSync } from 'node:zlib'

/** What the headers of an entry say instead of the truth. */
interface Lies {
  /** Bytes when unpacked. */
  size?: number
  /** Where the directory says the entry begins. */
  offset?: number
  encrypted?: boolean
}
type Contents = Readonly<Record<string, Uint8Array>>
interface Making {
  /** Compressed entries; torch.save writes stored ones. */
  deflated?: boolean
  /** Sizes, offsets and counts in the fields of ZIP64, as archives above 4 GB have them. */
  zip64?: boolean
  /** Where in its file the archive will lie. */
  start?: number
  lies?: Readonly<Record<string, Lies>>
}

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

/**
 * A zip archive, for making checkpoints as torch.save writes them, archives of checkpoints, broken and hostile ones.
 * Entries may be given as pairs, to give a name twice.
 */
export function zipArchive(
  entries: Contents | readonly (readonly [string, Uint8Array])[],
  { deflated = false, zip64 = false, start = 0, lies = {} }: Making = {},
): Buffer {
  const [local, central]: [Buffer[], Buffer[]] = [[], []]
  const pairs = Array.isArray(entries)
    ? (entries as readonly (readonly [string, Uint8Array])[])
    : Object.entries(entries as Contents)
  let offset = start
  for (const [name, content] of pairs) {
    const lie = lies[name] ?? {}
    const path = Buffer.from(name)
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content)
    const size = lie.size ?? content.length
    const index = lie.offset ?? offset
    const large = [u64(size), u64(deflated ? packed.length : size)]
    const extra = (values: Buffer[]): Buffer =>
      zip64 ? Buffer.concat([u16(1), u16(8 * values.length), ...values]) : Buffer.alloc(0)
    const localExtra = extra(large)
    const centralExtra = extra([...large, u64(index)])
    const common = (extraBytes: Buffer): Buffer[] => [
      u16(zip64 ? 45 : 20),
      u16(lie.encrypted ? 1 : 0),
      u16(deflated ? 8 : 0),
      u32(0),
      u32(crc32(content)),
      ...(zip64 ? [u32(0xffffffff), u32(0xffffffff)] : [u32(deflated ? packed.length : size), u32(size)]),
      u16(path.length),
      u16(extraBytes.length),
    ]
    const header = [u32(0x04034b50), ...common(localExtra), path, localExtra, packed]
    central.push(
      u32(0x02014b50),
      u16(20),
      ...common(centralExtra),
      u16(0),
      u16(0),
      u16(0),
      u32(0),
      u32(zip64 ? 0xffffffff : index),
      path,
      centralExtra,
    )
    local.push(...header)
    offset += header.reduce((sum, { length }) => sum + length, 0)
  }
  const directory = Buffer.concat(central)
  const count = pairs.length
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(count),
    u64(count),
    u64(directory.length),
    u64(offset),
    u32(0x07064b50),
    u32(0),
    u64(offset + directory.length),
    u32(1),
  ]
  const end = [
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(zip64 ? 0xffff : count),
    u16(zip64 ? 0xffff : count),
    u32(zip64 ? 0xffffffff : directory.length),
    u32(zip64 ? 0xffffffff : offset),
    u16(0),
  ]
  return Buffer.concat([...local, directory, ...(zip64 ? end64 : []), ...end])
}
