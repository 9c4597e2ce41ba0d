/** Rows and queries are filled up with zeros to a multiple of this many numbers. */
export const lanes = 16
/** A page of WebAssembly memory, bytes, and as many as its addresses reach. */
export const pageBytes = 65536
export const mostPages = 65536

/**
 * A WebAssembly module that exports `dots(query, row, count, bytes, out)`: the dot product of one query with `count`
 * rows of `bytes` each, one float32 after the other at `out`. Addresses are bytes of the shared memory `m.memory`;
 * `bytes` is a multiple of 64. Written out here because JavaScript has no vector instructions and a compiler for one
 * loop would be a dependency:
 *
 *     loop each row
 *       sum0 … sum3 = 0, q = query, end = query + bytes
 *       loop each 16 numbers
 *         sumK += load(q + 16 K) * load(row + 16 K)
 *         row += 64, q += 64; again while q < end
 *       store(out, all lanes of sum0 + … + sum3)
 *       out += 4; again while --count
 */
export function dotProducts(): Uint8Array<ArrayBuffer> {
  const [query, row, count, bytes, out, q, end, sums] = [0, 1, 2, 3, 4, 5, 6, 7] as const
  const each = [0, 1, 2, 3]
  const move = (local: number, by: number): number[] => [...get(local), ...constant(by), op.add, ...set(local)]
  const code = [
    ...[op.loop, op.noResult],
    ...each.flatMap(part => [...vector(op.vectorConstant), ...new Array<number>(16).fill(0), ...set(sums + part)]),
    ...[...get(query), ...set(q), ...get(query), ...get(bytes), op.add, ...set(end)],
    ...[op.loop, op.noResult],
    ...each.flatMap(part => [
      ...get(sums + part),
      ...loadVector(q, 16 * part),
      ...loadVector(row, 16 * part),
      ...[...vector(op.multiply), ...vector(op.sum), ...set(sums + part)],
    ]),
    ...move(row, 64),
    ...move(q, 64),
    ...[...get(q), ...get(end), op.less, op.againIf, 0, op.end],
    ...[...get(sums), ...get(sums + 1), ...vector(op.sum)],
    ...[...get(sums + 2), ...get(sums + 3), ...vector(op.sum), ...vector(op.sum), ...set(sums)],
    ...get(out),
    ...each.flatMap(lane => [...get(sums), ...vector(op.lane), lane]),
    ...[op.sumLanes, op.sumLanes, op.sumLanes, op.store, 2, 0],
    ...move(out, 4),
    ...move(count, -1),
    ...[...get(count), op.againIf, 0, op.end, op.end],
  ]
  const { int, vector128 } = type
  const body = [2, 2, int, 4, vector128, ...code]
  return Uint8Array.from([
    ...[0, ...ascii('asm'), 1, 0, 0, 0],
    ...section(1, [1, type.function, ...listed([int, int, int, int, int]), 0]),
    ...section(2, [1, ...name('m'), ...name('memory'), 2, 3, 1, ...unsigned(mostPages)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('dots'), 0, 0]),
    ...section(10, [1, ...listed(body)]),
  ])
}

const type = { int: 0x7f, vector128: 0x7b, function: 0x60 } as const
const op = {
  ...{ loop: 0x03, noResult: 0x40, end: 0x0b, againIf: 0x0d, get: 0x20, set: 0x21, constant: 0x41 },
  ...{ less: 0x49, add: 0x6a, store: 0x38, sumLanes: 0x92 },
  // Of vectors, after a byte of their own.
  ...{ vectors: 0xfd, load: 0x00, vectorConstant: 0x0c, lane: 0x1f, sum: 0xe4, multiply: 0xe6 },
} as const

const ascii = (text: string): number[] => [...Buffer.from(text, 'ascii')]
const listed = (items: readonly number[]): number[] => [...unsigned(items.length), ...items]
const name = (text: string): number[] => listed(ascii(text))
const section = (id: number, content: readonly number[]): number[] => [id, ...listed(content)]
const get = (local: number): number[] => [op.get, local]
const set = (local: number): number[] => [op.set, local]
const constant = (value: number): number[] => [op.constant, ...signed(value)]
const vector = (code: number): number[] => [op.vectors, ...unsigned(code)]
const loadVector = (local: number, offset: number): number[] => [
  ...get(local),
  ...[...vector(op.load), 4, ...unsigned(offset)],
]

/** LEB128, seven bits a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}
