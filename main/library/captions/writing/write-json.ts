import type { Caption } from '../../../api/library.ts'
import { captionJson } from '../captions.ts'
import { matchSentences } from './match-sentences.ts'

type Entry = string | Record<string, unknown>

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
    return mapped(entries, {
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
  const pairs = mapped(entries, { sentences, make: entryOf }) as { text: string; start?: number; end?: number }[]
  return {
    ...(value as object),
    sentences: pairs.map(({ text }) => text),
    ...(areTimed ? { timestamps: pairs.map(({ start, end }) => [start ?? 0, end ?? start ?? 0]) } : {}),
  }
}

interface Mapping {
  readonly sentences: readonly Caption[]
  readonly make: (sentence: Caption, entry: Entry | undefined) => Entry
}

/** The entries of the sentences; those without a text stay behind the one that they stood behind. */
function mapped(entries: readonly Entry[], { sentences, make }: Mapping): Entry[] {
  const read = entries.flatMap((entry, index) => {
    const { text, start, end } = typeof entry === 'string' ? { text: entry } : (entry as Partial<Caption>)
    const plain = oneLine(text ?? '')
    return plain === '' ? [] : [{ index, text: plain, start: start ?? null, end: end ?? null }]
  })
  const isRead = new Set(read.map(({ index }) => index))
  const silentAfter = (index: number) => {
    const next = entries.findIndex((_, other) => other > index && isRead.has(other))
    return entries.slice(index + 1, next < 0 ? entries.length : next)
  }
  const matched = matchSentences(read, sentences)
  const hasSilent = read.length < entries.length
  return [
    ...(hasSilent ? silentAfter(-1) : []),
    ...sentences.flatMap((sentence, place) => {
      const index = read[matched[place] ?? -1]?.index
      const made = make(sentence, index === undefined ? undefined : entries[index])
      return hasSilent && index !== undefined ? [made, ...silentAfter(index)] : [made]
    }),
  ]
}

function textOf({ text }: Caption, entry: Entry | undefined): Entry {
  return typeof entry === 'string' && oneLine(entry) === text ? entry : text
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

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
