import { extname, parse } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { mostSentences } from '../../api/common/rules.ts'
import type { Caption } from '../../api/library.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { languageOf } from './caption-language.ts'
import { plainText, readCaptionBytes } from './caption-text.ts'
import type { CaptionBytes } from './caption-text.ts'
import { parseCues } from './subtitle-cues.ts'
import type { LostCues } from './subtitle-cues.ts'

/** In the order of preference: what has more structure goes first. */
const formats = ['.json', '.vtt', '.srt', '.txt'] as const

/**
 * Captions beside a video. `problem` says what a caption file has wrong; it, or another, may still have given the
 * sentences.
 */
export interface Captions {
  readonly sentences: Caption[]
  readonly file: string | null
  readonly problem: string | null
}

/** A caption file and its sentences. */
export interface CaptionSource extends CaptionBytes {
  readonly file: string
  readonly sentences: Caption[]
  readonly problem: string | null
}

export function isCaptionFile(name: string): boolean {
  return (formats as readonly string[]).includes(extname(name).toLowerCase())
}

/** The caption files of one folder. */
export class CaptionFiles {
  readonly #byStem = new Map<string, { name: string; rank: string }[]>()

  /** @param names of everything in the folder. */
  constructor(names: Iterable<string>) {
    for (const name of names) {
      const { name: stem, ext } = parse(name)
      const format = (formats as readonly string[]).indexOf(ext.toLowerCase())
      if (format < 0) continue
      this.#add(stem, { name, rank: `${format} 0` })
      const named = languageOf(stem)
      if (!named) continue
      const language = named.language.toLowerCase()
      this.#add(named.before, { name, rank: `${format} ${/^(en|eng)(?:[-_]|$)/.test(language) ? 1 : 2} ${language}` })
    }
  }

  /**
   * Names of the files that hold a video's captions, the preferred first: `NAME.json`, `.vtt`, `.srt`, `.txt`, each
   * also with a language as in `NAME.en.srt`; no language before English before the others.
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

/** Reads the first of these files that can be read. Never throws for what a file has wrong. */
export async function readFirstCaptions(files: readonly string[]): Promise<Captions> {
  let problem: string | null = null
  for (const file of files) {
    try {
      const read = await readCaptions(file)
      return { sentences: read.sentences, file, problem: problem ?? read.problem }
    } catch (error) {
      problem ??= fileProblem(file, error)
    }
  }
  return { sentences: [], file: null, problem }
}

/**
 * The sentences of a caption file, by its extension. `problem` says what of it was lost, and in which encoding it was
 * read where that was not certain.
 * @throws ExpectedError `captions-broken`, `captions-empty`, `captions-too-large` or `captions-unreadable`, naming the
 * file.
 */
export async function readCaptions(file: string): Promise<{ sentences: Caption[]; problem: string | null }> {
  const { sentences, problem } = await readCaptionSource(file)
  return { sentences, problem }
}

/** The same with the file as it lies there, to be written again. @throws as {@link readCaptions}. */
export async function readCaptionSource(file: string): Promise<CaptionSource> {
  let read: CaptionBytes
  try {
    read = await readCaptionBytes(file)
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError('captions-unreadable', fileProblem(file, error), { cause: error })
  }
  const { sentences, lost } = parseCaptions(file, plainText(read.text))
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
    ...(read.doubt === null ? [] : [`${file} ${read.doubt}`]),
  ]
  return { ...read, file, sentences, problem: problems.length > 0 ? problems.join(' ') : null }
}

interface Parsed {
  readonly sentences: Caption[]
  readonly lost: LostCues | null
}

/** @param text with `\n` as line ends. @throws ExpectedError `captions-broken`. */
export function parseCaptions(file: string, text: string): Parsed {
  switch (extname(file).toLowerCase()) {
    case '.json':
      return { sentences: parseJson(file, text), lost: null }
    case '.vtt':
    case '.srt':
      return parseSubtitles(file, text)
    default:
      return {
        sentences: text
          .split('\n')
          .map(line => line.trim())
          .filter(line => line !== '')
          .map(untimed),
        lost: null,
      }
  }
}

function lostSentence(file: string, { count, line, text }: LostCues): string {
  const first = english`line ${line}: “${text.length > 80 ? `${text.slice(0, 79)}…` : text}”`
  return count === 1
    ? english`${file} has 1 subtitle that cannot be read, in ${first}.`
    : english`${file} has ${count} subtitles that cannot be read, the first in ${first}.`
}

function parseSubtitles(file: string, text: string): Parsed {
  const { cues, lost } = parseCues(text)
  if (cues.length === 0 && lost !== null) {
    throw new ExpectedError(
      'captions-broken',
      `${file} has subtitles whose times cannot be read: each needs a line such as “00:00:01,000 --> 00:00:04,000”.`,
    )
  }
  if (cues.length === 0 && !text.trimStart().startsWith('WEBVTT') && text.trim() !== '') {
    throw new ExpectedError(
      'captions-broken',
      `${file} is not a subtitle file: no line such as “00:00:01,000 --> 00:00:04,000” is in it.`,
    )
  }
  return { sentences: cues, lost }
}

const seconds = z.number().min(0)
const timed = z.object({ text: z.string(), start: seconds.nullish(), end: seconds.nullish() })
export const captionJson = z.union([
  z.array(z.string()),
  z.array(timed),
  z.object({ sentences: z.array(z.string()), timestamps: z.array(z.tuple([seconds, seconds])).nullish() }),
])

function parseJson(file: string, text: string): Caption[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new ExpectedError(
      'captions-broken',
      `${file} is not valid JSON (${error instanceof Error ? error.message : String(error)}): correct or delete it.`,
      { cause: error },
    )
  }
  const captions = captionJson.safeParse(parsed)
  if (!captions.success) {
    throw new ExpectedError(
      'captions-broken',
      `${file} is JSON but no captions: it must be a list of sentences, a list of {text, start, end}, or {sentences, timestamps}.`,
    )
  }
  const { data } = captions
  if (!Array.isArray(data)) {
    if (data.timestamps && data.timestamps.length !== data.sentences.length) {
      throw new ExpectedError(
        'captions-broken',
        `${file} has ${data.sentences.length} sentences but ${data.timestamps.length} timestamps: each sentence needs one.`,
      )
    }
    return withText(
      data.sentences.map((sentence, index) => {
        const [start, end] = data.timestamps?.[index] ?? [null, null]
        return { text: sentence, start, end }
      }),
    )
  }
  return withText(
    data.map(entry =>
      typeof entry === 'string'
        ? untimed(entry)
        : { text: entry.text, start: entry.start ?? null, end: entry.end ?? null },
    ),
  )
}

function withText(captions: Caption[]): Caption[] {
  return captions
    .map(caption => ({ ...caption, text: caption.text.replace(/\s+/g, ' ').trim() }))
    .filter(caption => caption.text !== '')
}

function untimed(text: string): Caption {
  return { text, start: null, end: null }
}
