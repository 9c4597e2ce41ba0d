import { extname, parse } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { mostSentences } from '../../api/common/rules.ts'
import type { Caption } from '../../api/library/library.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { assertNoPictures, captionExtensions, formOf } from './caption-forms.ts'
import type { CaptionForm } from './caption-forms.ts'
import { parseCaptionJson, untimed } from './caption-json.ts'
import { languageOf } from './caption-language.ts'
import { plainText, readCaptionBytes } from './caption-text.ts'
import type { CaptionBytes } from './caption-text.ts'
import { frameCues, tenthCues } from './line-cues.ts'
import type { LineCues } from './line-cues.ts'
import { lyricCues } from './lyric-cues.ts'
import { scriptCues } from './script-cues.ts'
import { parseCues } from './subtitle-cues.ts'
import type { LostCues } from './subtitle-cues.ts'
import { transcriptCues } from './transcript-cues.ts'

/**
 * Captions beside a video. `problem` says what a caption file has wrong; it, or another, may still have given the
 * sentences.
 */
export interface Captions {
  readonly sentences: Caption[]
  readonly file: string | null
  readonly problem: string | null
  /** The system kept a file from being read, which says nothing of what is in it: it is to be read again. */
  readonly isUnread: boolean
}

/** A caption file and its sentences. */
export interface CaptionSource extends CaptionBytes {
  readonly file: string
  readonly sentences: Caption[]
  readonly problem: string | null
}

export function isCaptionFile(name: string): boolean {
  return captionExtensions.includes(extname(name).toLowerCase())
}

/** The caption files of one folder. */
export class CaptionFiles {
  readonly #byStem = new Map<string, { name: string; rank: string }[]>()

  /** @param names of everything in the folder. */
  constructor(names: Iterable<string>) {
    for (const name of names) {
      const { name: stem, ext } = parse(name)
      const place = captionExtensions.indexOf(ext.toLowerCase())
      if (place < 0) continue
      const format = String(place).padStart(2, '0')
      this.#add(stem, { name, rank: `${format} 0` })
      const named = languageOf(stem)
      if (!named) continue
      const language = named.language.toLowerCase()
      this.#add(named.before, { name, rank: `${format} ${/^(en|eng)(?:[-_]|$)/.test(language) ? 1 : 2} ${language}` })
    }
  }

  /**
   * Names of the files that hold a video's captions, the preferred first: `NAME.json`, `.vtt`, `.srt`, other subtitles,
   * `.txt`, those that can only be refused; each also with a language as in `NAME.en.srt`; no language before English
   * before the others.
   */
  of(videoName: string): string[] {
    const found = this.#byStem.get(oneForm(parse(videoName).name)) ?? []
    return found.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ name }) => name)
  }

  #add(stem: string, file: { name: string; rank: string }): void {
    const files = this.#byStem.get(oneForm(stem))
    if (files) files.push(file)
    else this.#byStem.set(oneForm(stem), [file])
  }
}

/** Names come composed from one system and decomposed from another. */
function oneForm(name: string): string {
  return name.normalize('NFC')
}

/**
 * Reads the first of these files that can be read. Never throws for what a file has wrong.
 * @param frameRate frames a second of the video, for captions that count them; not given: not known.
 */
export async function readFirstCaptions(files: readonly string[], frameRate: number | null = null): Promise<Captions> {
  let problem: string | null = null
  let isUnread = false
  for (const file of files) {
    try {
      const read = await readCaptionSource(file, frameRate)
      return { sentences: read.sentences, file, problem: problem ?? read.problem, isUnread }
    } catch (error) {
      problem ??= fileProblem(file, error)
      isUnread ||= !(error instanceof ExpectedError) || error.code === 'captions-unreadable'
    }
  }
  return { sentences: [], file: null, problem, isUnread }
}

/**
 * The sentences of a caption file, by its first lines or its extension. `problem` says what of it was lost, and in
 * which encoding it was read where that was not certain.
 * @throws ExpectedError `captions-broken`, `captions-empty`, `captions-too-large` or `captions-unreadable`, naming the
 * file.
 */
export async function readCaptions(file: string): Promise<{ sentences: Caption[]; problem: string | null }> {
  const { sentences, problem } = await readCaptionSource(file)
  return { sentences, problem }
}

/**
 * The same with the file as it lies there, to be written again.
 * @param frameRate frames a second of the video; null: not known.
 * @throws as {@link readCaptions}.
 */
export async function readCaptionSource(file: string, frameRate: number | null = null): Promise<CaptionSource> {
  let read: CaptionBytes
  try {
    read = await readCaptionBytes(file)
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError('captions-unreadable', fileProblem(file, error), { cause: error })
  }
  assertNoPictures(file, read.bytes)
  const { sentences, lost, bent, untimed } = parseCaptions(file, plainText(read.text), frameRate)
  if (sentences.length === 0) {
    throw new ExpectedError('captions-empty', `${file} holds no sentence: write one sentence per line, or delete it.`)
  }
  if (sentences.length > mostSentences) {
    throw new ExpectedError(
      'captions-too-large',
      `${file} has ${sentences.length} sentences, more than the ${mostSentences} that captions may have: rename it if it does not belong to the video.`,
    )
  }
  const problems = [
    ...(lost === null ? [] : [lostSentence(file, lost)]),
    ...(bent === null ? [] : [bentSentence(file, bent)]),
    ...(untimed
      ? [
          english`${file} counts frames and nothing says how many make a second, so that its sentences have no times: put a first line such as “${rateLine}” with the frame rate of the video.`,
        ]
      : []),
    ...(read.doubt === null ? [] : [`${file} ${read.doubt}`]),
  ]
  return { ...read, file, sentences: [...sentences], problem: problems.length > 0 ? problems.join(' ') : null }
}

interface Parsed {
  readonly sentences: readonly Caption[]
  readonly lost: LostCues | null
  /** Kept with times other than those that the file says. */
  readonly bent: LostCues | null
  /** Whether they have no times since they count frames, at a rate that is not known. */
  readonly untimed: boolean
}

/**
 * @param text with `\n` as line ends.
 * @param frameRate frames a second of the video; null: not known.
 * @throws ExpectedError `captions-broken`.
 */
export function parseCaptions(file: string, text: string, frameRate: number | null = null): Parsed {
  const form = formOf(file, extname(file).toLowerCase(), text)
  const whole = { lost: null, bent: null, untimed: false }
  switch (form) {
    case 'json':
      return { sentences: parseCaptionJson(file, text), ...whole }
    case 'lines':
      return { sentences: textLines(text), ...whole }
    case 'subtitles':
      return { ...parseSubtitles(file, text), untimed: false }
    case 'frames':
      return said(file, form, frameCues(text, frameRate))
    case 'tenths':
      return said(file, form, tenthCues(text))
    case 'lyrics':
      return said(file, form, lyricCues(text))
    case 'transcript':
      return said(file, form, transcriptCues(text))
    case 'script':
      if (!/^[ \t]*Dialogue[ \t]*:/im.test(text) && text.trim() !== '') throw noSubtitles(file, form)
      return said(file, form, scriptCues(text))
    default:
      return form satisfies never
  }
}

function textLines(text: string): Caption[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(untimed)
}

const rateLine = '{1}{1}25'
/** How a line looks that says when something is said. */
const timedLines: Readonly<Record<Exclude<CaptionForm, 'json' | 'lines'>, string>> = {
  subtitles: '00:00:01,000 --> 00:00:04,000',
  frames: '{25}{100}A man runs.',
  tenths: '[10][40]A man runs.',
  lyrics: '[00:01.00]A man runs.',
  transcript: '0:01 A man runs.',
  script: 'Dialogue: 0,0:00:01.00,0:00:04.00,Default,,0,0,0,,A man runs.',
}

/** @throws ExpectedError `captions-broken` where nothing but what is lost is in the file. */
function said(
  file: string,
  form: keyof typeof timedLines,
  { untimed: isUntimed = false, ...read }: LineCues & { readonly untimed?: boolean },
): Parsed {
  if (read.sentences.length === 0 && read.lost !== null) throw withoutTimes(file, form)
  return { ...read, untimed: isUntimed }
}

function noSubtitles(file: string, form: keyof typeof timedLines): ExpectedError {
  return new ExpectedError(
    'captions-broken',
    `${file} is not a subtitle file: no line such as “${timedLines[form]}” is in it.`,
  )
}

function withoutTimes(file: string, form: keyof typeof timedLines): ExpectedError {
  return new ExpectedError(
    'captions-broken',
    `${file} has subtitles whose times cannot be read: each needs a line such as “${timedLines[form]}”.`,
  )
}

function lostSentence(file: string, { count, line, text }: LostCues): string {
  const first = english`line ${line}: “${text.length > 80 ? `${text.slice(0, 79)}…` : text}”`
  return count === 1
    ? english`${file} has 1 subtitle that cannot be read, in ${first}.`
    : english`${file} has ${count} subtitles that cannot be read, the first in ${first}.`
}

function bentSentence(file: string, { count, line, text }: LostCues): string {
  const first = english`line ${line}: “${text.length > 80 ? `${text.slice(0, 79)}…` : text}”`
  return count === 1
    ? english`${file} has 1 subtitle that begins before 0 or ends before it begins, in ${first}; it is taken from 0, or for a moment.`
    : english`${file} has ${count} subtitles that begin before 0 or end before they begin, the first in ${first}; they are taken from 0, or for a moment.`
}

function parseSubtitles(file: string, text: string): Omit<Parsed, 'untimed'> {
  const { cues, lost, bent } = parseCues(text)
  if (cues.length === 0 && lost !== null) throw withoutTimes(file, 'subtitles')
  if (cues.length === 0 && !text.trimStart().startsWith('WEBVTT') && text.trim() !== '') {
    throw noSubtitles(file, 'subtitles')
  }
  return { sentences: cues, lost, bent }
}
