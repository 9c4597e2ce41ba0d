import { describe, expect, it } from 'vitest'
import { tableRecords } from '../../../../main/training/data/files/delimited.ts'
import { timeIn } from '../../../../main/training/data/files/time-cell.ts'
import { labelledFolder, said } from './labelled-folder.ts'

const { write, read } = labelledFolder()
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const numbered = (count: number) => videos(...Array.from({ length: count }, (_, number) => `v${number + 1}.mp4`))

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
      /rows\.csv has the columns ‘clip number’, ‘words’\. A table needs one for the video \(such as file_name, .*\) and one for its text \(.*caption.*label.*question and answer/,
    )
  })

  it('that is unknown beside a known one is told', async () => {
    await write({ ...numbered(1), 'rows.csv': 'video,caption\nv1.mp4,a\n', 'names.csv': 'number,words\n1,a\n' })
    expect((await read()).problems).toMatchObject([
      { kind: 'table', severity: 'warning', examples: ['names.csv: ‘number’, ‘words’'] },
    ])
  })
})

describe('tables as they are published', () => {
  it('VideoFolder: file_name, beside the table of its split', async () => {
    await write({
      ...videos('train/a.mp4', 'test/a.mp4'),
      'train/metadata.csv': 'file_name,text\na.mp4,A man runs.\n',
      'test/metadata.csv': 'file_name,text\na.mp4,A dog.\n',
    })
    const dataset = await read()
    expect(
      dataset.examples.map(({ split, content }) => [
        split,
        content.type === 'paragraph' && content.sentences[0]?.text,
        content.type === 'paragraph' && content.video.path.includes(`${split}`),
      ]),
    ).toEqual([
      ['test', 'A dog.', true],
      ['train', 'A man runs.', true],
    ])
  })

  it('VideoFolder: metadata.jsonl', async () => {
    await write({
      ...numbered(2),
      'metadata.jsonl': '\uFEFF{"file_name":"v1.mp4","text":"A man runs."}\n{"file_name":"v2.mp4","text":["c","d"]}\n',
    })
    const dataset = await read()
    expect(dataset.format).toBe('json-table')
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'A man runs.'],
      ['v2.mp4', 'c | d'],
    ])
  })

  it('WebVid: videos in the folder of their page', async () => {
    await write({
      ...videos('videos/p1/7.mp4', 'videos/p2/7.mp4'),
      'results.csv': 'videoid,contentUrl,duration,page_dir,name\n7,https://x/y.mp4,PT00H00M04S,p2,"A cat, asleep"\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([['7.mp4', 'A cat, asleep']])
    expect(dataset.examples[0]?.content).toMatchObject({ video: { path: expect.stringMatching(/p2.7\.mp4$/) } })
  })

  it('MSVD: every description of a clip is a query, which is told, whether the clip was cut out or not', async () => {
    await write({
      ...videos('one_33_46.avi', 'two.mp4'),
      'corpus.csv':
        'VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description\none,33,46,1,clean,5,English,A bird.\none,33,46,2,clean,5,English,A bird bathes.\ntwo,0,5,1,clean,5,German,Eine Katze.\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['one_33_46.avi', 'A bird.'],
      ['one_33_46.avi', 'A bird bathes.'],
      ['two.mp4', 'Eine Katze.', 0, 5],
    ])
    expect(dataset.names).toContainEqual({ differences: ['times'], count: 1, examples: ['one → one_33_46.avi'] })
    expect(dataset.problems.map(({ kind }) => kind).sort()).toEqual(['several-texts', 'table'])
  })

  it('MSR-VTT: several captions of a video are a query each, which is told, or one paragraph where asked for', async () => {
    await write({
      ...videos('video1.mp4', 'video2.mp4'),
      'captions.csv':
        'key,vid_key,video_id,sentence\nret0,msr1,video1,a man\nret1,msr1,video1,a person\nret2,msr2,video2,a dog\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['video1.mp4', 'a man'],
      ['video1.mp4', 'a person'],
      ['video2.mp4', 'a dog'],
    ])
    expect(dataset.texts).toBe('queries')
    expect(dataset.problems).toMatchObject([
      { kind: 'several-texts', severity: 'warning', count: 1, examples: ['captions.csv:2: video1.mp4, 2 texts'] },
    ])
    const joined = await read({ texts: 'paragraph' })
    expect(said(joined)).toEqual([
      ['video1.mp4', 'a man | a person'],
      ['video2.mp4', 'a dog'],
    ])
    expect([joined.texts, joined.problems]).toEqual(['paragraph', []])
    expect(joined.hash).not.toBe(dataset.hash)
  })

  it('HowTo100M: the captions of a video in a table that is named for it', async () => {
    await write({
      ...videos('videos/a-test-1.mp4', 'videos/b.webm'),
      'captions/a-test-1.csv': ',start,end,text\n1,9.5,12,pour it\n0,1.25,4,"boil, then wait"\n',
      'captions/b.csv': ',start,end,text\n0,0,3,cut\n',
      'captions/c.csv': ',start,end,text\n0,0,3,gone\n',
    })
    const dataset = await read()
    expect([dataset.format, dataset.task]).toEqual(['csv', 'retrieval'])
    expect(said(dataset)).toEqual([
      ['a-test-1.mp4', 'boil, then wait | pour it', 1.25, 4],
      ['b.webm', 'cut', 0, 3],
    ])
    expect(dataset.split).toMatchObject({ by: 'seeded' })
    expect(dataset.problems).toMatchObject([
      { kind: 'table', examples: ['captions/c.csv: ‘’, ‘start’, ‘end’, ‘text’'] },
    ])
  })

  it('Kinetics: clips named for their times, or parts of whole videos', async () => {
    await write({
      ...videos('-3B_000059_000069.mp4', '_db.mp4'),
      'val.csv':
        'label,youtube_id,time_start,time_end,split,is_cc\nabseiling,-3B,59,69,validate,0\n"air drumming",_db,40,50,validate,0\n',
    })
    const dataset = await read()
    expect(
      dataset.examples.map(({ split, content }) => [split, content.type === 'class' && content.video.start]),
    ).toEqual([
      ['validation', null],
      ['validation', 40],
    ])
    expect(said(dataset)).toEqual([
      ['-3B_000059_000069.mp4', 'abseiling'],
      ['_db.mp4', 'air drumming'],
    ])
  })

  it('EPIC-KITCHENS: narrations with clocks', async () => {
    await write({
      ...videos('P01_01.MP4'),
      'EPIC_100_train.csv':
        "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\nP01_01_0,P01,P01_01,00:00:01.089,00:00:00.14,00:00:03.37,8,202,open door,open,3,door,3,['door'],[3]\n",
    })
    expect(said(await read())).toEqual([['P01_01.MP4', 'open door', 0.14, 3.37]])
  })

  it.each([
    ['OpenVid', 'video,caption,aesthetic score,motion score', 'v1.mp4,one,5,2'],
    ['MiraData', 'clip_id,source,video_id,file_path,short_caption,dense_caption', '9,x,y,v1.mp4,brief,one'],
    ['a prompt', 'video_file;prompt', 'v1.mp4;one'],
    ['a transcript', 'Video File Name;Transcript', 'v1.mp4;one'],
    ['a language', 'video_path;Caption (EN)', 'v1.mp4;one'],
  ])('names of columns: %s', async (_, header, row) => {
    await write({ ...numbered(1), 'rows.csv': `${header}\n${row}\n` })
    expect(said(await read())).toEqual([['v1.mp4', 'one']])
  })

  it('Panda-70M: lists of texts and of their times in a cell, also as JSON', async () => {
    const row = {
      videoID: 'v1',
      timestamp: [
        ['0:00:02.500', '0:00:04'],
        ['0:00:00', '0:00:02.500'],
      ],
      caption: ['then a dog', 'a man'],
    }
    const cell = (value: unknown) => `"${JSON.stringify(value).replaceAll('"', "'")}"`
    const head = 'videoID,url,timestamp,caption,matching_score'
    for (const [name, text] of [
      ['rows.csv', `${head}\nv1,x,${cell(row.timestamp)},${cell(row.caption)},"[0.4, 0.5]"\n`],
      ['rows.jsonl', `${JSON.stringify(row)}\n`],
    ] as const) {
      await write({ ...numbered(1), 'rows.csv': '', 'rows.jsonl': '', [name]: text })
      const { examples } = await read()
      expect(examples.map(({ content }) => content)).toMatchObject([
        {
          type: 'paragraph',
          sentences: [
            { text: 'a man', start: 0, end: 2.5 },
            { text: 'then a dog', start: 2.5, end: 4 },
          ],
        },
      ])
    }
    await write({
      'rows.jsonl': '',
      'rows.csv': `${head}\nv1,x,"[['0:00', '0:02']]","['a', 'b']",1\nv1,x,,[music] c,1\n`,
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([['v1.mp4', '[music] c']])
    expect(dataset.problems).toMatchObject([{ kind: 'row', sentence: expect.stringMatching(/2 texts and 1 times/) }])
  })

  it('NExT-QA: choices, not classes', async () => {
    await write({
      ...videos('4010.mp4'),
      'val.csv':
        'video,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3,a4\n4010,369,640,480,how do they play,2,6,CH,roll it,tap,strum the string,hit,pat\n',
    })
    const dataset = await read()
    expect(dataset.task).toBe('qa-multichoice')
    expect(said(dataset)).toEqual([['4010.mp4', 'strum the string']])
  })

  it('takes the column for the video that names files', async () => {
    await write({ ...numbered(2), 'rows.csv': 'path,video_id,caption\n/elsewhere/x1,v1,one\n/elsewhere/x2,v2,two\n' })
    expect(said(await read())).toEqual([
      ['v1.mp4', 'one'],
      ['v2.mp4', 'two'],
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
