import { describe, expect, it } from 'vitest'
import { labelledFolder, numbered, said, videos } from '../labelled-folder.ts'

const { write, read } = labelledFolder()

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
