import { extname, join, parse } from 'node:path'
import type { CaptionRemark } from '../../../api/library/captions.ts'
import type { Caption } from '../../../api/library/library.ts'
import { encodeText, hasMark } from '../../../text/encode-text.ts'
import { plainText } from '../caption-text.ts'
import { parseCaptions } from '../captions.ts'
import type { CaptionSource } from '../captions.ts'
import { mapEntries, textOf } from './map-entries.ts'
import { saySame } from './match-sentences.ts'
import { writeJson } from './write-json.ts'
import { writeSubtitles } from './write-subtitles.ts'

export interface ComposedCaptions {
  readonly file: string
  readonly bytes: Uint8Array
  readonly remarks: CaptionRemark[]
}

/** Where sentences go that a format cannot say: into one that is read before it. */
const fallbacks: Readonly<Record<string, readonly string[]>> = {
  '.txt': ['.txt', '.vtt', '.json'],
  '.srt': ['.srt', '.vtt', '.json'],
  '.vtt': ['.vtt', '.json'],
  '.json': ['.json'],
}

/**
 * The file that says these sentences beside a video: as the one they came from is, where that can say all of them, else
 * the nearest that is read before it. What was composed is read again, and taken only if it says the same.
 */
export function composeCaptions(
  video: string,
  sentences: readonly Caption[],
  source: CaptionSource | null,
): ComposedCaptions {
  const { dir, name } = parse(source?.file ?? video)
  const own = source && extname(source.file)
  const formats = own === null ? ['.vtt', '.json'] : (fallbacks[own.toLowerCase()] ?? ['.vtt', '.json'])
  for (const format of formats) {
    const isOwn = own?.toLowerCase() === format
    const file = join(dir, name + (isOwn ? own : format))
    const text = write(format, sentences, isOwn && source ? source.text : null)
    if (text === null || !readsAs(file, text, sentences)) continue
    const remarks: CaptionRemark[] = isOwn || own === null ? [] : [doRoll(source) ? 'rolling' : 'format']
    return { file, ...encoded(text, isOwn ? source : null, remarks) }
  }
  throw new Error(`${sentences.length} sentences cannot be written beside ${video}`)
}

function write(format: string, sentences: readonly Caption[], before: string | null): string | null {
  switch (format) {
    case '.json':
      return writeJson(sentences, before)
    case '.txt':
      return writeLines(sentences, before)
    default:
      return writeSubtitles(sentences, before)
  }
}

/** A line for each sentence; empty lines stay. */
function writeLines(sentences: readonly Caption[], before: string | null): string {
  const end = /\r\n|\r|\n/.exec(before ?? '')?.[0] ?? '\n'
  return mapEntries((before ?? '').split(/\r\n|\r|\n/), { sentences, make: textOf }).join(end)
}

function readsAs(file: string, text: string, sentences: readonly Caption[]): boolean {
  try {
    return saySame(parseCaptions(file, plainText(text)).sentences, sentences)
  } catch {
    return false
  }
}

function doRoll(source: CaptionSource | null): boolean {
  return source !== null && /^\.(?:srt|vtt)$/i.test(extname(source.file)) && writeSubtitles([], source.text) === null
}

/** In the file's own encoding, if that gives its bytes again and has all of the signs; else as UTF-8. */
function encoded(
  text: string,
  source: CaptionSource | null,
  remarks: CaptionRemark[],
): Pick<ComposedCaptions, 'bytes' | 'remarks'> {
  if (source) {
    const isMarked = hasMark(source.bytes, source.encoding)
    const again = encodeText(source.text, source.encoding, isMarked)
    const bytes = again && source.bytes.equals(again) ? encodeText(text, source.encoding, isMarked) : null
    if (bytes) return { bytes, remarks }
    remarks = [...remarks, 'encoding']
  }
  return { bytes: new TextEncoder().encode(text), remarks }
}
