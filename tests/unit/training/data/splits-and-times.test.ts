import { describe, expect, it } from 'vitest'
import { inspectDataset } from '../../../../main/training/data/datasets/inspect.ts'
import { drawSplits } from '../../../../main/training/data/datasets/rows/splitting.ts'
import { labelledFolder, said } from './labelled-folder.ts'

const { write, read, choose } = labelledFolder()
const rule = { by: 'seeded', seed: 3, validation: 0.1, test: 0.2 } as const

/** As if every video had 8 seconds of 10 pictures each. */
const inspect = () =>
  inspectDataset(choose(), {
    signal: new AbortController().signal,
    frames: 4,
    probe: () => Promise.resolve({ frameCount: 80, frameRate: 10, firstFrameTime: 0, duration: 8 } as never),
  })

describe('splits that are drawn', () => {
  const classes = new Map([
    ...Array.from({ length: 20 }, (_, n) => [`a${n}`, 'a'] as const),
    ...Array.from({ length: 60 }, (_, n) => [`b${n}`, 'b'] as const),
    ...Array.from({ length: 10 }, (_, n) => [`c${n}`, 'c'] as const),
  ])

  it('have their share of every class', () => {
    for (let seed = 0; seed < 20; seed++) {
      const splits = drawSplits(classes, { ...rule, seed })
      const counts = Object.fromEntries(
        ['a', 'b', 'c'].map(label => [
          label,
          ['train', 'validation', 'test'].map(
            split => [...splits].filter(([video, place]) => video.startsWith(label) && place === split).length,
          ),
        ]),
      )
      expect(counts).toEqual({ a: [14, 2, 4], b: [42, 6, 12], c: [7, 1, 2] })
    }
  })

  it('follow from the seed alone, whatever the order of the videos', () => {
    const other = new Map([...classes].reverse())
    expect(Object.fromEntries(drawSplits(other, rule))).toEqual(Object.fromEntries(drawSplits(classes, rule)))
    expect(Object.fromEntries(drawSplits(classes, { ...rule, seed: 4 }))).not.toEqual(
      Object.fromEntries(drawSplits(classes, rule)),
    )
  })

  it('warn of a class that is missing from one', async () => {
    const rows = [
      ...Array.from({ length: 18 }, (_, n) => [`a${n}.mp4`, 'often']),
      ['b0.mp4', 'rare'],
      ['b1.mp4', 'rare'],
    ]
    await write({
      ...Object.fromEntries(rows.map(([video]) => [video, null])),
      'rows.csv': `video,label\n${rows.map(row => `${row.join(',')}\n`).join('')}`,
    })
    expect((await read()).problems).toMatchObject([
      {
        kind: 'missing-class',
        severity: 'warning',
        sentence: expect.stringMatching(/not in the validation split/),
        examples: ['rare'],
      },
      {
        kind: 'missing-class',
        severity: 'warning',
        sentence: expect.stringMatching(/not in the test split/),
        examples: ['rare'],
      },
    ])
  })
})

describe('one class only', () => {
  it.each([
    ['in all rows', 'v1.mp4,run,train\nv2.mp4,run,val\n'],
    ['in training', 'v1.mp4,run,train\nv2.mp4,run,train\nv3.mp4,sit,val\n'],
  ])('is told: %s', async (_, rows) => {
    await write({ 'v1.mp4': null, 'v2.mp4': null, 'v3.mp4': null, 'rows.csv': `video,label,split\n${rows}` })
    expect((await read()).problems).toContainEqual(
      expect.objectContaining({ kind: 'one-class', severity: 'warning', examples: ['run'] }),
    )
  })

  it('is not told of several', async () => {
    await write({
      'v1.mp4': null,
      'v2.mp4': null,
      'rows.csv': 'video,label,split\nv1.mp4,run,train\nv2.mp4,sit,train\n',
    })
    expect((await read()).problems).toEqual([])
  })
})

describe('times that cannot be', () => {
  it('of rows are told without opening a video, as far as they can be known', async () => {
    const spans = [
      [3, 1],
      [2, 2],
      [-2, 1],
      [-2, -1],
      [1, 2],
    ]
    await write({
      'v.mp4': null,
      'train.csv': `video,label,start,end\n${spans.map(([start, end], n) => `v.mp4,c${n},${start},${end}\n`).join('')}`,
    })
    const dataset = await read()
    expect(
      dataset.examples.map(({ content }) => content.type === 'class' && [content.video.start, content.video.end]),
    ).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(
      Object.fromEntries(
        dataset.problems
          .filter(({ kind }) => kind === 'times')
          .map(({ sentence, severity, examples }) => [sentence, [severity, ...examples]]),
      ),
    ).toEqual({
      'The row ends before it starts; it is left out.': ['error', 'train.csv:2: 3 s – 1 s'],
      'The row ends where it starts; it is left out.': ['error', 'train.csv:3: 2 s – 2 s', 'train.csv:5: -2 s – -1 s'],
      'The row begins before 0 s; it is taken from the beginning of its video.': ['warning', 'train.csv:4: -2 s – 1 s'],
    })
  })

  it('beyond the end are told when the videos are opened', async () => {
    await write({
      'v.mp4': null,
      'test.jsonl': [
        [100, 120],
        [7.9, 500],
        [0, 8.05],
        [0, 4],
      ]
        .map(([start, end]) => `${JSON.stringify({ clip_id: 'v', text: `${start}`, start, end })}\n`)
        .join(''),
    })
    const { rows, problems, counts } = await inspect()
    expect(counts.test).toBe(3)
    expect(rows.map(({ start, end }) => [start, end])).toEqual([
      [7.9, 8],
      [0, 8.05],
      [0, 4],
    ])
    expect(
      problems
        .filter(({ kind }) => kind === 'times')
        .map(({ severity, sentence, examples }) => [severity, sentence, ...examples]),
    ).toEqual([
      ['error', 'The row begins after the end of its video; it is left out.', 'test.jsonl:1: 100 s – 120 s of 8 s'],
      [
        'warning',
        'The row ends after the end of its video; it is taken to that end.',
        'test.jsonl:2: 7.9 s – 500 s of 8 s',
      ],
    ])
  })

  it('of sentences are left out, and the sentences kept', async () => {
    await write({
      'v.mp4': null,
      'val.json': JSON.stringify({
        v: {
          duration: 8,
          timestamps: [
            [0, 99.5],
            [3, 1],
            [20, 30],
            [1, 2],
          ],
          sentences: ['beyond', 'reversed', 'after', 'good'],
        },
      }),
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([['v.mp4', 'beyond | reversed | after | good', 0, 99.5]])
    const { problems, rows } = await inspect()
    expect(rows[0]?.text).toEqual(['beyond', 'reversed', 'after', 'good'])
    expect(
      problems.map(({ kind, severity, count, sentence }) => [
        kind,
        severity,
        count,
        /reversed|before it starts|after the end/.exec(sentence)?.[0],
      ]),
    ).toEqual([
      ['times', 'warning', 1, 'before it starts'],
      ['times', 'warning', 1, 'after the end'],
      ['times', 'warning', 1, 'after the end'],
    ])
  })

  it('leave too few clips to pre-train on: the row is left out', async () => {
    await write({
      'v.mp4': null,
      'train.json': JSON.stringify({
        v: {
          duration: 8,
          timestamps: [
            [0, 1],
            [1, 2],
            [2, 3],
            [20, 30],
          ],
          sentences: ['a', 'b', 'c', 'd'],
        },
      }),
    })
    const report = await inspectDataset(choose({ task: 'pretrain-stage1' }), {
      signal: new AbortController().signal,
      frames: 4,
      probe: () => Promise.resolve({ frameCount: 80, frameRate: 10, firstFrameTime: 0, duration: 8 } as never),
    })
    expect(report.counts.train).toBe(0)
    expect(report.problems[0]).toMatchObject({
      kind: 'times',
      severity: 'error',
      sentence: expect.stringMatching(/fewer than 4 sentences whose times are in the video/),
    })
  })
})
