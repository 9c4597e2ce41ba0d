import { describe, expect, it } from 'vitest'
import { readDataset } from '../../../../../main/training/data/datasets/dataset.ts'
import { inspectDataset } from '../../../../../main/training/data/datasets/inspect.ts'
import { Problems } from '../../../../../main/training/data/datasets/rows/problems.ts'
import { usableRows } from '../../../../../main/training/data/datasets/rows/usable-rows.ts'
import { videosOf } from '../../../../../main/training/data/examples/example.ts'
import { openLabelledFolder } from '../../../../../main/training/data/examples/folder.ts'
import { moments } from '../../../../../main/training/data/formats/released/moments.ts'
import { labelledFolder } from '../labelled-folder.ts'

const { at, choose, write, read } = labelledFolder()
const lines = (...rows: readonly object[]) => rows.map(row => JSON.stringify(row)).join('\n')
const query = (qid: number, vid: string, text: string, windows?: unknown, more: object = {}) => ({
  qid,
  query: text,
  duration: 150,
  vid,
  ...(windows === undefined ? {} : { relevant_windows: windows }),
  ...more,
})
const told = async () =>
  (await read()).examples.map(({ split, content }) =>
    content.type === 'paragraph' ? [split, content.video.start, content.video.end, ...content.sentences] : [],
  )

describe('QVHighlights', () => {
  const part = 'RoripwjYFp8_60.0_210.0'
  const rated = {
    relevant_clip_ids: [5, 6],
    saliency_scores: [
      [2, 3, 1],
      [4, 4, 2],
    ],
  }
  const text = lines(
    query(1, part, 'A man sits.', [[30, 40]]),
    query(2, part, 'A woman in red talks.', [[10, 14]], rated),
    query(3, part, 'The street is seen.', [
      [0, 4],
      [60, 72],
    ]),
  )

  it.each([
    ['plain', text],
    ['CRLF and a byte order mark', `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ])('has the queries of a part file as its paragraph: %s', async (_, written) => {
    await write({ [`videos/${part}.mp4`]: null, 'highlight_train_release.jsonl': written })
    expect(await told()).toEqual([
      [
        'train',
        null,
        null,
        { text: 'A woman in red talks.', start: 10, end: 14 },
        { text: 'A man sits.', start: 30, end: 40 },
        { text: 'The street is seen.', start: null, end: null },
      ],
    ])
    const { format, tasks, problems } = await read()
    expect([format, tasks, problems]).toEqual(['moments', ['retrieval', 'moments'], []])
  })

  it('finds the parts in the long file, with their offset', async () => {
    await write({ 'RoripwjYFp8.mkv': null, 'highlight_val_release.jsonl': text })
    expect(await told()).toEqual([
      [
        'validation',
        60,
        210,
        { text: 'A woman in red talks.', start: 70, end: 74 },
        { text: 'A man sits.', start: 90, end: 100 },
        { text: 'The street is seen.', start: null, end: null },
      ],
    ])
  })

  it('keeps every window and rating for whoever takes moments', async () => {
    await write({ 'RoripwjYFp8.mp4': null, 'highlight_train_release.jsonl': text })
    const signal = new AbortController().signal
    const folder = await openLabelledFolder({ folder: at(''), videos: null }, signal)
    const { rows } = await usableRows(folder, moments, { problems: new Problems(), texts: null, signal })
    expect(rows.map(({ content }) => content)).toMatchObject([
      { type: 'moments', query: 'A man sits.', windows: [[90, 100]], saliency: null },
      {
        windows: [[70, 74]],
        saliency: [
          { clip: 5, scores: [2, 3, 1] },
          { clip: 6, scores: [4, 4, 2] },
        ],
      },
      {
        video: { start: 60, end: 210 },
        windows: [
          [60, 64],
          [120, 132],
        ],
      },
    ])
  })

  it('tells of rows without windows, with others than numbers, and with times that cannot be', async () => {
    await write({
      'a.mp4': null,
      'train.jsonl': [
        lines(query(1, 'a', 'one', [[0, 2]]), query(2, 'a', 'two', [['0', 2]]), query(3, 'a', 'three', [])),
        '{"qid": 4, "query": "four", "vid": "a", "relevant_windows": [[NaN, 3]]}',
        lines(query(5, 'a', 'five', [[9, 3]]), query(6, 'a', 'six', [[-1, 3]]), query(7, '', 'seven', [[1, 2]])),
        lines(query(8, 'a', 'eight', [[1, 2]], { relevant_clip_ids: [1, 2], saliency_scores: [[1, 1, 1]] })),
        '{"qid": 9,',
      ].join('\n'),
      'b.mp4': null,
      'test.jsonl': lines(query(10, 'b', 'ten'), query(11, 'b', 'eleven')),
      'preds.jsonl': lines(query(1, 'a', 'one', undefined, { pred_relevant_windows: [[0, 2, 0.9]] })),
    })
    expect((await told()).map(row => row.slice(3))).toEqual([
      [
        { text: 'ten', start: null, end: null },
        { text: 'eleven', start: null, end: null },
      ],
      [
        { text: 'one', start: 0, end: 2 },
        { text: 'six', start: 0, end: 3 },
      ],
    ])
    const problems = (await read()).problems.map(({ severity, sentence, count, examples }) => [
      severity,
      /‘[^’]+’|ends before it starts|begins before 0|as JSON/.exec(sentence)?.[0],
      count,
      examples[0],
    ])
    expect(problems).toEqual(
      expect.arrayContaining([
        ['warning', '‘relevant_windows’', 2, 'test.jsonl:1'],
        ['error', '‘relevant_windows.0.0’', 1, 'train.jsonl:2'],
        ['error', '‘relevant_windows’', 1, 'train.jsonl:3'],
        ['error', '‘relevant_windows.0.0’', 1, 'train.jsonl:4'],
        ['error', 'ends before it starts', 1, 'train.jsonl:5: 9 s – 3 s'],
        ['warning', 'begins before 0', 1, 'train.jsonl:6: -1 s – 3 s'],
        ['error', '‘vid’', 1, 'train.jsonl:7'],
        ['error', '‘saliency_scores’', 1, 'train.jsonl:8'],
        ['error', 'as JSON', 1, 'train.jsonl:9'],
      ]),
    )
    expect(problems).toHaveLength(9)
  })
})

describe('a task of moments', () => {
  const of = async (choice: object = {}) =>
    (await read({ task: 'moments', ...choice })).examples.map(({ content }) =>
      content.type === 'moments' ? [content.qid, content.vid, content.windows] : [],
    )

  it('has every query by its number, once in a split', async () => {
    await write({
      'a.mp4': null,
      'train.jsonl': lines(
        query(1, 'a', 'one', [[0, 2]]),
        query(2, 'a', 'one', [[0, 2]]),
        query(1, 'a', 'other', [[4, 6]]),
      ),
      'val.jsonl': lines(query(1, 'a', 'one', [[0, 2]])),
    })
    expect(await of()).toEqual([
      [1, 'a', [[0, 2]]],
      [2, 'a', [[0, 2]]],
      [1, 'a', [[0, 2]]],
    ])
    const { problems } = await read({ task: 'moments' })
    expect(problems.filter(({ kind }) => kind === 'duplicate')).toMatchObject([
      { severity: 'error', count: 1, examples: ['train.jsonl:3: 1, as train.jsonl:1'] },
    ])
    // As a paragraph the same sentence counts once.
    expect((await told()).map(([split, , , ...sentences]) => [split, sentences.length])).toEqual([
      ['train', 2],
      ['validation', 1],
    ])
    expect((await read()).problems.filter(({ kind }) => kind === 'duplicate')).toMatchObject([
      { severity: 'warning', examples: ['train.jsonl:2'] },
    ])
  })

  it('knows lines of Charades-STA by where they stand, also those that say the same', async () => {
    const text = 'AO8RW 0.0 6.9##a person reads.\n'
    await write({ 'AO8RW.mp4': null, 'charades_sta_test.txt': text + text })
    expect(await of()).toEqual([
      ['charades_sta_test.txt:1', 'AO8RW', [[0, 6.9]]],
      ['charades_sta_test.txt:2', 'AO8RW', [[0, 6.9]]],
    ])
  })

  it.each([
    [
      'ActivityNet Captions',
      {
        'val_1.json': JSON.stringify({
          v_a: {
            duration: 9,
            timestamps: [
              [0, 4],
              [3, 9],
              [5, 5],
            ],
            sentences: ['He sits.', 'He goes.', 'He waits.'],
          },
        }),
      },
      [
        ['val_1.json: v_a#1', 'v_a', [[0, 4]]],
        ['val_1.json: v_a#2', 'v_a', [[3, 9]]],
      ],
      ['val_1.json: v_a: He waits.'],
    ],
    [
      'DiDeMo',
      {
        'val_data.json': JSON.stringify([
          {
            video: 'v_a.mp4',
            description: 'a dog runs',
            times: [
              [1, 2],
              [1, 2],
              [0, 0],
            ],
          },
          {
            video: 'v_a.mp4',
            description: 'nobody agrees',
            times: [
              [0, 0],
              [1, 1],
            ],
          },
        ]),
      },
      [['val_data.json:1:2#1', 'v_a.mp4', [[5, 15]]]],
      ['val_data.json:1:2: nobody agrees'],
    ],
    [
      'YouCook2',
      {
        'youcookii.json': JSON.stringify({
          database: {
            a: { subset: 'validation', annotations: [{ id: 0, segment: [2, 8], sentence: 'cut the onion' }] },
          },
        }),
      },
      [['youcookii.json: a#1', 'a', [[2, 8]]]],
      [],
    ],
    ['a table', { 'val.csv': 'video,start,end,text\na,1,3,she cuts\n' }, [['val.csv:2#1', 'a', [[1, 3]]]], []],
  ])('has every sentence with a time as a query: %s', async (_, files, queries, untimed) => {
    await write({ 'v_a.mp4': null, ...files })
    expect((await read()).tasks).toContain('moments')
    expect(await of({ task: 'moments' })).toEqual(queries)
    const { problems } = await read({ task: 'moments' })
    expect(problems.filter(({ sentence }) => /no query for moments/.test(sentence))).toMatchObject(
      untimed.length === 0 ? [] : [{ severity: 'warning', count: untimed.length, examples: untimed }],
    )
  })

  it('counts each sentence of a video that is not there as a query', async () => {
    const story = {
      timestamps: [
        [0, 1],
        [1, 2],
      ],
      sentences: ['He sits.', 'He goes.'],
    }
    await write({ 'v_a.mp4': null, 'val_1.json': JSON.stringify({ v_a: story, v_b: story }) })
    const { withoutVideo } = await read({ task: 'moments' })
    expect(withoutVideo.map(({ videos }) => videos)).toEqual([['v_b'], ['v_b']])
  })

  it('needs no video where predictions are scored, and has the windows as published', async () => {
    await write({ 'highlight_val_release.jsonl': lines(query(7, 'RoripwjYFp8_60.0_210.0', 'one', [[10, 14]])) })
    const dataset = await readDataset(choose({ task: 'moments' }), new AbortController().signal, { needsVideos: false })
    expect(dataset.examples.map(({ content }) => content)).toMatchObject([{ qid: 7, windows: [[10, 14]] }])
    expect(dataset.withoutVideo).toEqual([])
    // A video that is there by its very name is known by its file, for whoever shows pictures; the data are the same.
    await write({ 'videos/RoripwjYFp8_60.0_210.0.mkv': null })
    const seen = await readDataset(choose({ task: 'moments' }), new AbortController().signal, { needsVideos: false })
    expect(seen.examples.flatMap(({ content }) => videosOf(content))).toMatchObject([
      { path: at('videos/RoripwjYFp8_60.0_210.0.mkv'), start: null },
    ])
    expect(seen.hash).toBe(dataset.hash)
  })

  it('has a report without any video, which says what can be done with it', async () => {
    await write({ 'val.jsonl': lines(query(7, 'x_0.0_150.0', 'one', [[10, 14]]), query(8, 'y', 'two', [[1, 2]])) })
    const inspect = (choice: object = {}) =>
      inspectDataset(choose(choice), { signal: new AbortController().signal, frames: 32, probe: null })
    expect(await inspect()).toMatchObject({
      ...{ task: 'moments', tasks: ['moments'], counts: { validation: 2 }, videos: 0, opened: 0 },
      missing: [
        { video: 'x_0.0_150.0', reason: 'missing' },
        { video: 'y', reason: 'missing' },
      ],
      unusable: expect.stringMatching(/^No video is there: predictions in a file can be scored/),
    })
    // Whoever wants something else learns why that cannot be.
    await expect(inspect({ task: 'retrieval' })).rejects.toThrow(/val.jsonl:1: .*The video is not there/)
  })

  it('refuses ratings that clips of the duration cannot have', async () => {
    const rated = (clip: number, ...scores: number[][]) => ({ relevant_clip_ids: [0, clip], saliency_scores: scores })
    await write({
      'a.mp4': null,
      'val.jsonl': lines(
        query(1, 'a', 'one', [[0, 2]], rated(74, [1, 2, 3], [1, 2, 3])),
        query(2, 'a', 'two', [[0, 2]], rated(75, [1, 2, 3], [1, 2, 3])),
        query(3, 'a', 'three', [[0, 2]], rated(1, [1, 2, 3], [1, 2])),
      ),
    })
    expect((await of()).map(([qid]) => qid)).toEqual([1])
    expect((await read({ task: 'moments' })).problems.map(({ sentence, examples }) => [sentence, ...examples])).toEqual(
      [
        [expect.stringContaining('‘relevant_clip_ids’'), 'val.jsonl:2'],
        [expect.stringContaining('‘saliency_scores’'), 'val.jsonl:3'],
      ],
    )
  })
})

describe('Charades-STA', () => {
  it('has lines of a video, two times and a sentence', async () => {
    await write({
      'AO8RW.mp4': null,
      '3MSZA.mp4': null,
      'charades_sta_train.txt':
        '\uFEFFAO8RW 0.0 6.9##a person is putting a book on a shelf.\r\n3MSZA 24.3 30.4##person turn a light on.\r\n' +
        'AO8RW 3 8##a person # reads.\r\nAO8RW six 8##nothing.\r\n3MSZA 9 2##gone.\r\n',
    })
    const dataset = await read()
    expect([dataset.format, dataset.task]).toEqual(['charades-sta', 'retrieval'])
    expect((await told()).map(([split, , , ...sentences]) => [split, ...sentences])).toEqual([
      [
        'train',
        { text: 'a person is putting a book on a shelf.', start: 0, end: 6.9 },
        { text: 'a person # reads.', start: 3, end: 8 },
      ],
      ['train', { text: 'person turn a light on.', start: 24.3, end: 30.4 }],
    ])
    expect(dataset.problems.map(({ kind, examples }) => [kind, ...examples])).toEqual([
      ['row', 'charades_sta_train.txt:4'],
      ['times', 'charades_sta_train.txt:5: 9 s – 2 s'],
    ])
  })
})
