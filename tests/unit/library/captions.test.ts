import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CaptionFiles, readCaptions, readFirstCaptions } from '../../../main/library/captions/captions.ts'
import { folderOfFile } from '../../support/folders.ts'

const directory = folderOfFile('captions')

let files = 0
function captionFile(extension: string, content: string | Uint8Array): string {
  files += 1
  const file = join(directory, `${files}.${extension}`)
  writeFileSync(file, content)
  return file
}
const readWhole = (extension: string, content: string | Uint8Array) => readCaptions(captionFile(extension, content))
const read = async (extension: string, content: string | Uint8Array) => (await readWhole(extension, content)).sentences
const untimed = (...texts: string[]) => texts.map(text => ({ text, start: null, end: null }))

describe('which files hold the captions of a video', () => {
  const names = [
    'clip.mp4',
    'clip.txt',
    'clip.srt',
    'clip.en.srt',
    'clip.de.vtt',
    'clip.pt-BR.vtt',
    'clip.en.vtt',
    'clip.JSON',
    'clip 2.txt',
    'clip.info.json',
    'clip.mp4.txt',
    'other.srt',
  ]

  it('prefers JSON, then WebVTT, SubRip, text; no language, then English, then the others', () => {
    expect(new CaptionFiles(names).of('clip.mp4')).toEqual([
      'clip.JSON',
      'clip.en.vtt',
      'clip.de.vtt',
      'clip.pt-BR.vtt',
      'clip.srt',
      'clip.en.srt',
      'clip.txt',
    ])
  })

  it('takes what stands before the extension for a language only if it is one', () => {
    const others = ['log', 'bak', 'old', 'raw', 'new', 'tmp', 'v2', 'final', 'info', 'live_chat', 'x-y'].flatMap(
      word => [`clip.${word}.txt`, `clip.${word}.json`],
    )
    expect(new CaptionFiles(others).of('clip.mp4')).toEqual([])
    const languages = [
      'clip.yue.vtt',
      'clip.zh-Hans.vtt',
      'clip.en-orig.srt',
      'clip.en.sdh.srt',
      'clip.es-419.srt',
      'clip.ger.srt',
      'clip.pt_BR.srt',
    ]
    expect(new CaptionFiles(languages).of('clip.mp4').toSorted()).toEqual(languages.toSorted())
  })

  it('finds them under composed and decomposed names', () => {
    const [composed, decomposed] = ['café'.normalize('NFC'), 'café'.normalize('NFD')]
    expect(new CaptionFiles([`${decomposed}.srt`]).of(`${composed}.mp4`)).toEqual([`${decomposed}.srt`])
    expect(new CaptionFiles([`${composed}.fr.srt`]).of(`${decomposed}.mp4`)).toEqual([`${composed}.fr.srt`])
  })

  it('does not take those of a video whose name begins alike', () => {
    expect(new CaptionFiles(names).of('clip 2.mkv')).toEqual(['clip 2.txt'])
    expect(new CaptionFiles(names).of('cli.mkv')).toEqual([])
  })
})

describe('text', () => {
  it('is one sentence per line, whatever the encoding and line ends', async () => {
    const expected = untimed('Un garçon court.', 'Il s’arrête — épuisé.')
    const text = 'Un garçon court.\r\n\r\n  Il s’arrête — épuisé.  \r\n'
    expect(await read('txt', text)).toEqual(expected)
    expect(await read('txt', `\ufeff${text}`)).toEqual(expected)
    expect(await read('txt', Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(expected)
    expect(await read('txt', Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toEqual(expected)
    expect(await read('txt', Buffer.from('Un gar\xe7on court.\rFin.', 'latin1'))).toEqual(
      untimed('Un garçon court.', 'Fin.'),
    )
  })
})

describe('SubRip', () => {
  it('gives one sentence per cue with its times', async () => {
    const cues = await read(
      'srt',
      [
        '\ufeff1',
        '00:00:01,500 --> 00:00:04,000',
        '<i>A man in a red coat</i>',
        'walks {\\an8}along the shore.',
        '',
        '2',
        '01:00:05,250 --> 01:00:07,000 X1:40 X2:600',
        '<font color="#ffff00">Waves &amp; wind.</font>',
        '',
        '',
        '3',
        '01:00:08,000 --> 01:00:09,000',
        '',
        '4',
        '01:00:10.5 --> 01:00:11,75',
        'Dots, short fractions.',
        '5',
        '01:00:12,000 --> 01:00:13,000',
        'No empty line before this.',
        '6',
        '01:00:14,000 --> 01:00:13,000',
        'It ends before it begins, at 5 --> 6.',
      ].join('\r\n'),
    )
    expect(cues).toEqual([
      { text: 'A man in a red coat walks along the shore.', start: 1.5, end: 4 },
      { text: 'Waves & wind.', start: 3605.25, end: 3607 },
      { text: 'Dots, short fractions.', start: 3610.5, end: 3611.75 },
      { text: 'No empty line before this.', start: 3612, end: 3613 },
      { text: 'It ends before it begins, at 5 --> 6.', start: 3614, end: 3614 },
    ])
  })
})

describe('WebVTT', () => {
  it('passes over headers, notes, styles and cue names, and strips voices and times', async () => {
    const cues = await read(
      'vtt',
      [
        'WEBVTT - A title',
        'Kind: captions',
        '',
        'STYLE',
        '::cue { color: red }',
        '',
        'NOTE',
        'not this',
        '',
        'opening',
        '00:01.000 --> 00:02.000 align:start position:0%',
        '<v Roger>Hi, <00:01.500><c.loud>everyone</c></v>',
        'on 2 < 3 boats.',
        '',
        '100:00:00.000 --> 100:00:01.000',
        'Later&nbsp;on.',
      ].join('\n'),
    )
    expect(cues).toEqual([
      { text: 'Hi, everyone on 2 < 3 boats.', start: 1, end: 2 },
      { text: 'Later on.', start: 360000, end: 360001 },
    ])
  })
})

describe('JSON', () => {
  it('is a list of sentences, of timed sentences, or two lists', async () => {
    expect(await read('json', '["One.", " Two. ", ""]')).toEqual(untimed('One.', 'Two.'))
    expect(await read('json', '[{"text":"One.","start":0.5,"end":2},{"text":"Two."}]')).toEqual([
      { text: 'One.', start: 0.5, end: 2 },
      { text: 'Two.', start: null, end: null },
    ])
    expect(
      await read('json', '{"duration":82.73,"sentences":["One.","Two."],"timestamps":[[0.83,19.86],[17.37,60.81]]}'),
    ).toEqual([
      { text: 'One.', start: 0.83, end: 19.86 },
      { text: 'Two.', start: 17.37, end: 60.81 },
    ])
    expect(await read('json', '{"sentences":["One."]}')).toEqual(untimed('One.'))
  })
})

describe('a file that is not quite right', () => {
  it('gives what can be read, and says what was lost', async () => {
    const file = captionFile('srt', '1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:x3 --> 00:00:04,000\nlost\n')
    expect(await readCaptions(file)).toEqual({
      sentences: [{ text: 'one', start: 1, end: 2 }],
      problem: `${file} has 1 subtitle that cannot be read, in line 6: “00:00:x3 --> 00:00:04,000”.`,
    })
    expect(await readFirstCaptions([file])).toMatchObject({ file, problem: expect.stringContaining('cannot be read') })
  })

  it('keeps UTF-8 around a stray byte, and says which other encoding was taken', async () => {
    const cue = Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n')
    const stray = await readWhole('srt', Buffer.concat([cue, Buffer.from('café naïve '), Buffer.from([0x92])]))
    expect(stray).toMatchObject({
      sentences: [{ text: 'café naïve \ufffd' }],
      problem: expect.stringContaining('is not UTF-8 in one place'),
    })
    const chinese = await readWhole('srt', Buffer.concat([cue, Buffer.from('c4e3bac3cac0bde7', 'hex')]))
    expect(chinese).toMatchObject({
      sentences: [{ text: '你好世界' }],
      problem: expect.stringContaining('was read as GB18030'),
    })
  })

  it.skipIf(process.platform === 'win32')('is refused when it is none: a pipe, a device, a link to one', async () => {
    const [pipe, zeros, good] = [
      join(directory, 'pipe.txt'),
      join(directory, 'zeros.txt'),
      captionFile('txt', 'A sentence.'),
    ]
    execFileSync('mkfifo', [pipe])
    symlinkSync('/dev/zero', zeros)
    expect(await readFirstCaptions([pipe, zeros, good])).toEqual({
      sentences: untimed('A sentence.'),
      file: good,
      problem: expect.stringContaining(`${pipe} is no ordinary file`),
      isUnread: false,
    })
    await expect(readCaptions(zeros)).rejects.toMatchObject({ code: 'not-a-file' })
  })
})

describe('a broken file', () => {
  const problems: [name: string, extension: string, content: string | Uint8Array, says: RegExp][] = [
    ['cut-off JSON', 'json', '[{"text":"One."', /is not valid JSON \(.*\): correct or delete it/],
    ['JSON of something else', 'json', '{"id": 7}', /JSON but no captions/],
    ['too few times', 'json', '{"sentences":["a","b"],"timestamps":[[0,1]]}', /2 sentences but 1 timestamps/],
    ['times that are words', 'srt', '1\nnow --> then\nHello.\n', /times cannot be read/],
    ['no times at all', 'vtt', 'Once upon a time', /is not a subtitle file/],
    ['WebVTT without cues', 'vtt', 'WEBVTT\n\n', /holds no sentence/],
    ['only blank lines', 'txt', '\n \n', /holds no sentence/],
    ['nothing', 'json', '[]', /holds no sentence/],
    ['far too large', 'txt', Buffer.alloc(9 * 1024 * 1024, 'a\n'), /too large for captions \(9 MB, at most 8\)/],
    ['far too many', 'txt', 'a\n'.repeat(20_001), /20001 sentences, more than the 20000/],
  ]
  it.each(problems)('%s is said in one sentence that names the file', async (_name, extension, content, says) => {
    const file = captionFile(extension, content)
    await expect(readCaptions(file)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: expect.stringMatching(says),
    })
    await expect(readCaptions(file)).rejects.toThrow(file)
  })

  it('does not keep the next file from being used', async () => {
    const [broken, good] = [captionFile('json', '{'), captionFile('txt', 'A sentence.')]
    expect(await readFirstCaptions([broken, good])).toEqual({
      sentences: untimed('A sentence.'),
      file: good,
      problem: expect.stringContaining(broken),
      isUnread: false,
    })
    expect(await readFirstCaptions([broken])).toEqual({
      sentences: [],
      file: null,
      problem: expect.stringContaining(broken),
      isUnread: false,
    })
    expect(await readFirstCaptions([])).toEqual({ sentences: [], file: null, problem: null, isUnread: false })
  })
})

describe('times that cannot be, in JSON', () => {
  it.each([
    [
      'a list',
      [
        { text: 'One.', start: 0, end: 2 },
        { text: 'Two.', start: 3, end: 1 },
      ],
    ],
    [
      'sentences and timestamps',
      {
        sentences: ['One.', 'Two.'],
        timestamps: [
          [0, 2],
          [3, 1],
        ],
      },
    ],
  ])('are refused with their place: %s', async (_, content) => {
    await expect(readWhole('.json', JSON.stringify(content))).rejects.toMatchObject({
      code: 'captions-broken',
      message: expect.stringContaining('ends sentence 2 before it begins: correct it.'),
    })
  })
})
