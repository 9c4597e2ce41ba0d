import { ExpectedError } from '../../../native-models/expected-error.ts'
import { isNumber, parseTimes } from './cue-times.ts'
import { isTranscript } from './transcript-cues.ts'

/**
 * How a caption file says its sentences: `subtitles` SubRip, WebVTT, SBV and SubViewer; `frames` MicroDVD, which counts
 * frames; `tenths` MPL2, which counts tenths of a second; `lyrics` LRC; `script` SubStation Alpha; `transcript`
 * words behind or below times; `lines` one each.
 */
export type CaptionForm = 'json' | 'subtitles' | 'frames' | 'tenths' | 'lyrics' | 'script' | 'transcript' | 'lines'

const readForms: Readonly<Record<string, CaptionForm>> = {
  '.json': 'json',
  '.vtt': 'subtitles',
  '.srt': 'subtitles',
  '.sbv': 'subtitles',
  '.ass': 'script',
  '.ssa': 'script',
  '.sub': 'subtitles',
  '.mpl': 'tenths',
  '.mpl2': 'tenths',
  '.lrc': 'lyrics',
  '.txt': 'lines',
}

/** Subtitles that are not read, by the names of their forms. */
const refusedForms: Readonly<Record<string, string>> = {
  '.ttml': 'TTML',
  '.dfxp': 'TTML',
  '.smi': 'SAMI',
  '.sami': 'SAMI',
  '.scc': 'SCC',
  '.stl': 'STL',
  '.json3': 'JSON3',
  '.srv1': 'SRV',
  '.srv2': 'SRV',
  '.srv3': 'SRV',
  '.sup': 'PGS',
}

/** In the order of preference: what has more structure goes first, what can only be refused last. */
export const captionExtensions: readonly string[] = [...Object.keys(readForms), ...Object.keys(refusedForms)]

/** Forms that are told by their first line, whatever the file is called. */
const byFirstLine: readonly [RegExp, CaptionForm][] = [
  [/^WEBVTT(?:\s|$)/, 'subtitles'],
  [/^\{\s*\d+\s*\}\s*\{\s*\d*\s*\}|^\{DEFAULT\}\{\}/i, 'frames'],
  [/^\[\s*\d+\s*\]\s*\[\s*\d*\s*\]/, 'tenths'],
  [
    /^\[\d+:\d{1,2}(?:\.\d{1,3})?\]|^\[\d+:\d{1,2}:\d{1,2}\.\d{1,3}\]|^\[(?:ti|ar|al|au|by|offset|length|re|ve):/i,
    'lyrics',
  ],
  [/^\[Script Info\]|^Dialogue:\s*[^,]*,\s*-?\d+:\d/i, 'script'],
]
const refusedByFirstLine: readonly [RegExp, string][] = [
  [/^<\?xml\b|^<(?:\w{1,20}:)?tt[\s>]/i, 'TTML'],
  [/^<SAMI\b/i, 'SAMI'],
  [/^Scenarist_SCC\b/, 'SCC'],
]

/** Lines to look at before a file is taken for what its name says: a first line may be broken, or a remark. */
const linesToTry = 5
/** Nothing more of a file is looked at. */
const looked = 64 * 1024

/**
 * The form of a caption file by its first lines, else by its name.
 * @param extension in lower case.
 * @throws ExpectedError `captions-broken` for one that is not read, with the remedy.
 */
export function formOf(file: string, extension: string, text: string): CaptionForm {
  if (extension === '.json') return 'json'
  const lines = text
    .slice(0, looked)
    .replace(/^\ufeff/, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .slice(0, linesToTry)
  const refused = refusedForms[extension] ?? refusedByFirstLine.find(([pattern]) => pattern.test(lines[0] ?? ''))?.[1]
  if (refused !== undefined) throw refusal(file, refused)
  const found = lines.flatMap(line => byFirstLine.find(([pattern]) => pattern.test(line))?.[1] ?? [])
  // Sentences may hold what looks like such a line; one that begins with it does not.
  if (extension === '.txt') return found[0] !== undefined && startsWith(lines, found[0]) ? found[0] : linesOrCues(lines)
  return found[0] ?? readForms[extension] ?? 'lines'
}

function startsWith([first = '']: readonly string[], form: CaptionForm): boolean {
  return byFirstLine.some(([pattern, one]) => one === form && pattern.test(first))
}

/** A `.txt` may hold SubRip or a transcript: then its numbers and times are no sentences. */
function linesOrCues(lines: readonly string[]): CaptionForm {
  const [first = '', second = ''] = lines
  const times = isNumber(first) ? second : first
  const found = times.includes('-->') ? parseTimes(times) : null
  // Whisper says the words of a cue behind its times, in the same line.
  if (found !== null && found.rest === '') return 'subtitles'
  if (isTranscript(lines)) return 'transcript'
  return found === null ? 'lines' : 'subtitles'
}

const pictures = ['PGS', 'VobSub']

function refusal(file: string, form: string): ExpectedError {
  return new ExpectedError(
    'captions-broken',
    pictures.includes(form)
      ? `${file} has pictures of subtitles (${form}) and no text: recognise the text with a subtitle program, and put it beside the video as SubRip (.srt).`
      : `${file} has subtitles in the form ${form}, which is not read: convert it with a subtitle program, and put it beside the video as SubRip (.srt) or WebVTT (.vtt).`,
  )
}

/** @throws ExpectedError `captions-broken` for a `.sub` of VobSub, an MPEG programme stream of pictures. */
export function assertNoPictures(file: string, bytes: Uint8Array): void {
  if ([0, 0, 1, 0xba].every((byte, index) => bytes[index] === byte)) throw refusal(file, 'VobSub')
}
