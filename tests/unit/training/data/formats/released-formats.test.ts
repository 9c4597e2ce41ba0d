import { describe, expect, it } from 'vitest'
import { labelledFolder, said } from '../labelled-folder.ts'

const { at, write, read } = labelledFolder()
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const contents = async (choice = {}) => (await read(choice)).examples.map(({ content }) => content)
const problems = async () =>
  (await read()).problems
    .filter(({ severity, kind }) => severity === 'error' || kind === 'row')
    .map(({ severity, sentence, count, examples }) => [severity, sentence, count, examples[0]])
/** The forms in which one text may come. */
const forms = (text: string): [string, string | Buffer][] => [
  ['plain', text],
  ['with a byte order mark and CRLF', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['in UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
]

describe('ActivityNet-QA as released', () => {
  const questions = [
    { video_name: '1QIUV7WYKXg', question: 'is the athlete wearing trousers', question_id: 'v_1QIUV7WYKXg_3' },
    { video_name: 'abc', question: 'what colour is it', question_id: 'v_abc_1' },
  ]
  const answers = [
    { answer: 'red', type: 4, question_id: 'v_abc_1' },
    { answer: 'yes', type: 3, question_id: 'v_1QIUV7WYKXg_3' },
  ]

  it.each(forms(JSON.stringify(questions, null, 1)))('joins questions with their answers: %s', async (_, text) => {
    await write({
      ...videos('v_1QIUV7WYKXg.mp4', 'v_abc.mkv'),
      'train_q.json': text,
      'train_a.json': JSON.stringify(answers),
    })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.labels]).toEqual([
      'activitynet-qa-pair',
      'qa-classification',
      ['red', 'yes'],
    ])
    expect(dataset.examples.map(({ split, content }) => [split, 'question' in content && content.question])).toEqual([
      ['train', 'is the athlete wearing trousers'],
      ['train', 'what colour is it'],
    ])
    expect(said(dataset).map(([, label]) => label)).toEqual(['yes', 'red'])
    expect(dataset.problems).toEqual([])
  })

  it('tells of questions without an answer and of rows without their fields', async () => {
    await write({
      ...videos('v_1QIUV7WYKXg.mp4', 'v_abc.mkv'),
      'val_q.json': JSON.stringify([...questions, { video_name: 'abc', question_id: 'v_abc_2' }]),
      'val_a.json': JSON.stringify([answers[0], { answer: '', type: 3, question_id: 'v_1QIUV7WYKXg_3' }]),
      'test_q.json': JSON.stringify(questions),
    })
    expect((await contents()).length).toBe(1)
    expect(await problems()).toEqual([
      ['error', 'The row has no answer in test_a.json; it is left out.', 2, 'test_q.json:1:2'],
      ['error', expect.stringMatching(/field ‘answer’/), 1, 'val_a.json:1:52'],
      ['error', 'The row has no answer in val_a.json; it is left out.', 1, 'val_q.json:1:2'],
      ['error', expect.stringMatching(/field ‘question’/), 1, 'val_q.json:1:184'],
    ])
  })
})

describe('DiDeMo', () => {
  const described = (video: string, description: string, times: unknown, segments = 5) => ({
    annotation_id: 1,
    context: 0,
    description,
    dl_link: 'https://x/y.mp4',
    num_segments: segments,
    times,
    video,
  })
  const rows = [
    described('7@N00_1_ab.avi', 'a dog runs', [
      [1, 1],
      [1, 1],
      [0, 1],
      [1, 1],
    ]),
    described(
      '8@N00_2_cd.mov',
      'the man waves',
      [
        [2, 3],
        [3, 3],
      ],
      6,
    ),
    described('7@N00_1_ab.avi', 'a cat comes', [
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
    ]),
  ]

  it.each(forms(JSON.stringify(rows, null, 1)))(
    'is a paragraph of each video in the order of the file: %s',
    async (_, text) => {
      await write({ ...videos('7@N00_1_ab.mp4', '8@N00_2_cd.mov'), 'train_data.json': text })
      const dataset = await read()
      expect([dataset.format, dataset.task, dataset.problems]).toEqual(['didemo', 'retrieval', []])
      expect(await contents()).toMatchObject([
        {
          video: { start: null, end: null },
          sentences: [
            { text: 'a dog runs', start: 5, end: 10 },
            { text: 'a cat comes', start: 0, end: 5 },
          ],
        },
        // People who do not agree give no time; of a longer video 30 seconds were shown.
        { video: { start: 0, end: 30 }, sentences: [{ text: 'the man waves', start: null, end: null }] },
      ])
    },
  )

  it('tells of rows without their fields', async () => {
    await write({
      ...videos('7@N00_1_ab.mp4'),
      'val_data.json': JSON.stringify([rows[0], described('7@N00_1_ab.avi', 'x', [['a', 1]]), { video: 'x' }], null, 1),
    })
    expect(await problems()).toEqual([
      ['error', expect.stringMatching(/field ‘times.0.0’/), 1, expect.stringMatching(/^val_data\.json:\d+$/)],
      ['error', expect.stringMatching(/field ‘description’/), 1, expect.stringMatching(/^val_data\.json:\d+$/)],
    ])
  })
})

describe('a database of videos', () => {
  const step = (start: number, end: number, label: string) => ({ id: '1', segment: [start, end], label })

  it.each(
    forms(
      JSON.stringify({
        database: {
          one: {
            duration: 20,
            class: 'MakeTea',
            recipe_type: 2,
            subset: 'training',
            annotation: [step(5, 9, 'pour'), step(1, 4, 'boil')],
          },
          two: {
            duration: 20,
            class: 'FixCar',
            recipe_type: 0,
            subset: 'validation',
            annotation: [step(1, 4, 'lift')],
          },
        },
      }),
    ),
  )('is COIN: classes, and its steps as paragraphs: %s', async (_, text) => {
    await write({ ...videos('one.mp4', 'two.mp4'), 'COIN.json': text })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.tasks]).toEqual([
      'video-database',
      'video-classification',
      ['video-classification', 'retrieval', 'moments'],
    ])
    expect(dataset.examples.map(({ split, content }) => [split, 'label' in content && content.label])).toEqual([
      ['train', 2],
      ['validation', 0],
    ])
    expect(await contents({ task: 'retrieval' })).toMatchObject([
      {
        sentences: [
          { text: 'boil', start: 1, end: 4 },
          { text: 'pour', start: 5, end: 9 },
        ],
      },
      { sentences: [{ text: 'lift', start: 1, end: 4 }] },
    ])
  })

  it('is YouCook2: sentences with times', async () => {
    const annotations = [{ segment: [90, 102], id: 0, sentence: 'spread margarine on the bread' }]
    const entry = { duration: 311.8, subset: 'validation', recipe_type: '113', annotations, video_url: 'https://x' }
    await write({
      ...videos('xHr8X2Wpmno.mp4'),
      'youcookii_annotations_trainval.json': JSON.stringify({ database: { xHr8X2Wpmno: entry } }),
    })
    const dataset = await read()
    expect([dataset.task, ...dataset.examples.map(({ split }) => split)]).toEqual(['retrieval', 'validation'])
    expect(said(dataset)).toEqual([['xHr8X2Wpmno.mp4', 'spread margarine on the bread', 90, 102]])
  })

  it('is ActivityNet: the label of a video, and tells of videos without', async () => {
    const part = (label: string) => ({ segment: [0, 5], label })
    await write({
      ...videos('v_a.mp4', 'v_b.mp4', 'v_c.mp4', 'v_d.mp4'),
      'activity_net.v1-3.json': JSON.stringify({
        version: 'VERSION 1.3',
        taxonomy: [],
        database: {
          a: { duration: 9, subset: 'training', annotations: [part('Skating'), part('Skating')] },
          b: { duration: 9, subset: 'testing', annotations: [] },
          c: { duration: 9, subset: 'training', annotations: [part('Skating'), part('Diving')] },
          d: { duration: 9, subset: 'training', annotations: [{ segment: [0], label: 'Diving' }] },
        },
      }),
    })
    expect(said(await read())).toEqual([['v_a.mp4', 'Skating']])
    expect(await problems()).toEqual([
      ['error', expect.stringMatching(/has no annotations/), 1, 'activity_net.v1-3.json: b'],
      ['error', expect.stringMatching(/has several labels/), 1, 'activity_net.v1-3.json: c'],
      ['error', expect.stringMatching(/field ‘annotations\.0\.segment/), 1, 'activity_net.v1-3.json: d'],
    ])
  })
})

describe('How2QA as released', () => {
  const row = 'NOuQ,[7.2:18.0],10,"12, or so",16,how many knives are there?,1'

  it.each(forms(`${row}\npiYc,[134.15:181.52],White,Grey,Red,"What, here, is brown?",the box\n`))(
    'has three wrong answers, the question, and the right one: %s',
    async (_, text) => {
      await write({ ...videos('NOuQ.mp4', 'piYc.mp4'), 'how2QA_val_release.csv': text })
      const dataset = await read()
      expect([dataset.format, dataset.task, dataset.problems]).toEqual(['how2qa-release', 'qa-multichoice', []])
      expect(await contents()).toMatchObject([
        { question: 'how many knives are there?', answers: ['10', '12, or so', '16', '1'], label: 3, span: [7.2, 18] },
        { question: 'What, here, is brown?', label: 3, span: [134.15, 181.52] },
      ])
    },
  )

  it('tells of rows that are none', async () => {
    await write({
      ...videos('NOuQ.mp4'),
      'how2QA_train_release.csv': `${row}\nNOuQ,soon,1,2,3,what?,4\nNOuQ,[1:2],1,2,3,what?\nNOuQ,[1:2],1,,3,what?,4\n`,
    })
    expect((await problems()).map(([severity, , count, example]) => [severity, count, example])).toEqual([
      ['error', 1, 'how2QA_train_release.csv:2: soon'],
      ['error', 1, 'how2QA_train_release.csv:3'],
      ['error', 1, 'how2QA_train_release.csv:4'],
    ])
  })
})

describe('VIOLIN as released', () => {
  const clip = (file: string, split: string, statement: unknown) => ({
    file,
    source: 'friends',
    span: [0, 30],
    split,
    sub: [
      ['Hello.', 0, 1],
      ['', 1, 2],
      ['Bye.', 2, 3],
    ],
    statement,
  })

  it.each(forms(JSON.stringify({ c1: clip('friends_1', 'validate', [['He smiles.', 'He cries.']]) }, null, 1)))(
    'asks of each statement whether the video entails it: %s',
    async (_, text) => {
      await write({ ...videos('friends_1.mp4'), 'violin_annotation.json': text })
      const dataset = await read()
      expect([dataset.format, dataset.task, dataset.problems]).toEqual(['violin-release', 'qa-classification', []])
      expect(dataset.examples).toMatchObject([
        { split: 'validation', content: { question: 'He smiles.', label: 1, subtitles: ['Hello.', 'Bye.'] } },
        { split: 'validation', content: { question: 'He cries.', label: 0 } },
      ])
    },
  )

  it('tells of clips without their fields', async () => {
    const clips = { c1: clip('a', 'train', [['x', 'y']]), c2: clip('a', 'train', [['x']]), c3: { file: 'a' } }
    await write({ ...videos('a.mp4'), 'violin_annotation.json': JSON.stringify(clips) })
    expect(await problems()).toEqual([
      ['error', expect.stringMatching(/field ‘statement\.0/), 1, 'violin_annotation.json: c2'],
      ['error', expect.stringMatching(/field ‘statement’/), 1, 'violin_annotation.json: c3'],
    ])
  })
})

describe('Condensed Movies', () => {
  const files = {
    'clips.csv': 'videoid,year,title,clip_name,imdbid\nv1,2012.0,Tea,One Scene,tt1\nv2,2012.0,Tea,Two Scene,tt2\n',
    'split.csv': 'imdbid,split\ntt1,train\ntt2,val\n',
    'movies.csv': 'imdbid,title,year\ntt1,Tea,2012\n',
  }

  it.each(forms('videoid,description\nv1,"A man, in a hat, drinks tea."\nv2,She leaves.\n'))(
    'joins descriptions with the splits of their films, and takes no title for a text: %s',
    async (_, text) => {
      await write({ ...videos('v1.mkv', 'v2.mkv'), ...files, 'descriptions.csv': text })
      const dataset = await read()
      expect([dataset.format, dataset.task, dataset.problems]).toEqual(['condensed-movies', 'retrieval', []])
      expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'validation'])
      expect(said(dataset)).toEqual([
        ['v1.mkv', 'A man, in a hat, drinks tea.'],
        ['v2.mkv', 'She leaves.'],
      ])
    },
  )

  it('tells of descriptions without a film, and of those that clips share', async () => {
    await write({
      ...videos('v1.mkv', 'v2.mkv', 'v3.mkv'),
      ...files,
      'descriptions.csv': 'videoid,description\nv1,one\nv3,three\nv1,\nv1,same\nv2,same\n',
    })
    expect(said(await read())).toEqual([['v1.mkv', 'one']])
    expect(
      (await problems()).map(([, sentence, count, example]) => [
        /no film|no description|other clips/.exec(String(sentence))?.[0],
        count,
        example,
      ]),
    ).toEqual([
      ['other clips', 2, 'descriptions.csv:5'],
      ['no film', 1, 'descriptions.csv:3: v3'],
      ['no description', 1, 'descriptions.csv:4'],
    ])
  })
})

describe('LVU', () => {
  const list = 'label label_name youtube_id index\n2 in a kitchen abcdefghijk 7\n0 office ABC-_fghijk 8\n'

  it.each(forms(list))('has lists of class numbers and videos: %s', async (_, text) => {
    await write({ ...videos('abcdefghijk.mp4', 'ABC-_fghijk.mp4'), 'train.csv': text })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.problems]).toEqual(['lvu', 'video-classification', []])
    expect(said(dataset)).toEqual([
      ['abcdefghijk.mp4', '2'],
      ['ABC-_fghijk.mp4', '0'],
    ])
  })

  it('refuses figures for classes, and the lists of several tasks at once', async () => {
    await write({
      ...videos('abcdefghijk.mp4', 'ABC-_fghijk.mp4'),
      'scene/train.csv': list,
      'view_count/train.csv': list,
    })
    await expect(read()).rejects.toThrow(/2 tasks \(scene, view_count\)/)
    await expect(read({ folder: at('view_count'), videos: at('') })).rejects.toThrow(/view_count, which has no classes/)
    expect((await read({ folder: at('scene'), videos: at('') })).examples).toHaveLength(2)
  })
})
