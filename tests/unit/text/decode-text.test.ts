import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../main/text/decode-text.ts'

const bytes = (hexadecimal: string): Buffer => Buffer.from(hexadecimal.replaceAll(' ', ''), 'hex')
const cue = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n'), text, Buffer.from('\n')])

describe('the encoding of a text', () => {
  it('is told by a byte order mark', () => {
    expect(decodeText(Buffer.from('\ufeffé', 'utf8'))).toEqual({ text: 'é', encoding: 'utf-8', doubt: null })
    expect(decodeText(Buffer.from('\ufeffé', 'utf16le'))).toEqual({ text: 'é', encoding: 'utf-16le', doubt: null })
    expect(decodeText(Buffer.from('\ufeffé', 'utf16le').swap16())).toEqual({
      text: 'é',
      encoding: 'utf-16be',
      doubt: null,
    })
  })

  it('is known as UTF-16 without a mark', () => {
    expect(decodeText(Buffer.from('1\n你好\n', 'utf16le'))).toMatchObject({ text: '1\n你好\n', encoding: 'utf-16le' })
    expect(decodeText(Buffer.from('1\n你好\n', 'utf16le').swap16())).toMatchObject({
      text: '1\n你好\n',
      encoding: 'utf-16be',
    })
  })

  it('stays UTF-8 where single bytes do not belong, and says so', () => {
    expect(decodeText(Buffer.concat([Buffer.from('café '), bytes('92'), Buffer.from(' naïve')]))).toEqual({
      text: 'café \ufffd naïve',
      encoding: 'utf-8',
      doubt: expect.stringContaining('is not UTF-8 in one place'),
    })
    // Cut off in the middle of a character.
    expect(decodeText(Buffer.from('你好世界').subarray(0, -1))).toMatchObject({
      text: '你好世\ufffd',
      encoding: 'utf-8',
    })
  })

  // Bytes as Python's codecs write them.
  const legacy: [encoding: string, hexadecimal: string, text: string][] = [
    ['gb18030', 'c4e3 bac3 cac0 bde7', '你好世界'],
    ['gb18030', 'd2bb b8f6 c4d0 c8cb d4da bac3 b1df c5dc b2bd', '一个男人在好边跑步'],
    ['big5', 'a741 a66e a540 acc9', '你好世界'],
    ['shift_jis', '82b1 82f1 82c9 82bf 82cd', 'こんにちは'],
    ['shift_jis', '834a 8381 8389', 'カメラ'],
    ['euc-jp', 'a4b3 a4f3 a4cb a4c1 a4cf c0a4 b3a6', 'こんにちは世界'],
    ['euc-kr', 'bec8 b3e7 c7cf bcbc bfe4', '안녕하세요'],
    ['windows-1251', 'cff0 e8e2 e5f2 2c20 ece8 f0', 'Привет, мир'],
    ['windows-1251', 'c4e0', 'Да'],
    ['koi8-r', 'f0d2 c9d7 c5d4 2c20 cdc9 d2', 'Привет, мир'],
    ['windows-1253', 'cae1 ebe7 ecdd f1e1 20ea fcf3 ece5', 'Καλημέρα κόσμε'],
    ['windows-1255', 'f9ec e5ed 20f2 e5ec ed', 'שלום עולם'],
    ['windows-1256', 'e3d1 cdc8 c720 c8c7 e1da c7e1 e3', 'مرحبا بالعالم'],
    ['windows-1252', '9349 7492 7320 6772 6561 7494 2096 2074 6f74 616c 6c79 85', '“It’s great” – totally…'],
    ['windows-1252', '5527 6e20 6761 72e7 6f6e', "U'n garçon"],
    ['windows-1252', '456c 206e 69f1 6f20 6573 74e1 2061 7175 ed2c 20bf 6e6f 3f', 'El niño está aquí, ¿no?'],
    ['windows-1252', '4974 9273 2061 2064 6f67 2097 2093 7175 6f74 6564 94', 'It’s a dog — “quoted”'],
    [
      'windows-1250',
      '4dea bf63 7a79 7a6e 6120 62 6965 676e 6965 2070 6f20 706c 61bf 792c 20b3 f364 9f',
      'Mężczyzna biegnie po plaży, łódź',
    ],
    ['windows-1254', '47fc 6e65 fe20 646f f075 796f 722c 20e7 6f63 756b', 'Güneş doğuyor, çocuk'],
    ['windows-1250', '4dea bf63 7a79 7a6e 6120 6f74 7769 6572 6120 6472 7a77 69', 'Mężczyzna otwiera drzwi'],
    [
      'windows-1250',
      '42e3 6961 7475 6c20 6675 6765 2c20 6961 7220 75ba 6120 72e3 6de2 6e65 2064 6573 6368 6973 e3',
      'Băiatul fuge, iar uşa rămâne deschisă',
    ],
    [
      'windows-1250',
      '4120 6ef5 2066 f57a 2c20 6120 6669 fa20 7065 6469 6720 6779 fb72 fb74 2074 616c e16c',
      'A nő főz, a fiú pedig gyűrűt talál',
    ],
    [
      'windows-1257',
      '5369 6576 6965 7465 2069 6569 6574 2069 7374 6162 e220 756e 206c 6173 6120 6772 e26d 6174 752c 2076 ee72 6965 7469 7320 6b6c 6175 73e2 73',
      'Sieviete ieiet istabā un lasa grāmatu, vīrietis klausās',
    ],
    [
      'windows-1252',
      'bf44 f36e 6465 3f20 a141 7175 ed20 6573 74e1 2065 6c20 6e69 f16f 21',
      '¿Dónde? ¡Aquí está el niño!',
    ],
    ['windows-1252', '496c 20e9 7461 6974 206c e02c 206c 6520 6368 e274 6561 75', 'Il était là, le château'],
    ['iso-8859-2', 'ae6c 75bb 6f75 e86b fd20 6bf9 f220 fa70 ec6c', 'Žluťoučký kůň úpěl'],
    ['iso-8859-2', 'b3f3 64bc 2069 20bf 6162 6120 b670 69b1', 'łódź i żaba śpią'],
    ['iso-8859-15', '756e 2063 bd75 7220 e020 3520 a4', 'un cœur à 5 €'],
    [
      'macintosh',
      '556e 2067 6172 8d6f 6e20 636f 7572 7420 8820 6c61 2070 6c61 6765 2c20 8e74 8e20 6e61 9566',
      'Un garçon court à la plage, été naïf',
    ],
    ['ibm866', '9de2 ae20 e2a5 e1e2 2c20 afe0 a8a2 a5e2', 'Это тест, привет'],
    ['iso-8859-5', 'cde2 de20 e2d5 e1e2 2c20 dfe0 d8d2 d5e2', 'Это тест, привет'],
    ['iso-8859-6', 'e5d1 cdc8 c720 c8c7 e4d9 c7e4 e5', 'مرحبا بالعالم'],
    ['windows-1252', 'e820 7665 726f', 'è vero'],
    ['windows-1252', '6f6e 6520 e920 6279 7465', 'one é byte'],
    ['iso-2022-jp', '1b24 4224 3324 731b 2842', 'こん'],
  ]
  it.each(legacy)('is found to be %s for %s, alone and as a cue', (encoding, hexadecimal, text) => {
    expect(decodeText(bytes(hexadecimal))).toMatchObject({ text, encoding })
    expect(decodeText(cue(bytes(hexadecimal))).text).toContain(`\n${text}\n`)
  })

  it('is said when it was not certain', () => {
    expect(decodeText(bytes('c4e3 bac3 cac0 bde7')).doubt).toBe(
      'is not UTF-8 and was read as GB18030: save it as UTF-8 if characters are wrong.',
    )
    expect(decodeText(bytes('6361 66e9')).doubt).toContain('was read as Windows-1252')
    expect(decodeText(bytes('82b1 82f1')).doubt).toContain('was read as Shift_JIS')
    expect(decodeText(bytes('6361 668e 206e 8e65')).doubt).toContain('was read as Mac OS Roman')
  })

  it('follows the language that the name of the file says', () => {
    // Two letters are not enough to tell Thai from Western Europe's letters.
    const thai = bytes('cac7')
    expect(decodeText(thai, 'th').text).toBe('สว')
    expect(decodeText(bytes('e0'), 'fr').text).toBe('à')
    expect(decodeText(bytes('d5fd'), 'zh-Hans').text).toBe('正')
  })
})
