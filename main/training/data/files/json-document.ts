import { english } from '../../../../native-models/english.ts'
import { parseJson } from './lines.ts'
import type { LineNumber, ParsedLine } from './lines.ts'
import type { TextFile } from './text-file.ts'

/** The largest published annotations have some hundred MB. */
const largestDocument = 512 * 1024 * 1024

/** All of a file's text; null for one that is larger than annotations are. */
export async function wholeText(file: TextFile): Promise<string | null> {
  let text = ''
  for await (const chunk of file.chunks()) {
    text += chunk
    if (text.length > largestDocument) return null
  }
  return text
}

/** A file that is one JSON document, NaN allowed; undefined when it is none. */
export async function jsonDocument(file: TextFile): Promise<unknown> {
  const text = await wholeText(file)
  return text === null ? undefined : parseJson(text).value
}

/** Objects deeper inside one another are no entries, but what entries say. */
const deepestEntries = 2

/**
 * The names that the object of a JSON document, or one right inside it, has more than once, of which reading keeps the
 * last; none for what is no single object.
 */
export function repeatedNames(text: string): string[] {
  const repeated = new Set<string>()
  // Of each open object the names so far, and whether one comes next; null for an open list.
  const open: ({ readonly names: Set<string>; isNext: boolean } | null)[] = []
  let start = -1
  for (let at = text.search(/\S/); at >= 0 && at < text.length; at++) {
    const letter = text[at]
    const inner = open.at(-1)
    if (start >= 0) {
      if (letter === '\\') at += 1
      if (letter !== '"') continue
      const name = text.slice(start, at)
      if (inner?.isNext === true && open.length <= deepestEntries) {
        if (inner.names.has(name)) repeated.add(name)
        inner.names.add(name)
      }
      start = -1
    } else if (letter === '"') {
      start = at + 1
    } else if (letter === '{' || letter === '[') {
      open.push(letter === '{' ? { names: new Set(), isNext: true } : null)
    } else if (letter === '}' || letter === ']') {
      open.pop()
      if (open.length === 0 && text.slice(at + 1).trim() !== '') return []
    } else if (inner && (letter === ':' || letter === ',')) {
      inner.isNext = letter === ','
    } else if (open.length === 0 && letter?.trim() !== '') {
      return []
    }
  }
  return [...repeated]
}

/**
 * The values of a file that is one JSON list, each parsed by itself, so that a broken one costs no other; with the
 * line where each begins. Null for a file that is no list of objects.
 */
export async function jsonList(file: TextFile): Promise<ParsedLine[] | null> {
  let begins = ''
  for await (const chunk of file.chunks()) {
    begins += chunk
    if (begins.trim().length > 1 || begins.length > 4096) break
  }
  if (!/^\s*\[\s*\{/.test(begins)) return null
  const text = await wholeText(file)
  return text === null ? null : elementsOf(text)
}

/** Where a value begins, from 1. */
interface Begin {
  readonly line: number
  readonly column: number
}

/** Null where something follows the list: then each line is a value of its own. */
function elementsOf(text: string): ParsedLine[] | null {
  const elements: (Omit<ParsedLine, 'line'> & Begin)[] = []
  let [depth, start, line, lineStart, isQuoted] = [0, -1, 1, 0, false]
  let begin: Begin = { line: 1, column: 1 }
  const end = (at: number) => {
    const element = start < 0 ? '' : text.slice(start, at)
    if (element.trim() !== '') elements.push({ ...begin, ...parseJson(element) })
    start = -1
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n') [line, lineStart] = [line + 1, at + 1]
    if (isQuoted) {
      if (letter === '\\') at += 1
      else if (letter === '"') isQuoted = false
      continue
    }
    if (letter === ']' || letter === '}') depth -= 1
    if ((depth === 1 && letter === ',') || (depth === 0 && letter === ']')) end(at)
    if (depth === 0 && letter === ']') return text.slice(at + 1).trim() === '' ? placed(elements) : null
    if (start < 0 && depth >= 1 && letter !== ',' && letter?.trim() !== '') {
      ;[start, begin] = [at, { line, column: at - lineStart + 1 }]
    }
    if (letter === '"') isQuoted = true
    if (letter === '[' || letter === '{') depth += 1
  }
  end(text.length)
  return [
    ...placed(elements),
    { line, value: null, problem: english`is the last one, but the list does not end: the file was cut off` },
  ]
}

/** Many publish a list in one line: what is told of a row has to tell it from the others. */
function placed(elements: readonly (Omit<ParsedLine, 'line'> & Begin)[]): ParsedLine[] {
  return elements.map(({ line, column, ...parsed }, index) => {
    const isAlone = elements[index - 1]?.line !== line && elements[index + 1]?.line !== line
    const place: LineNumber = isAlone ? line : `${line}:${column}`
    return { line: place, ...parsed }
  })
}
