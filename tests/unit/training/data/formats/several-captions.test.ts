import { describe, expect, it } from 'vitest'
import { hyperparameters } from '../../../../../main/api/training/training.ts'
import type { Example } from '../../../../../main/training/data/examples/example.ts'
import { batchOf, makePlan } from '../../../../../main/training/runs/loop/plan.ts'
import { batchesApart, examplesToKeepApart } from '../../../../../main/training/runs/loop/videos-apart.ts'
import { labelledFolder, said } from '../labelled-folder.ts'

const { write, read } = labelledFolder()
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const splits = async () => (await read()).examples.map(({ split }) => split)

describe('MSR-VTT', () => {
  const json = {
    info: { year: '2016' },
    videos: [
      { category: 9, url: 'https://x/watch?v=a', video_id: 'video0', 'start time': 137.7, split: 'train', id: 0 },
      { category: 9, url: 'https://x/watch?v=b', video_id: 'video1', 'start time': 1, split: 'validate', id: 1 },
      { category: 9, url: 'https://x/watch?v=c', video_id: 'video2', 'start time': 1, split: 'test', id: 2 },
    ],
    sentences: [
      { caption: 'a man', video_id: 'video0', sen_id: 0 },
      { caption: 'a dog', video_id: 'video1', sen_id: 1 },
      { caption: 'a person', video_id: 'video0', sen_id: 2 },
      { caption: 'a car', video_id: 'video2', sen_id: 3 },
      { caption: 'a red car', video_id: 'video2', sen_id: 4 },
    ],
  }
  const four = videos('video0.mp4', 'video1.mp4', 'video2.mp4', 'video3.mp4')

  it.each([
    ['in one line', JSON.stringify(json)],
    ['with a byte order mark and CRLF', `\uFEFF${JSON.stringify(json, null, 1).replaceAll('\n', '\r\n')}`],
    ['in UTF-16', Buffer.from(`\uFEFF${JSON.stringify(json)}`, 'utf16le')],
  ])('has a query for each caption, in the splits of its videos: %s', async (_, text) => {
    await write({ ...four, 'MSRVTT_data.json': text })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.texts]).toEqual(['msr-vtt', 'retrieval', 'queries'])
    expect(said(dataset)).toEqual([
      ['video0.mp4', 'a man'],
      ['video1.mp4', 'a dog'],
      ['video0.mp4', 'a person'],
      ['video2.mp4', 'a car'],
      ['video2.mp4', 'a red car'],
    ])
    expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'validation', 'train', 'test', 'test'])
    expect(dataset.problems).toMatchObject([{ kind: 'several-texts', severity: 'warning', count: 2 }])
  })

  it('is one paragraph of each video where that is asked for', async () => {
    await write({ ...four, 'MSRVTT_data.json': JSON.stringify(json) })
    expect(said(await read({ texts: 'paragraph' }))).toEqual([
      ['video0.mp4', 'a man | a person'],
      ['video1.mp4', 'a dog'],
      ['video2.mp4', 'a car | a red car'],
    ])
  })

  it('is 1k-A with its list of training videos and its table of the test, and says what is not used', async () => {
    await write({
      ...four,
      'MSRVTT_data.json': JSON.stringify(json),
      'MSRVTT_train.9k.csv': 'video_id\r\nvideo0\r\nvideo1\r\n',
      'MSRVTT_JSFUSION_test.csv': 'key,vid_key,video_id,sentence\nret0,msr2,video2,a car drives\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['video2.mp4', 'a car drives'],
      ['video0.mp4', 'a man'],
      ['video1.mp4', 'a dog'],
      ['video0.mp4', 'a person'],
    ])
    expect(await splits()).toEqual(['test', 'train', 'train', 'train'])
    expect(dataset.problems.find(({ kind }) => kind === 'split')).toMatchObject({ severity: 'warning', count: 2 })
    expect(dataset.files.map(({ file }) => file).sort()).toEqual([
      'MSRVTT_JSFUSION_test.csv',
      'MSRVTT_data.json',
      'MSRVTT_train.9k.csv',
    ])
  })

  it('tells of entries without their fields', async () => {
    const broken = { ...json, sentences: [...json.sentences, { video_id: 'video1', sen_id: 5 }, { caption: 'x' }] }
    await write({ ...four, 'MSRVTT_data.json': JSON.stringify(broken) })
    expect((await read()).problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { sentence: expect.stringMatching(/field ‘caption’/), examples: ['MSRVTT_data.json: sentences[5]'] },
      { sentence: expect.stringMatching(/field ‘video_id’/), examples: ['MSRVTT_data.json: sentences[6]'] },
    ])
  })
})

describe('MSVD', () => {
  const text = '# MSVD\n\n-4w_5_15 a squirrel eats a nut\n-4w_5_15 a small animal chews\n-_hb_1_4 a train #1\n'
  it('has lines of a clip and its caption', async () => {
    await write({
      ...videos('-4w_5_15.avi', '-_hb_1_4.avi'),
      'AllVideoDescriptions.txt': text.replaceAll('\n', '\r\n'),
    })
    const dataset = await read()
    expect([dataset.format, dataset.texts]).toEqual(['msvd', 'queries'])
    expect(said(dataset)).toEqual([
      ['-4w_5_15.avi', 'a squirrel eats a nut'],
      ['-4w_5_15.avi', 'a small animal chews'],
      ['-_hb_1_4.avi', 'a train #1'],
    ])
  })

  it('has lists for its splits, and says which clips are in none', async () => {
    await write({
      ...videos('-4w_5_15.avi', '-_hb_1_4.avi', 'xyz_7_9.avi'),
      'AllVideoDescriptions.txt': `${text}xyz_7_9 a dog\nnonsense\n`,
      'train_list.txt': '-4w_5_15\n',
      'test_list.txt': '-_hb_1_4\n',
    })
    const dataset = await read()
    expect(dataset.examples.map(({ source, split }) => [source, split])).toEqual([
      ['AllVideoDescriptions.txt:3', 'train'],
      ['AllVideoDescriptions.txt:4', 'train'],
      ['AllVideoDescriptions.txt:5', 'test'],
    ])
    expect(dataset.problems.map(({ kind, examples }) => [kind, ...examples])).toEqual([
      ['row', 'AllVideoDescriptions.txt:7'],
      ['split', 'AllVideoDescriptions.txt:6: xyz_7_9'],
      ['several-texts', 'AllVideoDescriptions.txt:3: -4w_5_15.avi, 2 texts'],
    ])
  })
})

describe('VATEX', () => {
  it('has a list of captions for each clip', async () => {
    const clips = [
      { videoID: 'Ptf_2VRj-V0_000122_000132', enCap: ['A man sings.', 'Someone performs.'], chCap: ['他唱'] },
      { videoID: 'G9z_000022_000032', enCap: ['A dog.'], chCap: [] },
    ]
    await write({
      ...videos('Ptf_2VRj-V0_000122_000132.mp4', 'G9z_000022_000032.mp4'),
      'vatex_training_v1.0.json': JSON.stringify(clips),
    })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.texts]).toEqual(['json-table', 'retrieval', 'queries'])
    expect(said(dataset)).toEqual([
      ['Ptf_2VRj-V0_000122_000132.mp4', 'A man sings.'],
      ['Ptf_2VRj-V0_000122_000132.mp4', 'Someone performs.'],
      ['G9z_000022_000032.mp4', 'A dog.'],
    ])
    expect(await splits()).toEqual(['train', 'train', 'train'])
  })
})

describe('texts of a video', () => {
  it('with times are sentences of one story, whatever is asked for', async () => {
    await write({ ...videos('a.mp4'), 'train.csv': 'video,start,end,text\na,0,1,one\na,1,2,two\n' })
    for (const texts of ['paragraph', 'queries'] as const) {
      expect(said(await read({ texts }))).toEqual([['a.mp4', 'one | two', 0, 1]])
    }
  })

  it('in the published jsonl are one paragraph, or a query each where that is asked for', async () => {
    await write({ ...videos('a.mp4'), 'train.jsonl': '{"clip_id": "a", "text": ["one", "two"]}' })
    const dataset = await read()
    expect([said(dataset), dataset.texts]).toEqual([[['a.mp4', 'one | two']], 'paragraph'])
    expect(said(await read({ texts: 'queries' }))).toEqual([
      ['a.mp4', 'one'],
      ['a.mp4', 'two'],
    ])
  })
})

describe('batches of captions', () => {
  const parameters = hyperparameters.parse({
    epochs: 1,
    batchSize: 4,
    microBatchSize: null,
    learningRate: 1,
    weightDecay: 0,
    clipNorm: null,
    labelSmoothing: 0,
    stochastic: false,
    augment: false,
    negatives: 'reference',
    schedule: { kind: 'linear', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 0 },
  })
  const caption = (video: number, number: number): Example => ({
    source: `${video}:${number}`,
    split: 'train',
    content: {
      type: 'paragraph',
      video: { path: `/${video}.mp4`, start: null, end: null },
      sentences: [{ text: String(number), start: null, end: null }],
    },
  })
  const captionsOf = (counts: readonly number[]) =>
    counts.flatMap((count, video) => Array.from({ length: count }, (_, number) => caption(video, number)))

  it.each([
    ['as many of each', [3, 3, 3, 3, 3, 3, 3, 3], 4],
    ['fewer videos than a batch', [5, 5, 5], 8],
    ['most of one video', [20, 1, 1, 1, 1, 2], 4],
    ['many batches', Array.from({ length: 30 }, (_, video) => 1 + (video % 7)), 8],
  ])('never have a video twice: %s', (_, counts, batchSize) => {
    const examples = captionsOf(counts)
    const apart = examplesToKeepApart('retrieval', examples)
    const plan = makePlan(apart ?? examples.length, { ...parameters, batchSize }, 'retrieval')
    const seen = new Set<number>()
    for (let epoch = 0; epoch < 100; epoch++) {
      const ofEpoch = new Set<number>()
      for (let step = 0; step < plan.stepsPerEpoch; step++) {
        const { places } = batchOf(epoch * plan.stepsPerEpoch + step, examples, { ...plan, seed: 1, apart })
        const met = places.map(place => examples[place]?.source.split(':')[0])
        expect(met).toHaveLength(plan.batchSize)
        expect(new Set(met).size).toBe(plan.batchSize)
        for (const place of places) {
          expect(ofEpoch.has(place)).toBe(false)
          ofEpoch.add(place)
          seen.add(place)
        }
      }
    }
    expect(seen.size).toBe(examples.length)
  })

  it('are as many as hold no video twice', () => {
    const of = (counts: readonly number[]) => examplesToKeepApart('retrieval', captionsOf(counts)) ?? []
    expect(batchesApart(of([3, 3, 3, 3]), 4)).toBe(3)
    expect(batchesApart(of([20, 1, 1, 1]), 2)).toBe(3)
    expect(batchesApart(of([20, 1, 1, 1]), 4)).toBe(1)
  })

  it('are drawn as before where no video has several, nothing is compared, or groups belong together', () => {
    expect(examplesToKeepApart('retrieval', captionsOf([1, 1, 1]))).toBeNull()
    expect(examplesToKeepApart('qa-multichoice', captionsOf([2, 2]))).toBeNull()
    expect(
      examplesToKeepApart(
        'retrieval',
        captionsOf([2, 2]).map(row => ({ ...row, group: 'g' })),
      ),
    ).toBeNull()
  })
})
