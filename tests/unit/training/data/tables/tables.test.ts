import { describe, expect, it } from 'vitest'
import { tableRecords } from '../../../../../main/training/data/files/delimited.ts'
import { timeIn } from '../../../../../main/training/data/files/time-cell.ts'
import { labelledFolder, numbered, said } from '../labelled-folder.ts'

const { write, read } = labelledFolder()

async function records(text: string, delimiter = ',', size = 7) {
  const chunks = async function* () {
    for (let start = 0; start < text.length; start += size) yield await Promise.resolve(text.slice(start, start + size))
  }
  const found = []
  for await (const record of tableRecords(chunks(), delimiter)) found.push(record)
  return found
}

describe('records of a table', () => {
  it.each([
    ['LF', 'a,b\nc,d\n'],
    ['CRLF', 'a,b\r\nc,d\r\n'],
    ['CR', 'a,b\rc,d'],
    ['empty lines', '\na,b\n\n  \nc,d'],
    ['spaces', ' a , b\nc,\td'],
    ['quotes', '"a","b"\n"c",d'],
  ])('are read: %s', async (_, text) => {
    for (const size of [1, 2, 3, 100]) {
      expect((await records(text, ',', size)).map(({ cells }) => cells)).toEqual([
        ['a', 'b'],
        ['c', 'd'],
      ])
    }
  })

  it('keep delimiters, line breaks and doubled quotes in quotes, with the line where each begins', async () => {
    for (const size of [1, 4, 100]) {
      expect(await records('a,"b, ""c""\r\nd"\n"","""",x\nlast,5\' 6" tall', ',', size)).toEqual([
        { line: 1, cells: ['a', 'b, "c"\r\nd'], problem: null },
        { line: 3, cells: ['', '"', 'x'], problem: null },
        { line: 4, cells: ['last', '5\' 6" tall'], problem: null },
      ])
    }
  })

  it('lose no more than its own line to a quote that is not closed', async () => {
    const found = await records('a,"one\nb,two\nc,"three" four\nd,five')
    expect(found).toEqual([
      { line: 1, cells: [], problem: expect.stringMatching(/quote/) },
      { line: 2, cells: ['b', 'two'], problem: null },
      { line: 3, cells: ['c', '"three" four'], problem: null },
      { line: 4, cells: ['d', 'five'], problem: null },
    ])
    expect((await records('a,b\nc,"d\ne,f\n')).map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'a', 'b'],
      [2],
      [3, 'e', 'f'],
    ])
  })
})

describe('times in cells', () => {
  it.each([
    ['1.5', 1.5],
    ['1,5', 1.5],
    ['0', 0],
    ['12.5 s', 12.5],
    ['00:01:02.5', 62.5],
    ['00:01:02,5', 62.5],
    ['1:02', 62],
    ['01:00:00', 3600],
    ['90:00', 5400],
    ['-1', -1],
    ['.5', 0.5],
    ['1e1', 10],
    ['00:00:01:500', 1.5],
    ['0 days 00:01:02.500000', 62.5],
    ['１：０２', 62],
    ['1h02m03.5s', 3723.5],
    ['1 min 2 s', 62],
    ['90 Seconds', 90],
    ['1500 ms', 1.5],
    ['PT1M2.5S', 62.5],
    ['1.5 min', 90],
    ['', null],
    ['NaN', null],
    ['soon', undefined],
    ['1:75', undefined],
    ['1,234.5', undefined],
    ['1:2:3:4', undefined],
    ['00:00:01:12', undefined],
    ['s', undefined],
    ['PT', undefined],
    ['5 apples', undefined],
  ])('%s', (cell, seconds) => expect(timeIn(cell)).toBe(seconds))
})

describe('a table', () => {
  it.each([
    ['semicolons', 'video;caption\nv1.mp4;A man, wearing a hat, runs.\nv2.mp4;two, three\n'],
    ['tabs', 'video\tcaption\nv1.mp4\tA man, wearing a hat, runs.\nv2.mp4\ttwo, three\n'],
    ['pipes', 'video|caption\nv1.mp4|A man, wearing a hat, runs.\nv2.mp4|two, three\n'],
    ['Excel’s first line', 'sep=;\r\nvideo;caption\r\nv1.mp4;A man, wearing a hat, runs.\r\nv2.mp4;two, three\r\n'],
    ['the same in quotes', '"sep=;"\r\nvideo;caption\r\nv1.mp4;A man, wearing a hat, runs.\r\nv2.mp4;two, three\r\n'],
    ['quotes', '"video","caption"\n"v1.mp4","A man, wearing a hat, runs."\nv2.mp4,"two, three"\n'],
  ])('is delimited as its header is: %s', async (_, text) => {
    await write({ ...numbered(2), 'captions.csv': text })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'A man, wearing a hat, runs.'],
      ['v2.mp4', 'two, three'],
    ])
    expect(dataset.problems).toEqual([])
  })

  it('keeps a semicolon in a caption that commas delimit, and what follows it', async () => {
    await write({
      ...numbered(2),
      'rows.csv': 'video,text,split\nv1.mp4,a man walks; he stops and waves,train\nv2.mp4,"quoted; is fine",val\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'a man walks; he stops and waves'],
      ['v2.mp4', 'quoted; is fine'],
    ])
    expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'validation'])
  })

  it('has times with decimal commas and as clocks', async () => {
    await write({
      ...numbered(3),
      'captions.csv': 'video;start;end;caption\nv1.mp4;0,5;1,5;one\nv2.mp4;00:01:02,5;1:03;two\nv3.mp4;soon;1;three\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'one', 0.5, 1.5],
      ['v2.mp4', 'two', 62.5, 63],
    ])
    expect(dataset.problems).toMatchObject([
      {
        kind: 'row',
        severity: 'error',
        sentence: expect.stringMatching(/time that cannot be read \(‘soon’\)/),
        examples: ['captions.csv:4'],
      },
    ])
  })

  it('tells of rows with another number of columns by their line, and uses the others', async () => {
    await write({
      ...numbered(4),
      'captions.csv':
        'video,caption,split\nv1.mp4,a man, running,train\n\nv2.mp4,good,train\nv3.mp4,short\nv4.mp4,spreadsheet,val,,\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v2.mp4', 'good'],
      ['v4.mp4', 'spreadsheet'],
    ])
    expect(dataset.problems.map(({ sentence, examples }) => [sentence.slice(0, 50), ...examples])).toEqual([
      ['The row has 4 columns where the header has 3; put ', 'captions.csv:2'],
      ['The row has 2 columns where the header has 3; put ', 'captions.csv:5'],
    ])
  })

  it.each([
    ['windows-1252', Buffer.from('video,caption\r\nv1.mp4,caf\xe9 \x96 au lait\r\n', 'latin1'), 'café – au lait', 1],
    ['utf-16le', Buffer.from('\uFEFFvideo\tcaption\r\nv1.mp4\tcafé\r\n', 'utf16le'), 'café', 0],
    ['utf-8', Buffer.from('\uFEFFvideo,caption\nv1.mp4,café\n'), 'café', 0],
  ])('is read in its encoding, which is said: %s', async (encoding, bytes, caption, warnings) => {
    await write({ ...numbered(1), 'captions.csv': bytes })
    const dataset = await read()
    expect(said(dataset)).toEqual([['v1.mp4', caption]])
    expect(dataset.files).toMatchObject([{ file: 'captions.csv', encoding }])
    expect(dataset.problems.filter(({ kind }) => kind === 'encoding')).toHaveLength(warnings)
  })

  it('is UTF-8 also with one stray byte, which is told', async () => {
    await write({
      ...numbered(2),
      'captions.csv': Buffer.concat([
        Buffer.from('video,caption\nv1.mp4,café\nv2.mp4,th'),
        Buffer.from([0xe9]),
        Buffer.from(' naïve\n'),
      ]),
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'café'],
      ['v2.mp4', 'th\uFFFD naïve'],
    ])
    expect(dataset.problems).toMatchObject([
      {
        kind: 'encoding',
        severity: 'warning',
        sentence: expect.stringMatching(/not UTF-8 in one place/),
        examples: ['captions.csv'],
      },
    ])
  })

  it('that is unknown is refused with the columns that it has and those that it needs', async () => {
    await write({ ...numbered(1), 'rows.csv': 'clip number,words\n1,a\n' })
    await expect(read()).rejects.toThrow(
      /rows\.csv has the columns ‘clip number’, ‘words’\. A table needs a first line that names its columns: one for the video \(such as file_name, .*\) and one for its text \(.*caption.*label.*question and answer/,
    )
  })

  it('that is unknown beside a known one is told', async () => {
    await write({ ...numbered(1), 'rows.csv': 'video,caption\nv1.mp4,a\n', 'names.csv': 'number,words\n1,a\n' })
    expect((await read()).problems).toMatchObject([
      { kind: 'table', severity: 'warning', examples: ['names.csv: ‘number’, ‘words’'] },
    ])
  })
})

describe('labels that are numbers', () => {
  it('cost nothing, however large, and are named as they are', async () => {
    await write({
      ...numbered(4),
      'labels.csv': 'video,label,split\nv1,20231106,train\nv2,999999999,train\nv3,20231106,val\nv4,20231106,test\n',
    })
    const dataset = await read()
    expect(dataset.labels).toEqual(['20231106', '999999999'])
    expect(dataset.problems).toMatchObject([{ kind: 'labels', severity: 'warning' }])
  })

  it.each([
    ['negative', ['-1', '10', '2'], ['-1', '2', '10']],
    ['fractions', ['0.5', '1.25', '0.5'], ['0.5', '1.25']],
    ['leading zeros', ['01', '1', '02'], ['01', '1', '02']],
    ['class numbers', ['3', '0', '3'], ['0', '1', '2', '3']],
  ])('are told apart: %s', async (_, given, labels) => {
    await write({
      ...numbered(3),
      'train.csv': `video,label\n${given.map((label, index) => `v${index + 1},${label}\n`).join('')}`,
    })
    const dataset = await read()
    expect(dataset.labels).toEqual(labels)
    expect(said(dataset).map(([, label]) => label)).toEqual(given)
  })
})
