import { MalformedCheckpoint, shown } from './malformed-checkpoint.ts'

/** A value a state-dict pickle can hold; an integer that a double cannot hold is a bigint. Persistent ids and calls are resolved by the caller's allow-list. */
export type PickleValue = null | boolean | number | bigint | string | Uint8Array | PickleList | PickleTuple | PickleDict | PickleGlobal | PickleObject
export interface PickleList { readonly kind: 'list', readonly items: PickleValue[] }
export interface PickleTuple { readonly kind: 'tuple', readonly items: readonly PickleValue[] }
export interface PickleDict { readonly kind: 'dict', readonly entries: Map<PickleValue, PickleValue> }
/** The name of something importable; never imported. */
export interface PickleGlobal { readonly kind: 'global', readonly name: string }
/** Whatever the allow-list made of a call or a persistent id. */
export interface PickleObject { readonly kind: 'object' }

export interface PickleAllowList {
  /** Called for every name the pickle refers to; throws for one that is not allowed. */
  global(name: string): PickleGlobal
  /** The meaning of calling an allowed name. */
  call(name: string, args: readonly PickleValue[]): PickleValue
  /** The meaning of a persistent id, PyTorch's reference to a storage. */
  persistent(id: PickleValue): PickleValue
}

const mark = Symbol('mark')
type StackItem = PickleValue | typeof mark

/** A checkpoint of a thousand tensors has 50,000 instructions: bounds the time and memory a hostile file can ask for. */
const maxOperations = 2_000_000

/**
 * Interprets a pickle of protocol 2–5 as data. Every opcode either builds a plain value or asks the allow-list;
 * nothing is imported, evaluated or constructed otherwise.
 * @param start Where the pickle begins; `end` is where it ended, since old files hold several in a row.
 * @throws MalformedCheckpoint with a short reason for anything malformed, unknown or not allowed.
 */
export function interpretPickle(bytes: Uint8Array, allow: PickleAllowList, start = 0): { value: PickleValue, end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextDecoder('utf-8', { fatal: true })
  const stack: StackItem[] = []
  const memo = new Map<number, PickleValue>()
  let at = start
  const take = (length: number): number => {
    if (length > bytes.length - at) throw endsTooEarly()
    at += length
    return at - length
  }
  const u8 = (): number => view.getUint8(take(1))
  const u16 = (): number => view.getUint16(take(2), true)
  const u32 = (): number => view.getUint32(take(4), true)
  const u64 = (): number => Number(view.getBigUint64(take(8), true))
  const decoded = (from: number, to: number): string => {
    try {
      return text.decode(bytes.subarray(from, to))
    } catch (cause) {
      throw new MalformedCheckpoint('the pickle holds text that is not UTF-8', { cause })
    }
  }
  const string = (length: number): string => { const from = take(length); return decoded(from, from + length) }
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at)
    if (end < 0) throw endsTooEarly()
    const value = decoded(at, end)
    at = end + 1
    return value
  }
  const pop = (): PickleValue => {
    const item = stack.pop()
    if (item === undefined || item === mark) throw new MalformedCheckpoint('the pickle takes more than it has')
    return item
  }
  const top = (): PickleValue => { const item = pop(); stack.push(item); return item }
  const popMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark)
    if (from < 0) throw new MalformedCheckpoint('the pickle takes more than it has')
    const items = stack.splice(from)
    return items.slice(1) as PickleValue[]
  }
  const remember = (key: number): void => { memo.set(key, top()) }
  const recall = (key: number): void => {
    const value = memo.get(key)
    if (value === undefined) throw new MalformedCheckpoint('the pickle refers to something it never stored')
    stack.push(value)
  }
  const setItems = (items: readonly PickleValue[]): void => {
    const target = top()
    if (target === null || typeof target !== 'object' || !('kind' in target) || target.kind !== 'dict' || items.length % 2 !== 0) throw new MalformedCheckpoint('the pickle fills something that is no dictionary')
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i] as PickleValue
      if (target.entries.has(key)) throw new MalformedCheckpoint(`the pickle gives ${typeof key === 'string' ? shown(key) : 'a key'} twice`)
      target.entries.set(key, items[i + 1] as PickleValue)
    }
  }
  const append = (items: readonly PickleValue[]): void => {
    const target = top()
    if (target === null || typeof target !== 'object' || !('kind' in target) || target.kind !== 'list') throw new MalformedCheckpoint('the pickle appends to something that is no list')
    for (const item of items) target.items.push(item)
  }
  const reduce = (): void => {
    const args = pop()
    const callee = pop()
    if (!isKind(callee, 'global') || !isKind(args, 'tuple')) throw new MalformedCheckpoint('the pickle calls something that is no name')
    stack.push(allow.call(callee.name, args.items))
  }
  /** BUILD attaches attributes to an object; a state dict carries only torch's bookkeeping (`_metadata`) this way. */
  const build = (): void => { pop(); top() }

  const operations: Record<number, () => void> = {
    0x80: () => { if (u8() > 5) throw new MalformedCheckpoint('the pickle is of a protocol newer than 5') },
    0x95: () => { if (u64() > bytes.length - at) throw endsTooEarly() },
    0x28: () => { stack.push(mark) },
    0x4e: () => { stack.push(null) },
    0x88: () => { stack.push(true) },
    0x89: () => { stack.push(false) },
    0x4a: () => { stack.push(view.getInt32(take(4), true)) },
    0x4b: () => { stack.push(u8()) },
    0x4d: () => { stack.push(u16()) },
    0x8a: () => { stack.push(longInteger(bytes, take, u8())) },
    0x47: () => { stack.push(view.getFloat64(take(8), false)) },
    0x58: () => { stack.push(string(u32())) },
    0x8c: () => { stack.push(string(u8())) },
    0x8d: () => { stack.push(string(u64())) },
    0x55: () => { stack.push(string(u8())) },
    0x54: () => { stack.push(string(u32())) },
    0x43: () => { const length = u8(); const from = take(length); stack.push(bytes.slice(from, from + length)) },
    0x42: () => { const length = u32(); const from = take(length); stack.push(bytes.slice(from, from + length)) },
    0x29: () => { stack.push({ kind: 'tuple', items: [] }) },
    0x74: () => { stack.push({ kind: 'tuple', items: popMark() }) },
    0x85: () => { stack.push({ kind: 'tuple', items: [pop()] }) },
    0x86: () => { const b = pop(); stack.push({ kind: 'tuple', items: [pop(), b] }) },
    0x87: () => { const c = pop(); const b = pop(); stack.push({ kind: 'tuple', items: [pop(), b, c] }) },
    0x5d: () => { stack.push({ kind: 'list', items: [] }) },
    0x6c: () => { stack.push({ kind: 'list', items: popMark() }) },
    0x61: () => { const item = pop(); append([item]) },
    0x65: () => { append(popMark()) },
    0x7d: () => { stack.push({ kind: 'dict', entries: new Map() }) },
    0x64: () => { const items = popMark(); stack.push({ kind: 'dict', entries: new Map() }); setItems(items) },
    0x73: () => { const value = pop(); const key = pop(); setItems([key, value]) },
    0x75: () => { setItems(popMark()) },
    0x30: () => { pop() },
    0x32: () => { stack.push(top()) },
    0x71: () => { remember(u8()) },
    0x72: () => { remember(u32()) },
    0x94: () => { remember(memo.size) },
    0x68: () => { recall(u8()) },
    0x6a: () => { recall(u32()) },
    0x63: () => { const module = line(); stack.push(allow.global(`${module}.${line()}`)) },
    0x93: () => {
      const name = pop()
      const module = pop()
      if (typeof name !== 'string' || typeof module !== 'string') throw new MalformedCheckpoint('the pickle refers to something that is no name')
      stack.push(allow.global(`${module}.${name}`))
    },
    0x51: () => { stack.push(allow.persistent(pop())) },
    0x52: reduce,
    0x62: build,
  }
  for (let count = 0; count < maxOperations; count++) {
    const opcode = u8()
    if (opcode === 0x2e) return { value: pop(), end: at }
    const operation = operations[opcode]
    if (!operation) throw new MalformedCheckpoint(`the pickle holds the instruction 0x${opcode.toString(16)}, which no state dict needs`)
    operation()
  }
  throw new MalformedCheckpoint(`its pickle has more than ${maxOperations} instructions, as no checkpoint needs`)
}

export function isKind<Kind extends 'list' | 'tuple' | 'dict' | 'global'>(value: PickleValue | undefined, kind: Kind): value is Extract<PickleValue, { kind: Kind }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

const endsTooEarly = (): MalformedCheckpoint => new MalformedCheckpoint('its pickle ends too early', { incomplete: true })

function longInteger(bytes: Uint8Array, take: (length: number) => number, length: number): number | bigint {
  const start = take(length)
  let value = 0n
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[start + i] ?? 0)
  const signed = BigInt.asIntN(8 * length, value)
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}
