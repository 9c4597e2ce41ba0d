import { parse } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { decodeText } from '../../text/decode-text.ts'
import type { DecodedText } from '../../text/decode-text.ts'
import { languageOf } from './caption-language.ts'

/** Captions of a day-long video are below a megabyte. */
const largest = 8 * 1024 * 1024

/** A caption file as it lies there. `text` still has its line ends. */
export interface CaptionBytes extends DecodedText {
  readonly bytes: Buffer
}

/**
 * A caption file in whatever encoding it has. `doubt` continues a sentence about the file that says which encoding was
 * taken, where that was not certain.
 * @throws ExpectedError `captions-too-large`, `not-a-file`; the file system's error.
 */
export async function readCaptionBytes(file: string): Promise<CaptionBytes> {
  const bytes = await readOrdinaryFile(file, largest, 'captions').catch((error: unknown) => {
    if (!(error instanceof ExpectedError) || error.code !== 'file-too-large') throw error
    throw new ExpectedError(
      'captions-too-large',
      error.message.replace(/check that.*$/, english`rename it if it does not belong to the video.`),
      { cause: error },
    )
  })
  return { bytes, ...decodeText(bytes, languageOf(parse(file).name)?.language) }
}

/** The text of a file as it is read: line ends are `\n`. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '')
}
