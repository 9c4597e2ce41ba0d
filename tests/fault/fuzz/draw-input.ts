import type { $ZodType } from 'zod/v4/core'
import type { Random } from '../../../native-models/starter/seeded-random.ts'

/** A schema of the contract, as zod describes it to itself. */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, $ZodType>>
  readonly entries?: Readonly<Record<string, unknown>>
  readonly values?: readonly unknown[]
  readonly options?: readonly $ZodType[]
  readonly items?: readonly $ZodType[]
  readonly innerType?: $ZodType
  readonly element?: $ZodType
}

const numbers = [0, 1, 1, 1, 1, -1, 2, 3, 0.5, 0.001, 7, 30, 1000, 1e9, 2 ** 31, 2 ** 53 - 1, -(2 ** 53), 1e308]
const strings = [
  '',
  ' ',
  'starter',
  'a red circle moves',
  '/',
  '/etc/passwd',
  '/nowhere/at all.mp4',
  '../../../etc',
  'C:\\Windows\\win.ini',
  '\\\\server\\share',
  'file:///etc/passwd',
  'http://127.0.0.1:9/x',
  'hf:owner/name@main',
  "'; DROP TABLE videos; --",
  '<script>alert(1)</script>',
  '%00%2e%2e',
  '\u0000',
  '\ud800',
  '👩‍👩‍👧‍👦 ｆｕｌｌ',
  '-rf',
  '__proto__',
  '1e999',
  'x'.repeat(20_000),
]
const pick = <Item>(items: readonly Item[], random: Random): Item => items[random.below(items.length)] as Item

/** A value that a schema may take, of the kind that breaks what comes behind it: limits, paths, other alphabets. */
export function drawInput(schema: $ZodType, random: Random): unknown {
  const definition = schema._zod.def as unknown as Definition
  const inner = (): unknown => drawInput(definition.innerType as $ZodType, random)
  switch (definition.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape ?? {}).flatMap(([key, value]) => {
          const drawn = drawInput(value, random)
          return drawn === undefined ? [] : [[key, drawn]]
        }),
      )
    case 'array':
      return Array.from({ length: pick([0, 1, 2, 40], random) }, () =>
        drawInput(definition.element as $ZodType, random),
      )
    case 'tuple':
      return (definition.items ?? []).map(item => drawInput(item, random))
    case 'union':
      return drawInput(pick(definition.options ?? [], random), random)
    case 'nullable':
      return random.below(3) === 0 ? null : inner()
    case 'optional':
    case 'default':
      return random.below(2) === 0 ? undefined : inner()
    case 'enum':
      return pick(Object.values(definition.entries ?? {}), random)
    case 'literal':
      return pick(definition.values ?? [], random)
    case 'boolean':
      return random.below(2) === 0
    case 'number':
      return pick(numbers, random)
    case 'string':
      return pick(strings, random)
    default:
      throw new Error(`The contract has inputs of a type that is not drawn here: ${definition.type}`)
  }
}

/** What no schema expects in a place. */
const garbage: readonly unknown[] = [
  null,
  undefined,
  true,
  -0.5,
  'text',
  '',
  [],
  {},
  [[[[[[[[[]]]]]]]]],
  { toString: 1, valueOf: 2, length: -1 },
  Object.fromEntries([['__proto__', { polluted: true }]]),
  new Array(5000).fill(0),
  new Date(0),
  9007199254740993n,
]

/** The value with one of its places replaced, taken out or doubled. */
export function spoil(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.below(3) > 0) {
    const at = random.below(value.length)
    return value.map((item, index) => (index === at ? spoil(item, random) : item))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random.below(4) > 0) {
    const entries = Object.entries(value)
    if (entries.length > 0) {
      const at = random.below(entries.length)
      const spoilt = entries.flatMap(([key, item], index) => {
        if (index !== at) return [[key, item] as const]
        return random.below(4) === 0 ? [] : [[key, spoil(item, random)] as const]
      })
      return Object.fromEntries(spoilt)
    }
  }
  return pick(garbage, random)
}
