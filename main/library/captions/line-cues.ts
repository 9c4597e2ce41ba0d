import type { Caption } from '../../api/library/library.ts'
import { plainLines } from './cue-text.ts'
import type { LostCues } from './subtitle-cues.ts'

/** What a file whose every line is a cue says. */
export interface LineCues {
  readonly sentences: readonly Caption[]
  /** Lines that say something, but not when. */
  readonly lost: LostCues | null
  /** Cues that end before they begin: they end where they begin. */
  readonly bent: LostCues | null
}

/** A cue in whatever its file counts time by. */
export interface CountedCue {
  readonly start: number
  /** Null where the line does not say it. */
  readonly end: number | null
  readonly text: string
}

/** Gathers lines, counted from 1, of which the first is told. */
export class ToldLines {
  #count = 0
  #first: { readonly line: number; readonly text: string } | null = null

  add(index: number, text: string): void {
    this.#count += 1
    this.#first ??= { line: index + 1, text: text.trim() }
  }

  get told(): LostCues | null {
    return this.#first && { count: this.#count, ...this.#first }
  }
}

/** The words of a cue, in one line. */
export const spoken = (text: string): string => plainLines([text], 'srt').join(' ')

/** A line that says how many frames make a second, as the first of MicroDVD may: `{1}{1}23.976`. */
const rateText = /^\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:fps)?\s*$/i
const leastRate = 5
const countedLines = {
  '{': /^\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{0,9})\s*\}(.*)$/,
  '[': /^\s*\[\s*(\d{1,9})\s*\]\s*\[\s*(\d{0,9})\s*\](.*)$/,
} as const

/**
 * MicroDVD: `{100}{150}two|lines`, counted in frames at the rate of its first line, else at that of the video.
 * @param frameRate frames a second of the video; null: not known.
 * @returns `untimed` where no rate is known: then sentences have no times.
 */
export function frameCues(text: string, frameRate: number | null): LineCues & { readonly untimed: boolean } {
  const { cues, ...told } = countedCues(text, '{')
  const [first] = cues
  const stated = first && first.start <= 1 ? Number(rateText.exec(first.text)?.[1]?.replace(',', '.') ?? 0) : 0
  const hasRate = stated >= leastRate
  const rate = hasRate ? stated : frameRate
  const sentences = timedCues(hasRate ? cues.slice(1) : cues, rate ?? 1)
  return {
    ...told,
    sentences: rate === null ? sentences.map(({ text: said }) => ({ text: said, start: null, end: null })) : sentences,
    untimed: rate === null && sentences.length > 0,
  }
}

/** MPL2: `[100][150]two|/lines`, counted in tenths of a second; a slash begins an italic line. */
export function tenthCues(text: string): LineCues {
  const { cues, ...told } = countedCues(text, '[')
  return { ...told, sentences: timedCues(cues, 10) }
}

function countedCues(text: string, bracket: '{' | '['): Omit<LineCues, 'sentences'> & { cues: readonly CountedCue[] } {
  const [lost, bent, cues] = [new ToldLines(), new ToldLines(), [] as CountedCue[]]
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '' || /^\s*\{DEFAULT\}\{\}/i.test(line)) continue
    const [, from, to, said] = countedLines[bracket].exec(line) ?? []
    if (from === undefined || said === undefined) {
      lost.add(index, line)
      continue
    }
    const [start, end] = [Number(from), to ? Number(to) : null]
    if (end !== null && end < start) bent.add(index, line)
    const parts = said.split('|').map(part => (bracket === '[' ? part.replace(/^\s*\//, '') : part))
    // MicroDVD's styles, `{y:i}` and `{C:$0000ff}`.
    const plain = parts.map(part => part.replace(/\{[a-z]{1,2}:[^{}]{0,100}\}/gi, '')).join('\n')
    cues.push({ start, end: end === null ? null : Math.max(start, end), text: spoken(plain) })
  }
  return { cues, lost: lost.told, bent: bent.told }
}

/** In the order of time; what does not say its end ends with the beginning of the next that begins later. */
export function timedCues(cues: readonly CountedCue[], perSecond: number): Caption[] {
  const seconds = (count: number | null) => (count === null ? null : count / perSecond)
  const sentences: Caption[] = []
  let [later, before] = [null as number | null, null as number | null]
  for (const { start, end, text } of cues.toSorted((a, b) => a.start - b.start).reverse()) {
    if (before !== null && before > start) later = before
    before = start
    if (text !== '') sentences.push({ text, start: seconds(start), end: seconds(end ?? later) })
  }
  return sentences.reverse()
}
