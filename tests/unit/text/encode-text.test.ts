import { expect, it } from 'vitest'
import { decodeText } from '../../../main/text/decode-text.ts'
import { encodeText, hasMark } from '../../../main/text/encode-text.ts'

/** Bytes that other programs wrote, given as what they are. */
const written: [encoding: string, text: string, bytes: number[]][] = [
  ['windows-1252', 'café – “é”', [0x63, 0x61, 0x66, 0xe9, 0x20, 0x96, 0x20, 0x93, 0xe9, 0x94]],
  ['windows-1251', 'Дом', [0xc4, 0xee, 0xec]],
  ['koi8-r', 'Дом', [0xe4, 0xcf, 0xcd]],
  ['ibm866', 'Дом', [0x84, 0xae, 0xac]],
  ['gb18030', '你好', [0xc4, 0xe3, 0xba, 0xc3]],
  ['big5', '你好', [0xa7, 0x41, 0xa6, 0x6e]],
  ['shift_jis', 'テスト', [0x83, 0x65, 0x83, 0x58, 0x83, 0x67]],
  ['euc-jp', 'テスト', [0xa5, 0xc6, 0xa5, 0xb9, 0xa5, 0xc8]],
  ['euc-kr', '안녕', [0xbe, 0xc8, 0xb3, 0xe7]],
  ['utf-16le', 'é', [0xe9, 0x00]],
  ['utf-16be', 'é', [0x00, 0xe9]],
  ['utf-8', 'é', [0xc3, 0xa9]],
]

it.each(written)('%s is written as others write it', (encoding, text, bytes) => {
  expect([...(encodeText(text, encoding) ?? [])]).toEqual(bytes)
})

it('a sign that an encoding does not have is not written as another', () => {
  expect(encodeText('你', 'windows-1252')).toBeNull()
  expect(encodeText('😀', 'shift_jis')).toBeNull()
  expect(encodeText('テスト', 'iso-2022-jp')).toBeNull()
})

it('a byte order mark stays', () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
    const bytes = encodeText('1\nä', encoding, true) ?? new Uint8Array()
    expect(hasMark(bytes, encoding)).toBe(true)
    expect(decodeText(bytes)).toEqual({ text: '1\nä', encoding, doubt: null })
  }
})
