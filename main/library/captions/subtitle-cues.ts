import type { Caption } from '../../api/library/library.ts'
import { plainLines } from './cue-text.ts'
import type { SubtitleFormat } from './cue-text.ts'
import { isMeantAsTimes, isNumber, parseTimes } from './cue-times.ts'
import { phrasesOf } from './rolling-captions.ts'
import type { Cue } from './rolling-captions.ts'

/** What of a subtitle file was lost: how often, and where first, counting lines from 1. */
export interface LostCues {
  readonly count: number
  readonly line: number
  readonly text: string
}

/** Where a cue stands in its file, in lines from 0: from its number or name on, its times, and behind its last line. */
export interface CuePlace {
  readonly first: number
  readonly times: number
  readonly end: number
}

export interface ParsedCues {
  readonly format: SubtitleFormat
  readonly cues: Caption[]
  /** Of each of the cues; null when captions roll, where a phrase is no cue. */
  readonly places: readonly CuePlace[] | null
  readonly lost: LostCues | null
  /** Cues that begin before 0, or end before they begin: they begin at 0, or end where they begin. */
  readonly bent: LostCues | null
}

/**
 * The sentences of a SubRip or WebVTT text, with times in seconds: lines joined, tags and character references
 * resolved, rolling captions each phrase once. In WebVTT a cue ends at an empty line, one without any character; in
 * SubRip, as ffmpeg and others read it, only before the number and times of the next. Headers, notes and styles are
 * passed over, and so are cues without text. `lost`: cues whose times cannot be read or lie before 0, and in WebVTT
 * text that belongs to no cue.
 */
export function parseCues(text: string): ParsedCues {
  const format: SubtitleFormat = /^\ufeff?WEBVTT(?:\s|$)/.test(text) ? 'vtt' : 'srt'
  const lines = text.split('\n')
  const cues: Cue[] = []
  const places: CuePlace[] = []
  const lost: Told[] = []
  const bent: Told[] = []
  const starts = cueStarts(lines)
  // Without numbers in the file, a number before times was said.
  const numbered = isNumber(lines[(starts[0] ?? 0) - 1])
  for (const [position, start] of starts.entries()) {
    const next = starts[position + 1]
    const times = parseTimes(lines[start] ?? '')
    const body = bodyOf(lines, {
      from: start + 1,
      to: next ?? lines.length,
      format,
      numbered,
      isLast: next === undefined,
    })
    if (!times || times.end < 0) {
      lost.push({ line: start + 1, text: lines[start] ?? '' })
    } else {
      const spoken = plainLines([times.rest, ...body.spoken], format)
      const from = Math.max(0, times.start)
      if (spoken.length > 0) {
        if (times.start < 0 || times.end < times.start) bent.push({ line: start + 1, text: lines[start] ?? '' })
        cues.push({ start: from, end: Math.max(from, times.end), lines: spoken })
        const first = isHeading(lines, { place: start, format, numbered }) ? start - 1 : start
        places.push({ first, times: start, end: body.end })
      }
    }
    lost.push(...body.astray)
  }
  const { phrases, isRolling } = phrasesOf(cues)
  return {
    format,
    cues: phrases,
    places: isRolling ? null : places,
    lost: counted(lost),
    bent: counted(bent),
  }
}

interface Told {
  readonly line: number
  readonly text: string
}

function counted(told: readonly Told[]): LostCues | null {
  const [first] = told.toSorted((a, b) => a.line - b.line)
  return first ? { count: told.length, line: first.line, text: first.text.trim() } : null
}

/** What every line of times has, in whatever digits. */
const mayBeTimes = /\p{Nd}.*(?:[>＞→⇒\-–—−,]|&gt;)|-->/u
/** Two clocks. */
const twoClocks = /\d:\d.*\s.*\d:\d/

/** Where the lines are that give the times of a cue, or are meant to. */
function cueStarts(lines: readonly string[]): number[] {
  return lines.flatMap((line, index) => {
    const isCounted = isNumber(lines[index - 1]) && (lines[index - 2] ?? '').trim() === ''
    const isMeant = isCounted && twoClocks.test(line)
    if (!isMeant && !mayBeTimes.test(line)) return []
    const isStart = isMeant || parseTimes(line) !== null || isMeantAsTimes(line, lines[index - 1])
    return isStart && !isInNote(lines, index) ? [index] : []
  })
}

/** Comments may quote times: whatever is in their block belongs to them. */
function isInNote(lines: readonly string[], index: number): boolean {
  let first = index
  while (first > 0 && lines[first - 1] !== '') first -= 1
  return first !== index && /^NOTE(?:\s|$)/.test(lines[first] ?? '')
}

/** Whether the line before the times of a cue is its number or, in WebVTT, its name. */
function isHeading(
  lines: readonly string[],
  { place, format, numbered }: { readonly place: number; readonly format: SubtitleFormat; readonly numbered: boolean },
): boolean {
  const line = lines[place - 1] ?? ''
  if (format === 'srt') return numbered && isNumber(line)
  return line !== '' && (lines[place - 2] ?? 'WEBVTT') === ''
}

interface Body {
  readonly spoken: string[]
  /** Behind the last line that is not empty. */
  readonly end: number
  readonly astray: Told[]
}

interface CueBody {
  readonly from: number
  readonly to: number
  readonly format: SubtitleFormat
  readonly numbered: boolean
  readonly isLast: boolean
}

/** What is said in a cue whose text begins at `from`; the next one's times are at `to`. */
function bodyOf(lines: readonly string[], { from, to, format, numbered, isLast }: CueBody): Body {
  let end = to
  if (!isLast && numbered && isNumber(lines[end - 1])) end -= 1
  if (format === 'srt') return { spoken: lines.slice(from, end), end: afterLast(lines, from, end), astray: [] }
  const empty = lines.indexOf('', from)
  const stop = empty < 0 || empty > end ? end : empty
  const astray: Told[] = []
  for (let line = stop; line < end; line += 1) {
    if (lines[line] === '' || lines[line - 1] !== '') continue
    // The line right before the next times is that cue's name.
    const isName = !isLast && line === to - 1
    if (!isName && !/^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(lines[line] ?? '')) {
      astray.push({ line: line + 1, text: lines[line] ?? '' })
    }
  }
  return { spoken: lines.slice(from, stop), end: stop, astray }
}

function afterLast(lines: readonly string[], from: number, to: number): number {
  let end = to
  while (end > from && (lines[end - 1] ?? '').trim() === '') end -= 1
  return end
}
