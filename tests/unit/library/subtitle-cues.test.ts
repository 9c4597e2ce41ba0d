import { describe, expect, it } from 'vitest'
import { parseCues } from '../../../main/library/captions/subtitle-cues.ts'

const cues = (...lines: string[]) => parseCues(lines.join('\n')).cues.map(({ start, end, text }) => [start, end, text])

/** As yt-dlp --write-auto-subs writes them. */
const youtube = [
  'WEBVTT',
  'Kind: captions',
  'Language: en',
  '',
  '00:00:00.480 --> 00:00:03.170 align:start position:0%',
  ' ',
  'alpha<00:00:00.900><c> beta</c><00:00:01.500><c> gamma</c>',
  '',
  '00:00:03.170 --> 00:00:03.180 align:start position:0%',
  'alpha beta gamma',
  ' ',
  '',
  '00:00:03.180 --> 00:00:06.000 align:start position:0%',
  'alpha beta gamma',
  'delta<00:00:04.000><c> epsilon</c>',
  '',
  '00:00:06.000 --> 00:00:06.010 align:start position:0%',
  'delta epsilon',
  ' ',
  '',
  '00:00:06.010 --> 00:00:09.000 align:start position:0%',
  'delta epsilon',
  'zeta<00:00:07.000><c> eta</c>',
]
const phrases = [
  [0.48, 3.17, 'alpha beta gamma'],
  [3.18, 6, 'delta epsilon'],
  [6.01, 9, 'zeta eta'],
]

describe('where a cue ends', () => {
  it('is an empty line in WebVTT, and a line of one space is not empty', () => {
    expect(
      cues(
        'WEBVTT',
        '',
        '00:01.000 --> 00:02.000',
        ' ',
        'first',
        ' ',
        'second',
        '',
        '00:03.000 --> 00:04.000',
        'third',
      ),
    ).toEqual([
      [1, 2, 'first second'],
      [3, 4, 'third'],
    ])
  })

  it('is the number and times of the next in SubRip, so that an empty line in a cue loses nothing', () => {
    expect(
      cues(
        '1',
        '00:00:01,000 --> 00:00:02,000',
        'first half',
        '',
        'second half',
        '',
        '2',
        '00:00:03,000 --> 00:00:04,000',
        'two',
        '',
        'more',
      ),
    ).toEqual([
      [1, 2, 'first half second half'],
      [3, 4, 'two more'],
    ])
  })

  it('leaves numbers that are said', () => {
    expect(
      cues('1', '00:00:01,000 --> 00:00:02,000', '41', '', '42', '', '2', '00:00:03,000 --> 00:00:04,000', '43'),
    ).toEqual([
      [1, 2, '41 42'],
      [3, 4, '43'],
    ])
    // Cues without numbers: the last line is said.
    expect(cues('00:00:01,000 --> 00:00:02,000', '42', '00:00:03,000 --> 00:00:04,000', 'two')).toEqual([
      [1, 2, '42'],
      [3, 4, 'two'],
    ])
  })
})

describe('rolling captions', () => {
  it('give every phrase once, with the span in which it was new', () => {
    expect(cues(...youtube)).toEqual(phrases)
  })

  it('are known in SubRip too, where only cues of the same lines are left of them', () => {
    const text = youtube
      .slice(4)
      .join('\n')
      .replaceAll('.', ',')
      .replace(/ align.*/g, '')
      .replace(/<[^>]*>/g, '')
    const numbered = text
      .split('\n\n')
      .map((cue, index) => `${index + 1}\n${cue}`)
      .join('\n\n')
    expect(cues(...numbered.split('\n'))).toEqual(phrases)
  })

  it('of three lines, and of lines that grow word by word', () => {
    const times = (second: number) => `00:00:0${second}.000 --> 00:00:0${second + 1}.000`
    expect(
      cues(
        'WEBVTT',
        '',
        times(0),
        'a a',
        '',
        times(1),
        'a a',
        'b b',
        '',
        times(2),
        'a a',
        'b b',
        'c c',
        '',
        times(3),
        'b b',
        'c c',
        'd d',
      ),
    ).toEqual([
      [0, 1, 'a a'],
      [1, 2, 'b b'],
      [2, 3, 'c c'],
      [3, 4, 'd d'],
    ])
    expect(
      cues(
        'WEBVTT',
        '',
        times(0),
        'one',
        '',
        times(1),
        'one two',
        '',
        times(2),
        'one two three',
        '',
        times(3),
        'next',
        '',
        times(4),
        'next one',
      ),
    ).toEqual([
      [0, 3, 'one two three'],
      [3, 5, 'next one'],
    ])
  })

  it('that grow word by word below a line that stays', () => {
    const lines = [
      ['we'],
      ['we go'],
      ['we go home'],
      ['we go home', 'now'],
      ['we go home', 'now then'],
      ['now then', 'so'],
    ]
    const shown = lines.flatMap((cue, second) => [`00:00:0${second}.000 --> 00:00:0${second + 1}.000`, ...cue, ''])
    expect(cues('WEBVTT', '', ...shown)).toEqual([
      [0, 3, 'we go home'],
      [3, 5, 'now then'],
      [5, 6, 'so'],
    ])
  })

  it('are not what someone says twice', () => {
    expect(
      cues(
        'WEBVTT',
        '',
        '00:01.000 --> 00:02.000',
        'No.',
        '',
        '00:02.000 --> 00:03.000',
        'No.',
        '',
        '00:03.000 --> 00:04.000',
        'Stop.',
        '',
        '00:04.000 --> 00:05.000',
        'Go.',
      ),
    ).toEqual([
      [1, 2, 'No.'],
      [2, 3, 'No.'],
      [3, 4, 'Stop.'],
      [4, 5, 'Go.'],
    ])
  })
})

describe('the times of a cue', () => {
  const spellings: [line: string, start: number, end: number][] = [
    ['00:00:20 --> 00:00:24', 20, 24],
    ['00:00:01:000 --> 00:00:04:500', 1, 4.5],
    ['00:00:01，000 --> 00:00:02，000', 1, 2],
    ['００：００：０１。５ --> ００：００：０２。０００', 1.5, 2],
    ['00:00:01,000000 --> 00:00:04,500000', 1, 4.5],
    ['0:01.5 --> 0:02', 1.5, 2],
    ['01:02 --> 01:03', 62, 63],
    ['00:01:500 --> 00:02:750', 1.5, 2.75],
    ['1.5 --> 2,25', 1.5, 2.25],
    ['00: 00: 01, 500 --> 00 :00 :02,000', 1.5, 2],
    ['00:00:01,000-->00:00:02,000', 1, 2],
    ['00:00:01,000 -> 00:00:02,000', 1, 2],
    ['00:00:01,000 - -> 00:00:02,000', 1, 2],
    ['00:00:01,000 —> 00:00:02,000', 1, 2],
    ['00:00:01,000 ==> 00:00:02,000', 1, 2],
    ['00:00:01,000 → 00:00:02,000', 1, 2],
    ['00:00:01,000 --&gt; 00:00:02,000', 1, 2],
    ['００：００：０１，５００ --＞ ００：００：０２，０００', 1.5, 2],
    ['۰۰:۰۰:۰۱,۵۰۰ --> ۰۰:۰۰:۰۲,۰۰۰', 1.5, 2],
    ['00:00:01.500s --> 00:00:02.000s', 1.5, 2],
    ['[00:00:01.500] --> [00:00:02.000]', 1.5, 2],
    ['00:00:01´500 --> 00:00:02´000', 1.5, 2],
    ['00:00:01,500 - 00:00:02,000', 1.5, 2],
    ['00:00:01.50,00:00:02.00', 1.5, 2],
    ['00.00.01,000 --> 00.00.02,000', 1, 2],
    ['00:00:-1,500 --> 00:00:02,000', 0, 2],
    ['-00:00:01,500 --> 00:00:02,000', 0, 2],
    ['−00:00:01,500 --> 00:00:02,000', 0, 2],
    ['100:00:00.000 --> 100:00:01.000', 360000, 360001],
    ['00:00:01,000 --> 00:00:02,000 X1:40 X2:600 Y1:20 Y2:50', 1, 2],
    ['00:01.000 --> 00:02.000 align:start position:0% line:-1', 1, 2],
  ]
  it.each(spellings)('%s', (line, start, end) => {
    expect(cues('1', line, 'words', '', '2', '00:59:00,000 --> 00:59:01,000', 'others')).toEqual([
      [start, end, 'words'],
      [3540, 3541, 'others'],
    ])
  })

  it('are none where words have such signs', () => {
    expect(cues('1', '00:00:01,000 --> 00:00:02,000', '5.5 > 3.2', '1 => 2', '1.5 → 2.5', '9:15 - 9:30')).toEqual([
      [1, 2, '5.5 > 3.2 1 => 2 1.5 → 2.5 9:15 - 9:30'],
    ])
  })

  it('may be followed by the words', () => {
    expect(cues('00:00:01,000 --> 00:00:02,000 Hello there', '')).toEqual([[1, 2, 'Hello there']])
  })
})

describe('what is lost', () => {
  it('is counted, with the first line of it, and does not become part of its neighbours', () => {
    const { cues: read, lost } = parseCues(
      '1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:x3 --> 00:00:04,000\nlost\n\n3\nnow --> then\nlost too\n\n4\n00:00:05,000 --> 00:00:06,000\nfour',
    )
    expect(read.map(({ text }) => text)).toEqual(['one', 'four'])
    expect(lost).toEqual({ count: 2, line: 6, text: '00:00:x3 --> 00:00:04,000' })
  })

  it('is a numbered cue whose line of times has no arrow either, first or later', () => {
    const { cues: read, lost } = parseCues(
      '1\n00:00:01,000 00:00:02,000\nlost\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n\n3\n0:05 till 0:06\nlost too',
    )
    expect(read.map(({ text }) => text)).toEqual(['two'])
    expect(lost).toEqual({ count: 2, line: 2, text: '00:00:01,000 00:00:02,000' })
  })

  it('is what ends before the video begins, and in WebVTT what stands outside of cues', () => {
    expect(
      parseCues('1\n-00:00:03,000 --> -00:00:01,000\nearly\n\n2\n00:00:05,000 --> 00:00:06,000\ntwo').lost,
    ).toMatchObject({ count: 1, line: 2 })
    const astray = parseCues(
      'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nname\n00:01.000 --> 00:02.000\nfirst half\n\nsecond half\n\nNOTE quoted:\n00:08.000 --> 00:09.000\n\n2\n00:03.000 --> 00:04.000\ntwo',
    )
    expect(astray.cues.map(({ text }) => text)).toEqual(['first half', 'two'])
    expect(astray.lost).toEqual({ count: 1, line: 10, text: 'second half' })
  })

  it.each([
    '00:00:02,-50 --> 00:00:04,000',
    '00:00:01,000 --> 00:00:04,-50',
    '00:00:01,000 --> 00:75:00,000',
    '00:00:61,500 --> 00:02:00,000',
    '00:00:01:-5 --> 00:00:04:000',
  ])('is a cue whose times cannot be: %s', line => {
    const { cues: read, lost } = parseCues(`1\n${line}\nlost\n\n2\n00:03:00,000 --> 00:03:01,000\ntwo`)
    expect(read.map(({ text }) => text)).toEqual(['two'])
    expect(lost).toEqual({ count: 1, line: 2, text: line })
  })

  it('is nothing of a cue that begins before 0 or ends before it begins, which is told', () => {
    const { cues: read, bent } = parseCues(
      '1\n00:00:-1,500 --> 00:00:02,000\none\n\n2\n00:00:05,000 --> 00:00:04,000\ntwo\n\n3\n00:00:59,000 --> 00:00:60,000\nthree',
    )
    expect(read).toEqual([
      { text: 'one', start: 0, end: 2 },
      { text: 'two', start: 5, end: 5 },
      { text: 'three', start: 59, end: 60 },
    ])
    expect(bent).toEqual({ count: 2, line: 2, text: '00:00:-1,500 --> 00:00:02,000' })
  })

  it('is nothing in a file that is as it should be', () => {
    expect(parseCues(youtube.join('\n'))).toMatchObject({ lost: null, bent: null })
    expect(parseCues('1\n00:00:01,000 --> 00:00:02,000\nat 5 --> 6.\n').lost).toBeNull()
  })
})

describe('the words of a cue', () => {
  const vtt = (...lines: string[]) => cues('WEBVTT', '', '00:01.000 --> 00:02.000', ...lines)[0]?.[2]
  const srt = (...lines: string[]) => cues('1', '00:00:01,000 --> 00:00:02,000', ...lines)[0]?.[2]

  // Resolved as by html.unescape of Python.
  it('have all character references of HTML resolved, after the tags', () => {
    expect(vtt('R&amp;D caf&eacute; &#8217;tis &#x27;x&#x27; &hellip; a &lt; b')).toBe("R&D café ’tis 'x' … a < b")
    expect(vtt('&NotEqualTilde; &#128512; &ampx &copy 2020 &lt;i&gt;')).toBe('≂̸ 😀 &x © 2020 <i>')
    expect(srt('R&amp;D caf&eacute; &#8217;tis, AT&T, Q&A')).toBe('R&D café ’tis, AT&T, Q&A')
    expect(srt('a&lrm;b&nbsp;c')).toBe('ab c')
  })

  it('have no tags, voices, word times and overrides', () => {
    expect(
      vtt('<v.loud Roger Bingham>We <c.yellow.bg_blue>are</c> <00:01.500><i.x>in</i> <lang en-GB>New</lang> York</v>'),
    ).toBe('We are in New York')
    expect(vtt('<v', 'Roger>Hello')).toBe('Hello')
    expect(
      srt('<font color="#ffff00" size=\'3\'><b>Bold</b></font> {\\an8}{\\pos(1,2)}words <i >and</i> <I>more</I>'),
    ).toBe('Bold words and more')
  })

  it('keep what is no tag', () => {
    expect(vtt('on 2 < 3 boats and I <3 you')).toContain('on 2 < 3 boats')
    expect(srt('1 < 2 > 0, <laughs>, {sighs}, I <3 you')).toBe('1 < 2 > 0, <laughs>, {sighs}, I <3 you')
  })

  it('are one line, however lines are broken', () => {
    expect(srt('one\\Ntwo\\nthree\\hfour<br>five<br/>six', 'seven')).toBe('one two three four five six seven')
  })
})
