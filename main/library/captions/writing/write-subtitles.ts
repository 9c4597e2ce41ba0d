import type { Caption } from '../../../api/library/library.ts'
import { plainLines } from '../cue-text.ts'
import type { SubtitleFormat } from '../cue-text.ts'
import { isNumber, parseTimes } from '../cue-times.ts'
import { parseCues } from '../subtitle-cues.ts'
import type { CuePlace } from '../subtitle-cues.ts'
import { matchSentences, sameTime } from './match-sentences.ts'

interface Line {
  readonly text: string
  readonly end: string
}

/** What the cues of a file are written anew from. */
interface Source {
  readonly format: SubtitleFormat
  readonly lines: readonly Line[]
  readonly cues: readonly Caption[]
  readonly places: readonly CuePlace[]
  /** The line end of what is new. */
  readonly end: string
  /** Of the first cue; null in a file without numbers. */
  readonly firstNumber: number | null
}

/**
 * The text of a SubRip or WebVTT file with these sentences. What of `before`, the file's text until now, is not edited
 * stays as it is, character by character: tags and line breaks of a cue, settings, names, headers, notes, styles, and
 * what could not be read. Without it a new WebVTT file begins.
 * @returns null when a sentence has no times, or the captions of the file roll.
 */
export function writeSubtitles(sentences: readonly Caption[], before: string | null): string | null {
  const source = readSource(before ?? 'WEBVTT\n')
  if (!source || sentences.some(({ start, end }) => start === null || end === null)) return null
  const matched = matchSentences(source.cues, sentences)
  const isInOrder = matched.length === source.cues.length && matched.every((cue, index) => cue === index)
  const extras = extrasOf(source, new Set(matched))
  const header = source.lines.slice(0, source.places[0]?.first)
  const written: Line[] = [...header]
  let last = -1
  for (const [index, sentence] of sentences.entries()) {
    const cue = matched[index] ?? null
    const isNext = cue !== null && cue === last + 1
    if (isNext && cue > 0 && !extras.has(cue)) written.push(...leadOf(source, cue))
    else if (!isNext || cue > 0) apart(written, source, [...(extras.get(cue ?? -1) ?? []), ...ownLead(source, cue)])
    written.push(...blockOf(source, { cue, sentence, number: isInOrder ? null : index }))
    last = cue ?? -2
  }
  const tail = source.lines.slice(source.places.at(-1)?.end ?? source.lines.length)
  if (last === source.cues.length - 1 && !extras.has(source.cues.length)) written.push(...tail)
  else finish(written, source, [...(extras.get(source.cues.length) ?? []), ...filled(tail)])
  return written.map(({ text, end }, index) => text + (end || (index < written.length - 1 ? source.end : ''))).join('')
}

function readSource(text: string): Source | null {
  const parts = text.split(/(\r\n|\r|\n)/)
  const lines = parts.flatMap((part, index) => (index % 2 === 0 ? [{ text: part, end: parts[index + 1] ?? '' }] : []))
  const { format, cues, places } = parseCues(lines.map(line => line.text.replaceAll('\0', '')).join('\n'))
  if (!places) return null
  const [first] = places
  const heading = first && first.first < first.times ? lines[first.first]?.text : undefined
  const isNumbered = format === 'srt' && (!first || isNumber(heading))
  const firstNumber = isNumbered ? Number(heading ?? 1) : null
  return { format, lines, cues, places, end: lines[0]?.end || '\n', firstNumber }
}

/** What stands between a cue and the one before it, mostly an empty line. */
function leadOf({ lines, places }: Source, cue: number): readonly Line[] {
  return lines.slice(places[cue - 1]?.end ?? 0, places[cue]?.first)
}

function ownLead(source: Source, cue: number | null): readonly Line[] {
  return cue === null || cue === 0 ? [] : filled(leadOf(source, cue))
}

/** Without empty lines at both ends. */
function filled(lines: readonly Line[]): readonly Line[] {
  const isFilled = ({ text }: Line) => text.trim() !== ''
  const first = lines.findIndex(isFilled)
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isFilled) + 1)
}

/** Notes, and what could not be read, before cues that are no more: they go to the next cue that is left, or last. */
function extrasOf(source: Source, used: ReadonlySet<number | null>): Map<number, Line[]> {
  const extras = new Map<number, Line[]>()
  let waiting: Line[] = []
  for (let cue = 0; cue <= source.cues.length; cue += 1) {
    if (used.has(cue) || cue === source.cues.length) {
      if (waiting.length > 0) extras.set(cue, waiting)
      waiting = []
    } else {
      const kept = ownLead(source, cue)
      if (kept.length > 0) waiting = [...waiting, ...kept, { text: '', end: source.end }]
    }
  }
  return extras
}

/** An empty line, unless there is one, and what stands before the next cue with an empty line of its own. */
function apart(written: Line[], source: Source, lead: readonly Line[]): void {
  const empty: Line = { text: '', end: source.end }
  if (written.length > 0 && written.at(-1)?.text !== '') written.push(empty)
  const shown = filled(lead)
  if (shown.length > 0) written.push(...shown, empty)
}

function finish(written: Line[], source: Source, tail: readonly Line[]): void {
  const rest = filled(tail)
  if (rest.length > 0) apart(written, source, rest)
  while (written.length > 1 && written.at(-1)?.text === '') written.pop()
  written.push({ text: '', end: '' })
}

interface Block {
  /** The cue that it was; null for a new one. */
  readonly cue: number | null
  readonly sentence: Caption
  /** Its place among the cues, where they are counted anew. */
  readonly number: number | null
}

function blockOf(source: Source, { cue, sentence, number }: Block): Line[] {
  const place = cue === null ? undefined : source.places[cue]
  const before = cue === null ? undefined : source.cues[cue]
  const fresh = (text: string): Line => ({ text, end: source.end })
  const counted = source.firstNumber !== null && number !== null
  const heading = counted
    ? [fresh(String((source.firstNumber ?? 1) + number))]
    : place
      ? source.lines.slice(place.first, place.times)
      : []
  const timed = place && source.lines[place.times]
  const known = timed && parseTimes(timed.text)
  const isTextKept = before?.text === sentence.text
  const areTimesKept = before && sameTime(before.start, sentence.start) && sameTime(before.end, sentence.end)
  const behind = known && (isTextKept ? known.rest : '') + known.settings
  const times =
    timed && areTimesKept && (isTextKept || known?.rest === '')
      ? timed
      : fresh(`${spanOf(sentence, source.format)}${behind ? ` ${behind}` : ''}`)
  const body =
    place && isTextKept
      ? source.lines.slice(place.times + 1, place.end)
      : [fresh(markedText(sentence.text, source.format))]
  return [...heading, times, ...body]
}

function spanOf({ start, end }: Caption, format: SubtitleFormat): string {
  return `${clock(start ?? 0, format)} --> ${clock(end ?? start ?? 0, format)}`
}

function clock(seconds: number, format: SubtitleFormat): string {
  const milliseconds = Math.round(seconds * 1000)
  const part = (divisor: number, size: number, digits = 2) =>
    String(Math.floor(milliseconds / divisor) % size).padStart(digits, '0')
  const fraction = format === 'vtt' ? '.' : ','
  return `${part(3_600_000, 1e6)}:${part(60_000, 60)}:${part(1000, 60)}${fraction}${part(1, 1000, 3)}`
}

/** WebVTT has references for what it would take for a tag; SubRip needs them only where a tag would be read. */
function markedText(text: string, format: SubtitleFormat): string {
  const isPlain = format === 'srt' && plainLines([text], 'srt').join(' ') === text
  return isPlain ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
