import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'
import { isKind, PickleOpaque } from './pickle-values.ts'
import type { PickleGlobal, PickleValue } from './pickle-values.ts'

/** Counts work that one instruction asks for beyond its own; throws when it is too much. */
export type Spend = (units: number) => void

export interface PickleMeanings {
  /** Called for every name the pickle refers to; throws for one that no file needs. */
  global(name: string): PickleGlobal
  /** The meaning of calling a name. */
  call(name: string, args: readonly PickleValue[], spend: Spend): PickleValue
  /** The meaning of a persistent id, PyTorch's reference to a storage. */
  persistent(id: PickleValue): PickleValue
}

const mark = Symbol('mark')
type StackItem = PickleValue | typeof mark

/**
 * A checkpoint of a thousand tensors has 50,000 instructions: bounds the time and memory a hostile file can ask for.
 */
const maxOperations = 2_000_000
/** Items copied by instructions that take many at a time, and bytes of long integers. */
const maxWork = 2_000_000

/**
 * Interprets a pickle of protocol 2–5 as data. Every opcode either builds a plain value or asks the meanings;
 * nothing is imported, evaluated or constructed otherwise.
 * @param start Where the pickle begins; `end` is where it ended, since old files hold several in a row.
 * @throws MalformedCheckpoint with a short reason for anything malformed or unknown, and for more work than any
 * checkpoint asks for.
 */
export function interpretPickle(
  bytes: Uint8Array,
  meanings: PickleMeanings,
  start = 0,
): { value: PickleValue; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextDecoder('utf-8', { fatal: true })
  const stack: StackItem[] = []
  const memo = new Map<number, PickleValue>()
  let at = start
  let work = 0
  const spend: Spend = units => {
    work += units
    if (work > maxWork) throw new MalformedCheckpoint('its pickle copies more than any checkpoint does')
  }
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
  const string = (length: number): string => {
    const from = take(length)
    return decoded(from, from + length)
  }
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
  const top = (): PickleValue => {
    const item = pop()
    stack.push(item)
    return item
  }
  const popMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark)
    if (from < 0) throw new MalformedCheckpoint('the pickle takes more than it has')
    const items = stack.splice(from)
    spend(items.length)
    return items.slice(1) as PickleValue[]
  }
  const remember = (key: number): void => {
    memo.set(key, top())
  }
  const recall = (key: number): void => {
    const value = memo.get(key)
    if (value === undefined) throw new MalformedCheckpoint('the pickle refers to something it never stored')
    stack.push(value)
  }
  const setItems = (items: readonly PickleValue[]): void => {
    const target = top()
    // A class derived from dict: a Counter, an EasyDict.
    const entries = isKind(target, 'dict')
      ? target.entries
      : target instanceof PickleOpaque
        ? (target.entries ??= new Map())
        : null
    if (entries === null || items.length % 2 !== 0) {
      throw new MalformedCheckpoint('the pickle fills something that is no dictionary')
    }
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i] as PickleValue
      if (entries.has(key)) {
        throw new MalformedCheckpoint(`the pickle gives ${typeof key === 'string' ? shown(key) : 'a key'} twice`)
      }
      entries.set(key, items[i + 1] as PickleValue)
    }
  }
  const append = (items: readonly PickleValue[]): void => {
    const target = top()
    // What a class derived from list holds is never a state dict.
    if (target instanceof PickleOpaque) return
    if (!isKind(target, 'list')) throw new MalformedCheckpoint('the pickle appends to something that is no list')
    for (const item of items) target.items.push(item)
  }
  const apply = (callee: PickleValue, args: PickleValue): void => {
    if (callee instanceof PickleOpaque) {
      stack.push(new PickleOpaque(callee.name))
    } else if (isKind(callee, 'global') && isKind(args, 'tuple')) {
      stack.push(meanings.call(callee.name, args.items, spend))
    } else {
      throw new MalformedCheckpoint('the pickle calls something that is no name')
    }
  }
  const reduce = (): void => {
    const args = pop()
    apply(pop(), args)
  }
  /** BUILD attaches attributes to an object; a state dict carries only torch's bookkeeping (`_metadata`) this way. */
  const build = (): void => {
    const state = pop()
    const target = top()
    if (target instanceof PickleOpaque) target.state = state
  }
  const integer = (length: number): number | bigint => {
    spend(length)
    return longInteger(bytes, take(length), length)
  }
  const data = (length: number): Uint8Array => {
    const from = take(length)
    return bytes.subarray(from, from + length)
  }

  const operations: Record<number, () => void> = {
    0x80: () => {
      if (u8() > 5) throw new MalformedCheckpoint('the pickle is of a protocol newer than 5')
    },
    0x95: () => {
      if (u64() > bytes.length - at) throw endsTooEarly()
    },
    0x28: () => {
      stack.push(mark)
    },
    0x4e: () => {
      stack.push(null)
    },
    0x88: () => {
      stack.push(true)
    },
    0x89: () => {
      stack.push(false)
    },
    0x4a: () => {
      stack.push(view.getInt32(take(4), true))
    },
    0x4b: () => {
      stack.push(u8())
    },
    0x4d: () => {
      stack.push(u16())
    },
    0x8a: () => {
      stack.push(integer(u8()))
    },
    0x8b: () => {
      stack.push(integer(u32()))
    },
    0x47: () => {
      stack.push(view.getFloat64(take(8), false))
    },
    0x58: () => {
      stack.push(string(u32()))
    },
    0x8c: () => {
      stack.push(string(u8()))
    },
    0x8d: () => {
      stack.push(string(u64()))
    },
    0x55: () => {
      stack.push(string(u8()))
    },
    0x54: () => {
      stack.push(string(u32()))
    },
    0x43: () => {
      stack.push(data(u8()))
    },
    0x42: () => {
      stack.push(data(u32()))
    },
    0x8e: () => {
      stack.push(data(u64()))
    },
    0x96: () => {
      stack.push(data(u64()))
    },
    0x29: () => {
      stack.push({ kind: 'tuple', items: [] })
    },
    0x74: () => {
      stack.push({ kind: 'tuple', items: popMark() })
    },
    0x85: () => {
      stack.push({ kind: 'tuple', items: [pop()] })
    },
    0x86: () => {
      const b = pop()
      stack.push({ kind: 'tuple', items: [pop(), b] })
    },
    0x87: () => {
      const c = pop()
      const b = pop()
      stack.push({ kind: 'tuple', items: [pop(), b, c] })
    },
    0x5d: () => {
      stack.push({ kind: 'list', items: [] })
    },
    0x6c: () => {
      stack.push({ kind: 'list', items: popMark() })
    },
    0x61: () => {
      const item = pop()
      append([item])
    },
    0x65: () => {
      append(popMark())
    },
    // Sets of protocol 4: the same as lists here.
    0x8f: () => {
      stack.push({ kind: 'list', items: [] })
    },
    0x90: () => {
      append(popMark())
    },
    0x91: () => {
      stack.push({ kind: 'list', items: popMark() })
    },
    0x7d: () => {
      stack.push({ kind: 'dict', entries: new Map() })
    },
    0x64: () => {
      const items = popMark()
      stack.push({ kind: 'dict', entries: new Map() })
      setItems(items)
    },
    0x73: () => {
      const value = pop()
      const key = pop()
      setItems([key, value])
    },
    0x75: () => {
      setItems(popMark())
    },
    0x30: () => {
      pop()
    },
    0x31: () => {
      popMark()
    },
    0x32: () => {
      stack.push(top())
    },
    0x71: () => {
      remember(u8())
    },
    0x72: () => {
      remember(u32())
    },
    0x94: () => {
      remember(memo.size)
    },
    0x68: () => {
      recall(u8())
    },
    0x6a: () => {
      recall(u32())
    },
    0x63: () => {
      const module = line()
      stack.push(meanings.global(`${module}.${line()}`))
    },
    0x93: () => {
      const name = pop()
      const module = pop()
      if (typeof name !== 'string' || typeof module !== 'string') {
        throw new MalformedCheckpoint('the pickle refers to something that is no name')
      }
      stack.push(meanings.global(`${module}.${name}`))
    },
    0x51: () => {
      stack.push(meanings.persistent(pop()))
    },
    0x52: reduce,
    // An object made without a call of its class's name, plain or with arguments by name.
    0x81: reduce,
    0x92: () => {
      pop()
      reduce()
    },
    0x62: build,
  }
  for (let count = 0; count < maxOperations; count++) {
    const opcode = u8()
    if (opcode === 0x2e) return { value: pop(), end: at }
    const operation = operations[opcode]
    if (!operation) {
      throw new MalformedCheckpoint(
        `the pickle holds the instruction 0x${opcode.toString(16)}, which no state dict needs`,
      )
    }
    operation()
  }
  throw new MalformedCheckpoint(`its pickle has more than ${maxOperations} instructions, as no checkpoint needs`)
}

const endsTooEarly = (): MalformedCheckpoint =>
  new MalformedCheckpoint('its pickle ends too early', { incomplete: true })

function longInteger(bytes: Uint8Array, start: number, length: number): number | bigint {
  if (length === 0) return 0
  const digits = Array.from(bytes.subarray(start, start + length), byte => byte.toString(16).padStart(2, '0'))
    .reverse()
    .join('')
  const signed = BigInt.asIntN(8 * length, BigInt(`0x${digits}`))
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}
