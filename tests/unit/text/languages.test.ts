import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../main/text/decode-text.ts'
import { encodeText } from '../../../main/text/encode-text.ts'
import { baltic, centralEuropean, turkish, western } from './sentences.ts'

const encodings: [encoding: string, languages: Readonly<Record<string, readonly string[]>>][] = [
  ['windows-1250', centralEuropean],
  ['iso-8859-2', centralEuropean],
  ['windows-1252', western],
  ['iso-8859-15', western],
  ['windows-1254', turkish],
  ['windows-1257', baltic],
]
const files = encodings.flatMap(([encoding, languages]) =>
  Object.entries(languages).map(([language, sentences]) => ({ encoding, language, sentences })),
)

function cues(sentences: readonly string[]): string {
  return sentences.map((text, at) => `${at + 1}\n00:00:0${at},000 --> 00:00:0${at + 1},000\n${text}\n`).join('\n')
}

/** Null where the encoding does not have all of its letters, or it has none beyond ASCII. */
function written(text: string, encoding: string): Uint8Array | null {
  const bytes = encodeText(text, encoding)
  return bytes?.some(byte => byte >= 0x80) === true ? bytes : null
}

describe('a file whose name says no language', () => {
  it.each(files)('is read as it was written: $language in $encoding', ({ encoding, sentences }) => {
    const whole = sentences.filter(sentence => encodeText(sentence, encoding))
    for (const text of [cues(whole), cues(whole).toUpperCase()]) {
      const bytes = written(text, encoding)
      if (bytes) expect(decodeText(bytes).text).toBe(text)
    }
  })

  // Few letters can be those of several languages; those of the two that are most common are told all the same.
  it.each(files.filter(({ encoding }) => ['windows-1250', 'windows-1252'].includes(encoding)))(
    'is read as it was written though it has one sentence: $language in $encoding',
    ({ encoding, sentences }) => {
      for (const text of sentences) {
        const bytes = written(text, encoding)
        if (bytes) expect(decodeText(bytes).text).toBe(text)
      }
    },
  )

  it('has signs of Western Europe that are letters elsewhere, if they stand where signs do', () => {
    for (const text of ['It costs £5.', 'A flat of 20 m².', '9½ tanks', 'Plaza 3º, 2ª', '¿Qué?', '© 2010 Company']) {
      expect(decodeText(written(text, 'windows-1252') ?? new Uint8Array()).text).toBe(text)
    }
  })

  it('says what was decided', () => {
    const bytes = written('A nő egy kést vesz elő.', 'windows-1250') ?? new Uint8Array()
    expect(decodeText(bytes).doubt).toBe(
      'is not UTF-8 and was read as Windows-1250: save it as UTF-8 if characters are wrong.',
    )
  })
})
