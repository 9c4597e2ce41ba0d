import { parseClock } from './cue-times.ts'
import { spoken, timedCues, ToldLines } from './line-cues.ts'
import type { CountedCue, LineCues } from './line-cues.ts'

const clock = String.raw`(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?`
/** From one time to another where the line says both; brackets around each of them, or both. */
const clocked = new RegExp(
  String.raw`^[[(]?\s?(${clock})[\])]?(?:\s{0,9}(?:-{1,3}>?|→|to\b)\s{0,9}[[(]?(${clock}))?\s?[\])]{0,2}(?=$|[\s:|-])\s*[:|-]*\s*(.*)$`,
)
/** Audacity's labels: seconds, seconds, words. */
const labelled = /^\s*(\d{1,7}(?:[.,]\d{1,9})?)\t(\d{1,7}(?:[.,]\d{1,9})?)(?:\t(.*))?$/

interface TimedLine {
  readonly start: number
  readonly end: number | null
  readonly text: string
}

function timedLine(line: string): TimedLine | null {
  const [, from, to, said = ''] = labelled.exec(line) ?? []
  if (from !== undefined && to !== undefined) return { start: seconds(from), end: seconds(to), text: said }
  const trimmed = line.trim()
  const [, first, second, rest = ''] = clocked.exec(plainSigns(trimmed)) ?? []
  const start = first === undefined ? null : parseClock(first)
  if (start === null) return null
  return {
    start,
    end: second === undefined ? null : parseClock(second),
    text: trimmed.slice(trimmed.length - rest.length),
  }
}

/** Full-width digits and signs and all dashes as plain ones, each in its place. */
const plainSigns = (line: string) =>
  line
    .replace(/[\uff01-\uff5e]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u2010-\u2015\u2212]/g, '-')

const seconds = (number: string) => Number(number.replace(',', '.'))

/**
 * Whether lines of a text begin with times that never go back: the first or, below a title, the second does, and so do
 * others; or a time stands by itself above words.
 * @param lines the first that are not empty.
 */
export function isTranscript(lines: readonly string[]): boolean {
  const timed = lines.map(timedLine)
  const first = timed.findIndex(line => line !== null)
  if (first < 0 || first > 1) return false
  const told = timed.flatMap(line => line ?? [])
  const goesOn = told.every(({ start }, index) => start >= (told[index - 1]?.start ?? 0))
  const standsAlone = told[0]?.text === '' && first + 1 < lines.length
  return goesOn && (told.length > 1 || standsAlone)
}

/**
 * A transcript as people paste it: `0:01 words`, `[00:01] words`, `00:01 - 00:04 words`, a time above its words,
 * Whisper's `[00:00.000 --> 00:04.000] words`, Audacity's labels. Lines without a time go on with the words before.
 */
export function transcriptCues(text: string): LineCues {
  const [lost, bent] = [new ToldLines(), new ToldLines()]
  const cues: { start: number; end: number | null; lines: string[] }[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    // Audacity says the frequencies of a label in a line of their own.
    if (line.trim() === '' || /^\\\t/.test(line)) continue
    const timed = timedLine(line)
    if (timed === null) {
      const before = cues.at(-1)
      if (before) before.lines.push(line)
      else lost.add(index, line)
      continue
    }
    const { start, end } = timed
    if (end !== null && end < start) bent.add(index, line)
    cues.push({ start, end: end === null ? null : Math.max(start, end), lines: [timed.text] })
  }
  const counted = cues.map(({ lines, ...times }): CountedCue => ({ ...times, text: spoken(lines.join('\n')) }))
  return { sentences: timedCues(counted, 1), lost: lost.told, bent: bent.told }
}
