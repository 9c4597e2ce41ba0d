import { parse } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { decodeText } from '../../text/decode-text.ts'
import { languageOf } from './caption-language.ts'

/** Captions of a day-long video are below a megabyte. */
const largest = 8 * 1024 * 1024

/**
 * The text of a caption file in whatever encoding it has; line ends become `\n`. `doubt` continues a sentence about the
 * file that says which encoding was taken, where that was not certain.
 * @throws ExpectedError `captions-too-large`, `not-a-file`; the file system's error.
 */
export async function readCaptionText(file: string): Promise<{ text: string; doubt: string | null }> {
  const bytes = await readOrdinaryFile(file, largest, 'captions').catch((error: unknown) => {
    if (!(error instanceof ExpectedError) || error.code !== 'file-too-large') throw error
    throw new ExpectedError(
      'captions-too-large',
      error.message.replace(/check that.*$/, 'rename it if it does not belong to the video.'),
      { cause: error },
    )
  })
  const { text, doubt } = decodeText(bytes, languageOf(parse(file).name)?.language)
  return { text: text.replace(/\r\n?/g, '\n').replaceAll('\0', ''), doubt }
}
