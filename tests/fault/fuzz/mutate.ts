import { uniformStream } from '../../../native-models/starter/random.ts'

/** Values that lengths, counts and offsets are likely to be mishandled at. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
]

type Pick = (below: number) => number
type Mutation = (bytes: Buffer, pick: Pick, donor: Buffer) => Buffer

const place = (bytes: Buffer, pick: Pick): number => pick(bytes.length + 1)

const mutations: readonly Mutation[] = [
  function flipBits(bytes, pick) {
    const flipped = Buffer.from(bytes)
    for (let count = 1 + pick(8); count > 0 && flipped.length > 0; count--) {
      flipped[pick(flipped.length)]! ^= 1 << pick(8)
    }
    return flipped
  },
  function truncate(bytes, pick) {
    return bytes.subarray(0, place(bytes, pick))
  },
  function editNumber(bytes, pick) {
    const edited = Buffer.from(bytes)
    const value = Buffer.alloc(8)
    value.writeBigUInt64LE(extremes[pick(extremes.length)]!)
    value.copy(edited, place(edited, pick), 0, 1 << pick(4))
    return edited
  },
  function addToNumber(bytes, pick) {
    const edited = Buffer.from(bytes)
    if (edited.length >= 4) {
      const at = pick(edited.length - 3)
      edited.writeInt32LE((edited.readInt32LE(at) + pick(9) - 4) | 0, at)
    }
    return edited
  },
  function remove(bytes, pick) {
    const at = place(bytes, pick)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(64))])
  },
  function repeat(bytes, pick) {
    const at = place(bytes, pick)
    const part = bytes.subarray(at, at + 1 + pick(32))
    return Buffer.concat([
      bytes.subarray(0, at),
      ...Array.from({ length: 2 + pick(200) }, () => part),
      bytes.subarray(at),
    ])
  },
  function splice(bytes, pick, donor) {
    const from = place(donor, pick)
    const part = donor.subarray(from, from + 1 + pick(128))
    const at = place(bytes, pick)
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at + pick(2) * part.length)])
  },
]

/**
 * The mutation with number `index` of some files of one format: one of them, changed one to three times. The same for
 * the same arguments.
 */
export function mutated(files: readonly Buffer[], seed: number, index: number): Buffer {
  const random = uniformStream(seed * 1_000_003 + index)
  const pick: Pick = below => Math.floor(random() * below)
  let bytes = files[pick(files.length)]!
  for (let count = 1 + pick(3); count > 0; count--) {
    bytes = mutations[pick(mutations.length)]!(bytes, pick, files[pick(files.length)]!)
  }
  return bytes
}
