import { english } from '../../../../native-models/english.ts'
/** JSON as Python writes it: also NaN, and Python's own literals. Nothing is evaluated. */

const deepest = 64

/**
 * Parses one JSON document or one Python literal: strings in either quotes, numbers with NaN and infinities, lists,
 * tuples (as arrays), dictionaries with string keys (as objects), True, False, None and null.
 * @throws SyntaxError that says where it ends to make sense.
 */
export function parseLiteral(text: string): unknown {
  let index = 0

  const fail = (wanted: string): never => {
    throw new SyntaxError(english`${wanted} expected at character ${index + 1}`)
  }
  const space = (): void => {
    while (/\s/.test(text.charAt(index))) index++
  }
  const take = (token: string): boolean => {
    space()
    if (!text.startsWith(token, index)) return false
    index += token.length
    return true
  }
  const items = (close: string, depth: number): unknown[] => {
    const list: unknown[] = []
    while (!take(close)) {
      list.push(value(depth))
      if (!take(',') && !take(close)) fail(english`‘,’ or ‘${close}’`)
      else if (text.charAt(index - 1) === close) break
    }
    return list
  }
  const entries = (depth: number): Record<string, unknown> => {
    const object = new Map<string, unknown>()
    while (!take('}')) {
      space()
      const key = string()
      if (!take(':')) fail('‘:’')
      object.set(key, value(depth))
      if (take('}')) break
      if (!take(',')) fail(english`‘,’ or ‘}’`)
    }
    return Object.fromEntries(object)
  }
  const string = (): string => {
    const quote = text.charAt(index)
    if (quote !== '"' && quote !== "'") fail(english`a string`)
    let result = ''
    for (index++; index < text.length; index++) {
      const character = text.charAt(index)
      if (character === quote) {
        index++
        return result
      }
      result += character === '\\' ? escape() : character
    }
    return fail(english`a closing ${quote}`)
  }
  const escape = (): string => {
    const letter = text.charAt(++index)
    const digits = { x: 2, u: 4, U: 8 }[letter]
    if (digits === undefined) return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\n': '' }[letter] ?? letter
    const code = text.slice(index + 1, index + 1 + digits)
    if (code.length !== digits || !/^[\da-f]+$/i.test(code) || Number.parseInt(code, 16) > 0x10ffff) {
      fail(english`a character code`)
    }
    index += digits
    const unit = Number.parseInt(code, 16)
    return digits === 8 ? String.fromCodePoint(unit) : String.fromCharCode(unit)
  }
  const word = (): unknown => {
    const [found] = /^-?[A-Za-z]+|^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(text.slice(index, index + 40)) ?? []
    if (found === undefined) return fail(english`a value`)
    const known = words.get(found)
    if (known === undefined && !/\d/.test(found)) return fail(english`a value`)
    index += found.length
    return known === undefined ? Number(found) : known
  }
  const value = (depth: number): unknown => {
    if (depth > deepest) fail(english`less nesting`)
    space()
    const first = text.charAt(index)
    if (take('[')) return items(']', depth + 1)
    if (take('(')) return items(')', depth + 1)
    if (take('{')) return entries(depth + 1)
    return first === '"' || first === "'" ? string() : word()
  }

  const result = value(0)
  space()
  if (index < text.length) fail(english`the end`)
  return result
}

const words = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['null', null],
  ['None', null],
  ['NaN', Number.NaN],
  ['nan', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])
