import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  CaptionFiles,
  readCaptions,
  readCaptionSource,
  readFirstCaptions,
} from '../../../main/library/captions/captions.ts'
import { composeCaptions } from '../../../main/library/captions/writing/compose-captions.ts'
import { folderOfFile } from '../../support/folders.ts'

const directory = folderOfFile('subtitles')

function captionFile(name: string, lines: readonly string[] | Uint8Array): string {
  const file = join(directory, name)
  writeFileSync(file, lines instanceof Uint8Array ? lines : lines.join('\r\n'))
  return file
}
const cues = async (name: string, ...lines: string[]) =>
  (await readCaptions(captionFile(name, lines))).sentences.map(({ text, start, end }) => [text, start, end])

describe('LRC', () => {
  it('has lines sung until the next time, several times of one line, times of words and an offset', async () => {
    expect(
      await cues(
        'song.lrc',
        '[ti:A song]',
        '[offset:+500]',
        '[length:01:00]',
        '[00:12.50]First <00:13.00>words',
        '[00:20.00][00:40.00]Again & again',
        '[00:30.00]',
        '[01:00:02.5]Late',
      ),
    ).toEqual([
      ['First words', 12, 19.5],
      ['Again & again', 19.5, 29.5],
      ['Again & again', 39.5, 3602],
      ['Late', 3602, null],
    ])
  })

  it('tells lines without a time, or with one that is none', async () => {
    const file = captionFile('odd.lrc', ['[00:01.00]one', '[00:02.-5]two', 'three', '[00:75.00]four', '[00:12:30]five'])
    expect(await readCaptions(file)).toEqual({
      sentences: [{ text: 'one', start: 1, end: null }],
      problem: `${file} has 4 subtitles that cannot be read, the first in line 2: “[00:02.-5]two”.`,
    })
  })
})

describe('MicroDVD', () => {
  const lines = ['{0}{50}{y:i}A man|runs.', '{100}{}Then {c:$0000ff}he rests.', '{200}{150}He sleeps.']

  it('counts frames at the rate of its first line, without it at that of the video', async () => {
    const timed = [
      { text: 'A man runs.', start: 0, end: 2 },
      { text: 'Then he rests.', start: 4, end: 8 },
      { text: 'He sleeps.', start: 8, end: 8 },
    ]
    const stated = captionFile('stated.sub', ['{1}{1}25.000', ...lines])
    expect(await readFirstCaptions([stated], 50)).toMatchObject({
      sentences: timed,
      problem: `${stated} has 1 subtitle that begins before 0 or ends before it begins, in line 4: “{200}{150}He sleeps.”; it is taken from 0, or for a moment.`,
    })
    expect((await readFirstCaptions([captionFile('silent.sub', lines)], 25)).sentences).toEqual(timed)
  })

  it('has no times where no rate is known, and says so', async () => {
    const file = captionFile('unknown.sub', lines)
    const { sentences, problem } = await readCaptions(file)
    expect(sentences[0]).toEqual({ text: 'A man runs.', start: null, end: null })
    expect(problem).toContain(`${file} counts frames and nothing says how many make a second`)
  })

  it('is told by its lines, whatever the file is called; a line without frames is told', async () => {
    const file = captionFile('called.srt', ['{1}{1}10', '{10}{20}One.', '{-5}{30}Two.'])
    expect(await readCaptions(file)).toEqual({
      sentences: [{ text: 'One.', start: 1, end: 2 }],
      problem: `${file} has 1 subtitle that cannot be read, in line 3: “{-5}{30}Two.”.`,
    })
  })
})

describe('other subtitles', () => {
  it('of YouTube (SBV), SubViewer and MPL2 are read', async () => {
    expect(await cues('a.sbv', '0:00:01.000,0:00:02.500', 'One', 'line', '', '1:00:03.000,1:00:04.000', 'Two')).toEqual(
      [
        ['One line', 1, 2.5],
        ['Two', 3603, 3604],
      ],
    )
    expect(
      await cues('b.sub', '[INFORMATION]', '[TITLE]x', '[END INFORMATION]', '00:00:01.00,00:00:02.50', 'One[br]line'),
    ).toEqual([['One line', 1, 2.5]])
    expect(await cues('c.mpl', '[10][25]/One|line', '[30][]Two', '[45][50]Three')).toEqual([
      ['One line', 1, 2.5],
      ['Two', 3, 4.5],
      ['Three', 4.5, 5],
    ])
  })

  it('of SubStation Alpha are read by their fields, without styles, comments and drawings', async () => {
    const file = captionFile('d.ass', [
      '[Script Info]',
      'Title: x',
      '[V4+ Styles]',
      'Format: Name, Fontname',
      '[Events]',
      'Format: Layer, Start, End, Style, Text',
      'Dialogue: 0,0:00:03.00,0:00:04.00,Default,Second, with a comma',
      'Comment: 0,0:00:03.00,0:00:04.00,Default,not this',
      'Dialogue: 0,0:00:01.00,0:00:02.50,Default,{\\an8\\i1}First{\\i0}\\Nline',
      'Dialogue: 0,0:00:05.00,0:00:06.00,Default,{\\p1}m 0 0 l 9 9{\\p0}',
      'Dialogue: 0,-0:00:05.00,0:00:06.00,Default,Never',
    ])
    expect(await readCaptions(file)).toEqual({
      sentences: [
        { text: 'First line', start: 1, end: 2.5 },
        { text: 'Second, with a comma', start: 3, end: 4 },
      ],
      problem: expect.stringContaining('has 1 subtitle that cannot be read, in line 11'),
    })
  })

  it('in a text file are no sentences with numbers and times between them', async () => {
    expect(await cues('e.txt', '1', '00:00:01,000 --> 00:00:02,000', 'One.', '', '2')).toEqual([['One. 2', 1, 2]])
    expect(await cues('f.txt', '[00:01.00]One.', '[00:03]Two.')).toEqual([
      ['One.', 1, 3],
      ['Two.', 3, null],
    ])
    expect(await cues('g.txt', 'He said {1}{2}.', '{1}{2} he said.')).toHaveLength(2)
  })

  it.each([
    ['h.ttml', '<?xml version="1.0"?><tt/>', 'TTML'],
    ['h.srt', '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"/>', 'TTML'],
    ['h.smi', '<SAMI><BODY></BODY></SAMI>', 'SAMI'],
    ['h.scc', 'Scenarist_SCC V1.0', 'SCC'],
    ['h.json3', '{"events":[]}', 'JSON3'],
    ['h.sup', 'PG', 'PGS'],
    ['h.sub', '\0\0\x01\xba', 'VobSub'],
  ])('%s is refused with its form and what to do', async (name, content, form) => {
    const file = captionFile(name, Buffer.from(content, 'latin1'))
    const { sentences, problem } = await readFirstCaptions([file])
    expect(sentences).toEqual([])
    expect(problem).toMatch(new RegExp(`^${file} has .*\\b${form}\\b.*put it beside the video as SubRip \\(\\.srt\\)`))
  })

  it.each(['i.lrc', 'i.sub', 'i.ass', 'i.mpl', 'i.sbv'])(
    '%s without any time is refused with an example',
    async name => {
      await expect(readCaptions(captionFile(name, ['la la la', 'la']))).rejects.toThrow(
        /no line such as|needs a line such as/,
      )
    },
  )

  it('stand behind SubRip, and what is refused behind plain text', () => {
    const names = ['clip.sup', 'clip.txt', 'clip.lrc', 'clip.en.sub', 'clip.sub', 'clip.sbv', 'clip.srt']
    expect(new CaptionFiles(names).of('clip.mp4')).toEqual(names.toReversed())
  })

  it('that are edited are saved as WebVTT, which is read before them', async () => {
    const source = await readCaptionSource(captionFile('j.lrc', ['[00:01.00]One.', '[00:02.00]Two.', '[00:03.00]']))
    const { file, bytes, remarks } = composeCaptions(join(directory, 'j.mp4'), source.sentences, source)
    expect([file, remarks]).toEqual([join(directory, 'j.vtt'), ['format']])
    expect(Buffer.from(bytes).toString()).toContain('0:00:02.000 --> 00:00:03.000\nTwo.')
  })
})

describe('a transcript in a .txt', () => {
  const running = [
    ['A man runs.', 1, 4],
    ['Then he rests.', 4, 65],
    ['He sleeps.', 65, null],
  ]

  it.each([
    ['times before words', '0:01 A man runs.', '0:04 Then he rests.', '1:05 He sleeps.'],
    ['with hours and a colon behind', '00:00:01:A man runs.', '00:00:04: Then he rests.', '00:01:05:He sleeps.'],
    ['in brackets', '(0:01) A man runs.', '[00:00:04] Then he rests.', '(1:05) - He sleeps.'],
    ['with a line', '0:01 – A man runs.', '0:04 | Then he rests.', '1:05 — He sleeps.'],
    ['full-width', '０：０１　A man runs.', '０：０４ Then he rests.', '１：０５ He sleeps.'],
    ['above words', '0:01', 'A man', 'runs.', '0:04', 'Then he rests.', '1:05', 'He sleeps.'],
    ['lines that go on', '0:01 A man', 'runs.', '', '0:04 Then he rests.', '1:05 He sleeps.'],
  ])('%s', async (name, ...lines) => {
    expect(await cues(`transcript ${name}.txt`, ...lines)).toEqual(running)
  })

  it('with both times', async () => {
    const both = [
      ['A man runs.', 1, 3.5],
      ['He sleeps at 7:30.', 5, 9],
    ]
    expect(await cues('both 1.txt', '0:01 - 0:03.5 A man runs.', '0:05 to 0:09 He sleeps at 7:30.')).toEqual(both)
    expect(
      await cues(
        'both 2.txt',
        '[00:01.000 --> 00:03.500]  A man runs.',
        '[00:05.000 --> 00:09.000]  He sleeps at 7:30.',
      ),
    ).toEqual(both)
    expect(
      await cues('both 3.txt', '00:01.000 --> 00:03.500  A man runs.', '00:05.000 --> 00:09.000 He sleeps at 7:30.'),
    ).toEqual(both)
    expect(
      await cues('labels.txt', '1.000000\t3.500000\tA man runs.', '\\\t100\t200', '5\t9\tHe sleeps at 7:30.'),
    ).toEqual(both)
  })

  it('below a title, which is told, and with times that are reversed', async () => {
    const file = captionFile('titled.txt', ['In the kitchen', '0:05 - 0:02 She cooks.', '0:09 She eats.'])
    const { sentences, problem } = await readCaptions(file)
    expect(sentences.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['She cooks.', 5, 5],
      ['She eats.', 9, null],
    ])
    expect(problem).toMatch(
      /1 subtitle that cannot be read, in line 1: “In the kitchen”.*ends before it begins, in line 2/,
    )
  })

  it.each([
    ['a time of day', ['12:30 lunch is served.', 'Everybody eats.']],
    ['times that go back', ['9:00 She gets up.', '8:00 The day before.']],
    ['numbers', ['3 men run.', '2:1 is the score.', '1. The end']],
    ['one line', ['0:30 A man runs.']],
  ])('%s in sentences is none', async (name, lines) => {
    expect(await cues(`sentences ${name}.txt`, ...lines)).toEqual(lines.map(line => [line, null, null]))
  })

  it('is edited into a WebVTT beside it', async () => {
    const file = captionFile('edited.txt', ['0:01 A man runs.', '0:04 He rests.'])
    const source = await readCaptionSource(file)
    const edited = composeCaptions(join(directory, 'edited.mp4'), [{ text: 'A man runs.', start: 1, end: 2 }], source)
    expect(edited).toMatchObject({ file: join(directory, 'edited.vtt'), remarks: ['format'] })
  })
})
