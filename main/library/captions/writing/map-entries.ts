import type { Caption } from '../../../api/library/library.ts'
import { matchSentences } from './match-sentences.ts'

/** A sentence as a list holds it. */
export type Entry = string | Record<string, unknown>

interface Mapping {
  readonly sentences: readonly Caption[]
  readonly make: (sentence: Caption, entry: Entry | undefined) => Entry
}

/**
 * The entries of the sentences. Those without a text stay behind the one that they stood behind, or behind one before
 * that when it is no more; those at the end stay there.
 */
export function mapEntries(entries: readonly Entry[], { sentences, make }: Mapping): Entry[] {
  const read = entries.flatMap((entry, index) => {
    const { text, start, end } = typeof entry === 'string' ? { text: entry } : (entry as Partial<Caption>)
    const plain = oneLine(text ?? '')
    return plain === '' ? [] : [{ index, text: plain, start: start ?? null, end: end ?? null }]
  })
  const matched = matchSentences(read, sentences)
  const kept = new Set(matched.flatMap(found => (found === null ? [] : [read[found]?.index])))
  const isRead = new Set(read.map(({ index }) => index))
  const last = read.at(-1)?.index ?? -1
  const silent = new Map<number, Entry[]>()
  let behind = -1
  for (const [index, entry] of entries.entries()) {
    if (index > last) break
    if (kept.has(index)) behind = index
    else if (!isRead.has(index)) silent.set(behind, [...(silent.get(behind) ?? []), entry])
  }
  return [
    ...(silent.get(-1) ?? []),
    ...sentences.flatMap((sentence, place) => {
      const index = read[matched[place] ?? -1]?.index
      const made = make(sentence, index === undefined ? undefined : entries[index])
      return [made, ...(index === undefined ? [] : (silent.get(index) ?? []))]
    }),
    ...entries.slice(last + 1),
  ]
}

/** The words as they stand there, with their white space, unless they were edited. */
export function textOf({ text }: Caption, entry: Entry | undefined): Entry {
  return typeof entry === 'string' && oneLine(entry) === text ? entry : text
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
