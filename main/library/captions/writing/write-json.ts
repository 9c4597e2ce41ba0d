import type { Caption } from '../../../api/library/library.ts'
import { captionJson } from '../caption-json.ts'
import { mapEntries, oneLine, textOf } from './map-entries.ts'
import type { Entry } from './map-entries.ts'

/**
 * The text of a JSON file with these sentences, in the form and with the indentation of `before`, the file's text until
 * now; what else its entries say stays. A list of sentences becomes a list of `{text, start, end}` as soon as one has
 * times. Without `before` it is such a list.
 */
export function writeJson(sentences: readonly Caption[], before: string | null): string {
  const value = before === null ? [] : (JSON.parse(before.replaceAll('\0', '')) as unknown)
  const isAscii = before !== null && /\\u[\da-f]{4}/i.test(before) && !/[^\0-\x7f]/.test(before)
  const indentation = before === null ? 2 : /\n([ \t]+)\S/.exec(before)?.[1]
  const written = JSON.stringify(newValue(value, sentences), null, indentation)
  const text = isAscii
    ? written.replace(/[^\0-\x7f]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : written
  const end = before === null ? '\n' : (/\s*$/.exec(before)?.[0] ?? '')
  return (before?.includes('\r\n') === true ? text.replaceAll('\n', '\r\n') : text) + end
}

function newValue(value: unknown, sentences: readonly Caption[]): unknown {
  const known = captionJson.parse(value)
  const areTimed = sentences.some(({ start }) => start !== null)
  if (Array.isArray(known)) {
    const entries = value as Entry[]
    const asText = entries.some(entry => typeof entry === 'string') && !areTimed
    return mapEntries(entries, {
      sentences,
      make: (sentence, entry) => (asText ? textOf(sentence, entry) : entryOf(sentence, entry)),
    })
  }
  if (areTimed && !sentences.every(({ start, end }) => start !== null && end !== null)) {
    return sentences.map(sentence => entryOf(sentence, undefined))
  }
  const entries = known.sentences.map((text, index): Entry => {
    const times = known.timestamps?.[index]
    return times ? { text, start: times[0], end: times[1] } : { text }
  })
  const pairs = mapEntries(entries, { sentences, make: entryOf }) as { text: string; start?: number; end?: number }[]
  return {
    ...(value as object),
    sentences: pairs.map(({ text }) => text),
    ...(areTimed ? { timestamps: pairs.map(({ start, end }) => [start ?? 0, end ?? start ?? 0]) } : {}),
  }
}

function entryOf({ text, start, end }: Caption, entry: Entry | undefined): Entry {
  const before = typeof entry === 'string' ? { text: entry } : (entry ?? {})
  const isTextKept = 'text' in before && typeof before.text === 'string' && oneLine(before.text) === text
  const { start: _start, end: _end, ...others } = before as Record<string, unknown>
  return {
    ...others,
    text: isTextKept ? before.text : text,
    ...(start === null ? {} : { start }),
    ...(end === null ? {} : { end }),
  }
}
