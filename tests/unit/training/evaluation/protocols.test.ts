import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { ProtocolName } from '../../../../main/api/common/rules.ts'
import { protocolNames, protocols } from '../../../../main/api/common/rules.ts'
import type { Split } from '../../../../main/api/training/datasets.ts'
import { publishedProtocols } from '../../../../main/training/evaluation/protocols/published-protocols.ts'
import { evaluatedProtocol, withProtocol } from '../../../../main/training/evaluation/protocols/recognise.ts'
import { rowsToEvaluate } from '../../../../main/training/evaluation/rows-to-evaluate.ts'
import { survivorsOf } from '../../../../main/training/evaluation/survivors.ts'
import { labelledFolder } from '../data/labelled-folder.ts'

const { write, read } = labelledFolder()
const videoName = (number: number) => `${10_000_000 + number}@N01_${number}_${(0xabc000 + number).toString(16)}.mp4`
/** A test set of DiDeMo's form; each video is described twice. */
const didemo = (videos: number) =>
  JSON.stringify(
    Array.from({ length: videos * 2 }, (_, row) => ({
      ...{ video: videoName(row >> 1), description: `scene ${row}`, times: [[0, 0]], num_segments: 6 },
    })),
  )
const captions = (videos: number, first = 0) =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: videos }, (_, place) => [
        `v_${String(first + place).padStart(11, 'a')}`,
        { duration: 9, timestamps: [[0, 9]], sentences: [`story ${first + place}`] },
      ]),
    ),
  )
const files = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`videos/${videoName(number)}`, null]))
const unseen = { needsVideos: false } as const

async function evaluated(
  given: { readonly protocol?: ProtocolName; readonly split?: Split } = {},
  choice: Parameters<typeof read>[0] = {},
) {
  return rowsToEvaluate(await read(choice), { split: null, protocol: null, ...given })
}

describe('a published protocol', () => {
  it('is known by format, split, names and numbers, missing videos included', async () => {
    await write({ 'test_data.json': didemo(1004), ...files(1000) })
    const { protocol, absent } = await evaluated()
    expect(absent).toEqual({ queries: 4, videos: 4 })
    expect(protocol).toEqual({
      name: 'didemo-test',
      queries: { there: 1000, all: 1004 },
      videos: { there: 1000, all: 1004 },
      complete: false,
      metrics: ['R@1', 'R@5', 'R@10', 'median rank', 'mean rank'],
      among: [],
      sentence:
        'Protocol: DiDeMo test with 1,000 of its 1,004 queries and 1,000 of its 1,004 videos: not comparable with published figures.',
    })
    await write(files(1004))
    expect((await evaluated()).protocol).toMatchObject({
      complete: true,
      sentence: 'Protocol: DiDeMo test (1,004 queries, 1,004 videos): complete.',
    })
  })

  it.each([
    ['a row less', didemo(1003), 'test_data.json', {}],
    ['another split', didemo(1004), 'val_data.json', {}],
    ['drawn splits', didemo(1004), 'test_data.json', { split: { by: 'seeded', seed: 1, validation: 0.5, test: 0.5 } }],
    ['other names', didemo(1004).replaceAll('@N01', ''), 'test_data.json', {}],
  ] as const)('is not guessed at: %s', async (_, rows, file, choice) => {
    await write({ [file]: rows, 'videos/none.mp4': null })
    const dataset = await read(choice, unseen)
    const { protocol } = rowsToEvaluate(dataset, { split: null, protocol: null })
    expect(protocol).toMatchObject({ name: null, complete: false, among: [] })
    expect(protocol.sentence).toMatch(/^No published protocol:/)
  })

  it('can be asked for, and is said to be a part where rows are not even named', async () => {
    await write({ 'test_data.json': didemo(940) })
    const { protocol, examples } = rowsToEvaluate(await read({}, unseen), { split: null, protocol: 'didemo-test' })
    expect(examples).toHaveLength(940)
    expect(protocol.sentence).toMatch(
      /^Protocol: DiDeMo test with 940 of its 1,004 queries and 940 of its 1,004 videos/,
    )
    const standings = examples.map((_, example) => ({ example, rank: 1, score: 1 }))
    const survivors = survivorsOf({
      ...{ task: 'retrieval', examples, standings, absent: { queries: 0, videos: 0 }, protocol },
      outputs: new Map(),
    })
    expect(survivors).toMatchObject({ videos: { there: 940, all: 1004 }, queries: { there: 940, all: 1004 } })
    expect(survivors.bounds[0]).toMatchObject({ metric: 'r1', best: 1, asMisses: 940 / 1004 })
  })

  it.each([
    ['msvd-test', {}, /is not MSVD test: it has no row in the split test/],
    ['didemo-test', { 'test.json': didemo(1005) }, /1,005 queries, 1,005 videos in the split test, more than/],
    ['msvd-test', { 'test.json': didemo(9) }, /it is read as didemo, and the protocol comes as msvd or csv/],
    ['didemo-test', { 'test.jsonl': '{"clip_id": "mine", "text": "a"}' }, /it has a video ‘mine’, which is none of/],
    [
      'msr-vtt-1ka',
      {
        'test.jsonl': Array.from({ length: 1000 }, (_, row) =>
          JSON.stringify({ clip_id: `video${1000 + row}`, text: `a ${row}` }),
        ).join('\n'),
      },
      /it has as many videos, but not the same/,
    ],
  ] as const)('that is asked for is refused where the folder is something else: %s', async (name, given, sentence) => {
    await write('test.json' in given || 'test.jsonl' in given ? given : { 'val_data.json': didemo(1004) })
    const dataset = await read({}, unseen)
    expect(() => rowsToEvaluate(dataset, { split: null, protocol: name })).toThrow(sentence)
  })

  it('is found among the files of a split, and evaluated alone when it is asked for', async () => {
    await write({ 'val_1.json': captions(3, 9000), 'val_2.json': captions(4885), 'train.json': captions(2, 9100) })
    const dataset = await read({ task: 'retrieval' }, unseen)
    const all = rowsToEvaluate(dataset, { split: null, protocol: null })
    expect(all.examples).toHaveLength(4888)
    expect(all.protocol).toMatchObject({ name: null, among: ['activitynet-val2'] })
    expect(all.protocol.sentence).toMatch(/those of ActivityNet Captions val2 \(activitynet-val2\) are among the rows/)
    const { examples, protocol, split } = rowsToEvaluate(dataset, { split: null, protocol: 'activitynet-val2' })
    expect([examples.length, protocol.complete, split]).toEqual([4885, true, 'validation'])
    expect(new Set(examples.map(({ source }) => source.split(':')[0]))).toEqual(new Set(['val_2.json']))
  })

  it('brings its task, and is refused with another', () => {
    const choice = { dataset: { folder: '/a', videos: null, format: null, task: null, split: null } } as const
    expect(withProtocol({ ...choice, protocol: 'charades-sta-test' }).dataset.task).toBe('moments')
    expect(withProtocol({ ...choice, protocol: null })).toEqual({ ...choice, protocol: null })
    const other = { dataset: { ...choice.dataset, task: 'retrieval' }, protocol: 'next-qa-val' } as const
    expect(() => withProtocol(other)).toThrow('NExT-QA val is of the task qa-multichoice, not of retrieval')
  })

  it.each(protocolNames)('has numbers, a source and names that its list can be told by: %s', name => {
    const { queries, videos, source, namesHash } = publishedProtocols[name]
    expect(queries).toBeGreaterThanOrEqual(videos)
    expect(source.length).toBeGreaterThan(20)
    if (namesHash !== undefined) expect(namesHash).toMatch(/^[0-9a-f]{64}$/)
    const whole = evaluatedProtocol({ name, among: [] }, { queries, videos }, { queries: 1, videos: 1 })
    expect(whole).toMatchObject({ complete: true, queries: { there: queries, all: queries } })
    expect(whole.sentence).toContain(protocols[name].title)
  })
})

it('stands in the documents with its numbers', async () => {
  const page = await readFile('docs/evaluation.md', 'utf8')
  const told = [...page.matchAll(/^\| `([a-z0-9-]+)` \| ([\d,]+) \| ([\d,]+) \| ([a-z ]+) \|/gm)].map(
    ([, name, queries = '', videos = '', query]) => [
      name,
      Number(queries.replace(',', '')),
      Number(videos.replace(',', '')),
      query,
    ],
  )
  expect(told).toEqual(
    protocolNames.map(name => {
      const { queries, videos, query } = publishedProtocols[name]
      return [name, queries, videos, query]
    }),
  )
})

describe('a row that is there twice', () => {
  const caption = 'ABCDEFGHIJK_1_9 a man sings'
  it('counts as often as published evaluations count it where it is evaluated, and once where it is trained on', async () => {
    const lists = { 'test_list.txt': 'ABCDEFGHIJK_1_9', 'train_list.txt': 'ABCDEFGHIJL_1_9' }
    const trained = caption.replace('IJK', 'IJL')
    await write({ ...lists, 'AllVideoDescriptions.txt': [caption, caption, trained, trained].join('\n') })
    const { examples, problems } = await read({}, unseen)
    expect(examples.map(({ split }) => split)).toEqual(['test', 'test', 'train'])
    expect(
      problems.filter(({ kind }) => kind === 'duplicate').map(({ count, examples: [first] }) => [count, first]),
    ).toEqual(
      expect.arrayContaining([
        [1, 'AllVideoDescriptions.txt:2'],
        [1, 'AllVideoDescriptions.txt:4'],
      ]),
    )
  })

  it('counts once where a second file repeats the first', async () => {
    const row = '{"clip_id": "a", "text": "a dog"}'
    await write({ 'test.jsonl': row, 'old/test.jsonl': row })
    expect((await read({}, unseen)).examples).toHaveLength(1)
  })
})
