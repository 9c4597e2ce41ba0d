import { describe, expect, it } from 'vitest'
import { decodeText, EncodingDetector } from '../../../main/storage/text-encoding.ts'

const latin = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

describe('the encoding of a text', () => {
  it.each([
    ['plain ASCII', Buffer.from('video,caption\n'), 'utf-8', 'video,caption\n'],
    ['UTF-8', Buffer.from('café 北京 😀'), 'utf-8', 'café 北京 😀'],
    ['UTF-8 with a mark', Buffer.from('\uFEFFcafé'), 'utf-8', 'café'],
    ['Windows-1252', latin('caf\xe9 au lait'), 'windows-1252', 'café au lait'],
    ['Windows-1252 at the end', latin('caf\xe9'), 'windows-1252', 'café'],
    ['quotes of Windows-1252', latin('\x93so\x94 \x85'), 'windows-1252', '“so” …'],
    ['UTF-16 as Windows saves it', utf16('\uFEFFcafé'), 'utf-16le', 'café'],
    ['UTF-16, the other order', utf16('\uFEFFcafé', true), 'utf-16be', 'café'],
    ['UTF-16 without a mark', utf16('video,caption\na,b\n'), 'utf-16le', 'video,caption\na,b\n'],
    ['UTF-16 without a mark, the other order', utf16('video,caption\n', true), 'utf-16be', 'video,caption\n'],
    ['nothing', Buffer.alloc(0), 'utf-8', ''],
  ] as const)('is found: %s', (_, bytes, encoding, text) => {
    expect(decodeText(bytes)).toEqual({ encoding, damaged: 0, text })
  })

  it('is decided for the whole: one stray byte does not make a UTF-8 text another', () => {
    expect(decodeText(Buffer.concat([Buffer.from('café, thé, '), latin('\xe9 '), Buffer.from('naïve')]))).toEqual({ encoding: 'utf-8', damaged: 1, text: 'café, thé, \uFFFD naïve' })
  })

  it('does not depend on how the bytes are cut', () => {
    const bytes = Buffer.from('é北😀 ü')
    for (let size = 1; size < bytes.length; size++) {
      const detector = new EncodingDetector()
      for (let start = 0; start < bytes.length; start += size) detector.add(bytes.subarray(start, start + size))
      expect(detector.result()).toEqual({ encoding: 'utf-8', damaged: 0 })
    }
  })

  it('counts what UTF-8 forbids as the platform’s own decoder does', () => {
    for (const bad of [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff]]) {
      const bytes = Buffer.concat([Buffer.from('ééééééé'), Buffer.from(bad), Buffer.from(' é')])
      expect(decodeText(bytes).damaged).toBeGreaterThan(0)
      expect(decodeText(bytes).text).toContain('\uFFFD')
    }
  })
})
