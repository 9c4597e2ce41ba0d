import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Caption } from '../../../main/api/library/library.ts'
import { readCaptions, readCaptionSource } from '../../../main/library/captions/captions.ts'
import { composeCaptions } from '../../../main/library/captions/writing/compose-captions.ts'
import { encodeText } from '../../../main/text/encode-text.ts'
import { folderOfTest } from '../../support/folders.ts'

let folder: string
beforeEach(() => {
  folder = folderOfTest('write-captions')
  mkdirSync(folder, { recursive: true })
})

/** Writes a caption file beside a video, edits its sentences, and tells what is written then. */
async function rewritten(
  name: string,
  content: string | Uint8Array,
  edit: (sentences: Caption[]) => Caption[] = same => same,
) {
  const file = join(folder, name)
  writeFileSync(file, content)
  const source = await readCaptionSource(file)
  const sentences = edit(source.sentences)
  const composed = composeCaptions(join(folder, 'clip.mp4'), sentences, source)
  writeFileSync(composed.file, composed.bytes)
  expect((await readCaptions(composed.file)).sentences).toEqual(sentences)
  return {
    name: basename(composed.file),
    text: Buffer.from(composed.bytes).toString(),
    remarks: composed.remarks,
    bytes: composed.bytes,
  }
}

const retime = (index: number, start: number, end: number) => (sentences: Caption[]) =>
  sentences.map((one, at) => (at === index ? { ...one, start, end } : one))
const reword = (index: number, text: string) => (sentences: Caption[]) =>
  sentences.map((one, at) => (at === index ? { ...one, text } : one))

const srt = [
  '1',
  '00:00:01,000 --> 00:00:03,500  X1:40 X2:600',
  '<i>A door</i> opens,',
  'slowly.',
  '',
  '2',
  '00:00:04,000 --> 00:00:06,000',
  'She leaves & waves.',
  '',
  '3',
  '00:00:07.5 --> 00:00:09,000',
  'Rain.',
  '',
]
const vtt = [
  'WEBVTT - made by hand',
  'Language: en',
  '',
  'STYLE',
  '::cue { color: lime }',
  '',
  'NOTE the beginning',
  '',
  'intro',
  '00:01.000 --> 00:03.500 align:start line:0',
  '<v Ann>A door opens.',
  '',
  'NOTE about the second',
  '',
  '00:04.000 --> 00:06.000',
  'She leaves &amp; waves.',
  '',
]

describe('subtitles', () => {
  it.each([
    ['clip.srt', srt],
    ['clip.vtt', vtt],
  ])('%s without an edit is written byte by byte as it was, whatever its line ends', async (name, lines) => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const text of [
        lines.join(end),
        lines.join(end).trimEnd(),
        `\n\n${lines.join(end)}`.slice(name.endsWith('vtt') ? 2 : 0),
      ]) {
        expect(await rewritten(name, text)).toMatchObject({ name, text, remarks: [] })
      }
    }
  })

  it('an edited cue is written anew, and the others stay as they are, with tags, line breaks and spellings', async () => {
    const { text } = await rewritten('clip.srt', srt.join('\r\n'), retime(0, 1.25, 3.75))
    expect(text).toBe(srt.with(1, '00:00:01,250 --> 00:00:03,750 X1:40 X2:600').join('\r\n'))
    const reworded = await rewritten('clip.srt', srt.join('\n'), reword(1, 'She stays.'))
    expect(reworded.text).toBe(srt.with(7, 'She stays.').join('\n'))
    const voiced = await rewritten('clip.vtt', vtt.join('\n'), retime(0, 1, 3.25))
    expect(voiced.text).toBe(vtt.with(9, '00:00:01.000 --> 00:00:03.250 align:start line:0').join('\n'))
  })

  it('cues are counted anew when one comes or goes; notes of one that goes stay', async () => {
    const inserted = await rewritten('clip.srt', srt.join('\n'), sentences =>
      sentences.toSpliced(1, 0, { text: 'New.', start: 3.6, end: 3.9 }),
    )
    expect(inserted.text).toBe(
      [
        ...srt.slice(0, 5),
        '2',
        '00:00:03,600 --> 00:00:03,900',
        'New.',
        '',
        '3',
        ...srt.slice(6, 9),
        '4',
        ...srt.slice(10),
      ].join('\n'),
    )
    const deleted = await rewritten('clip.srt', srt.join('\n'), sentences => sentences.toSpliced(0, 1))
    expect(deleted.text).toBe(['1', ...srt.slice(6, 9), '2', ...srt.slice(10)].join('\n'))
    const noted = await rewritten('clip.vtt', vtt.join('\n'), sentences => sentences.slice(0, 1))
    expect(noted.text).toBe(`${vtt.slice(0, 13).join('\n')}\n`)
    const first = await rewritten('clip.vtt', vtt.join('\n'), sentences => sentences.slice(1))
    expect(first.text).toBe([...vtt.slice(0, 7), '', ...vtt.slice(12)].join('\n'))
  })

  it('a cue that could not be read stays where it was', async () => {
    const lines = [...srt.slice(0, 5), '2', '00:00:xx --> 00:00:06,000', 'lost', '', ...srt.slice(9)]
    const { text } = await rewritten('clip.srt', lines.join('\n'), retime(0, 0.5, 3.5))
    expect(text).toBe(lines.with(1, '00:00:00,500 --> 00:00:03,500 X1:40 X2:600').join('\n'))
  })

  it('words that the format would take for a tag or an arrow are read again as they were written', async () => {
    for (const name of ['clip.srt', 'clip.vtt']) {
      const content = name === 'clip.srt' ? srt : vtt
      for (const words of ['if a <b> c & d', 'x --> y', '12', 'R&amp;D', '{\\an8} up', '-', '“quoted”', '你好，世界']) {
        const written = await rewritten(name, content.join('\n'), reword(1, words))
        expect(written.name, words).toMatch(/^clip\.(srt|vtt|json)$/)
      }
    }
  })

  it('captions that roll are not written over: each phrase goes once into a file that is read first', async () => {
    const rolling = [
      '1',
      '00:00:00,000 --> 00:00:02,000',
      'one',
      '',
      '2',
      '00:00:02,000 --> 00:00:04,000',
      'one',
      'two',
      '',
      '3',
      '00:00:04,000 --> 00:00:06,000',
      'two',
      'three',
      '',
    ]
    expect(await rewritten('clip.en.srt', rolling.join('\n'), retime(0, 0.1, 2))).toMatchObject({
      name: 'clip.en.vtt',
      remarks: ['rolling'],
    })
    const again = await rewritten('clip.vtt', ['WEBVTT', '', ...rolling].join('\n').replaceAll(',', '.'))
    expect(again).toMatchObject({ name: 'clip.json', remarks: ['rolling'] })
  })
})

describe('encodings', () => {
  const text = (words: string) =>
    `1\r\n00:00:01,000 --> 00:00:03,500\r\n${words}\r\n\r\n2\r\n00:00:04,000 --> 00:00:06,000\r\n${words}!\r\n`
  const samples: [string, string, string][] = [
    ['utf-8', 'Grüße, 你好', 'clip.srt'],
    ['utf-16le', 'Grüße, 你好', 'clip.srt'],
    ['utf-16be', 'Grüße, 你好', 'clip.srt'],
    ['windows-1252', 'Ça va très bien, n’est-ce pas ? Où est-il allé hier soir, à la fête ?', 'clip.fr.srt'],
    ['windows-1251', 'Он открывает дверь и выходит на улицу, где идёт дождь.', 'clip.ru.srt'],
    ['koi8-r', 'Он открывает дверь и выходит на улицу, где идёт дождь.', 'clip.ru.srt'],
    ['windows-1253', 'Ανοίγει την πόρτα και βγαίνει έξω στη βροχή.', 'clip.el.srt'],
    ['gb18030', '他打开门，走到外面的雨里。我们一起去看电影。', 'clip.zh.srt'],
    ['big5', '他打開門，走到外面的雨裡。我們一起去看電影。', 'clip.zh-TW.srt'],
    ['shift_jis', '彼はドアを開けて、雨の中に出ていきました。', 'clip.ja.srt'],
    ['euc-jp', '彼はドアを開けて、雨の中に出ていきました。', 'clip.ja.srt'],
    ['euc-kr', '그는 문을 열고 비 속으로 나갔습니다. 우리는 영화를 봅니다.', 'clip.ko.srt'],
  ]

  it.each(samples)('%s stays what it is', async (encoding, words, name) => {
    for (const marked of encoding.startsWith('utf') ? [true, false] : [false]) {
      const bytes = encodeText(text(words), encoding, marked) ?? new Uint8Array()
      const written = await rewritten(name, bytes, retime(0, 1.5, 3.5))
      const expected = encodeText(text(words).replace('00:00:01,000', '00:00:01,500'), encoding, marked)
      expect(written.remarks).toEqual([])
      expect(Buffer.compare(written.bytes, expected ?? new Uint8Array())).toBe(0)
    }
  })

  it('what an encoding cannot hold makes the file UTF-8, and that is said', async () => {
    const bytes = encodeText(text('Ça va très bien, n’est-ce pas ?'), 'windows-1252') ?? new Uint8Array()
    const written = await rewritten('clip.fr.srt', bytes, reword(1, 'Привет, 你好'))
    expect(written).toMatchObject({ name: 'clip.fr.srt', remarks: ['encoding'] })
    expect(written.text).toContain('très bien')
  })
})

describe('json and text', () => {
  it('keeps the form of the file, its indentation and what else its entries say', async () => {
    const list = [
      { text: 'A door opens.', start: 1, end: 3.5, speaker: 'Ann' },
      { text: ' ', note: 'pause' },
      { text: 'She leaves.', start: 4, end: 6 },
    ]
    const { text } = await rewritten('clip.json', `${JSON.stringify(list, null, 4)}\n`, retime(0, 1.5, 3.5))
    expect(JSON.parse(text)).toEqual(list.with(0, { text: 'A door opens.', start: 1.5, end: 3.5, speaker: 'Ann' }))
    expect(text).toMatch(/^\[\n {4}\{\n {8}"/)
    expect(text.endsWith(']\n')).toBe(true)
    const activity = {
      duration: 12,
      sentences: ['A door opens.', 'She leaves.'],
      timestamps: [
        [1, 3.5],
        [4, 6],
      ],
    }
    const pairs = await rewritten('clip.json', JSON.stringify(activity), sentences => sentences.slice(1))
    expect(JSON.parse(pairs.text)).toEqual({ duration: 12, sentences: ['She leaves.'], timestamps: [[4, 6]] })
    const escaped = await rewritten('clip.json', '["caf\\u00e9", "two"]', reword(1, 'naïve'))
    expect(escaped.text).toBe('["caf\\u00e9","na\\u00efve"]')
  })

  it('sentences without times that get some become entries with times', async () => {
    const { text, remarks } = await rewritten('clip.json', '["one", "two"]', retime(1, 2, 4))
    expect(JSON.parse(text)).toEqual([{ text: 'one' }, { text: 'two', start: 2, end: 4 }])
    expect(remarks).toEqual([])
  })

  it('a text stays a text until there are times, which go into a file that is read before it', async () => {
    expect(await rewritten('clip.txt', ' one\r\n\r\ntwo', reword(1, 'three'))).toMatchObject({
      name: 'clip.txt',
      text: ' one\r\n\r\nthree',
    })
    expect((await rewritten('clip.txt', 'one\n\ntwo\n', all => [all[0]!, { ...all[0]!, text: 'three' }])).text).toBe(
      'one\n\nthree\n',
    )
    const timed = (count: number) => (sentences: Caption[]) =>
      sentences.map((one, index) => (index < count ? { ...one, start: index, end: index + 1 } : one))
    expect(await rewritten('clip.txt', 'one\ntwo\n', timed(2))).toMatchObject({
      name: 'clip.vtt',
      text: 'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\none\n\n00:00:01.000 --> 00:00:02.000\ntwo\n',
      remarks: ['format'],
    })
    expect(await rewritten('clip.txt', 'one\ntwo\n', timed(1))).toMatchObject({
      name: 'clip.json',
      remarks: ['format'],
    })
    expect(readFileSync(join(folder, 'clip.txt'), 'utf8')).toBe('one\ntwo\n')
  })

  it('captions that are the first of a video become WebVTT', () => {
    const { file, bytes } = composeCaptions(
      join(folder, 'clip.mp4'),
      [{ text: 'a < b', start: 3661.5, end: 3662 }],
      null,
    )
    expect(basename(file)).toBe('clip.vtt')
    expect(Buffer.from(bytes).toString()).toBe('WEBVTT\n\n01:01:01.500 --> 01:01:02.000\na &lt; b\n')
  })
})
