import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { datasetChoice, datasetReport } from '../../../../main/api/training/datasets.ts'
import type { DatasetChoice } from '../../../../main/api/training/datasets.ts'
import { readDataset } from '../../../../main/training/data/datasets/dataset.ts'
import { inspectDataset } from '../../../../main/training/data/datasets/inspect.ts'
import { parseLiteral } from '../../../../main/training/data/files/literal.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { folderOfTest } from '../../../support/folders.ts'

let folder = ''
beforeEach(() => {
  folder = folderOfTest('dataset')
})

/** Writes files; those given no text are videos, which reading does not open. */
async function write(files: Record<string, string | null | readonly unknown[]>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(
      file,
      content === null
        ? ''
        : typeof content === 'string'
          ? content
          : content.map(row => `${JSON.stringify(row)}\n`).join(''),
    )
  }
}
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const choose = (choice: Partial<DatasetChoice> = {}) => datasetChoice.parse({ folder, ...choice })
const read = (choice: Partial<DatasetChoice> = {}, clips?: number) =>
  readDataset(choose(choice), new AbortController().signal, clips === undefined ? {} : { clips })
const counts = (examples: readonly { split: string }[]) =>
  Object.fromEntries(
    ['train', 'validation', 'test'].map(split => [split, examples.filter(example => example.split === split).length]),
  )

describe('the published rows', () => {
  it('reads retrieval rows, splits by file name and finds videos without their extension', async () => {
    await write({
      ...videos('videos/a.mp4', 'videos/b.mkv', 'videos/c.mp4'),
      'train.jsonl': [
        { clip_id: 'a', text: ['One.', ' ', 'Two.'] },
        { clip_id: 'b.mkv', text: 'Three.' },
      ],
      'val_1.jsonl': [{ clip_id: 'c', text: ['Four.'] }],
    })
    const dataset = await read()
    expect(dataset).toMatchObject({
      format: 'retrieval-jsonl',
      task: 'retrieval',
      split: { by: 'given' },
      labels: [],
      problems: [],
    })
    expect(counts(dataset.examples)).toEqual({ train: 2, validation: 1, test: 0 })
    expect(dataset.examples[0]?.content).toEqual({
      type: 'paragraph',
      video: { path: join(folder, 'videos/a.mp4'), start: null, end: null },
      sentences: [
        { text: 'One.', start: null, end: null },
        { text: 'Two.', start: null, end: null },
      ],
    })
  })

  it('keeps the groups that rows name, in ActivityNet Captions and in jsonl', async () => {
    const entry = { duration: 8, timestamps: [[0, 4]], sentences: ['One.'] }
    await write({
      ...videos('v_1.mp4', 'v_2.mp4', 'v_3.mp4'),
      'train.json': JSON.stringify({ v_1: { ...entry, group: 'pair' }, v_2: { ...entry, group: 'pair' }, v_3: entry }),
    })
    expect((await read()).examples.map(({ group }) => group)).toEqual(['pair', 'pair', undefined])
    await write({
      'train.json': '{}',
      'train.jsonl': [
        { clip_id: 'v_1', text: 'One.', group: 'other' },
        { clip_id: 'v_2', text: 'Two.' },
      ],
    })
    expect((await read()).examples.map(({ group }) => group)).toEqual(['other', undefined])
  })

  it('reads ActivityNet-QA with answers as numbers', async () => {
    await write({
      ...videos('v_1.mp4', 'v_2.mp4'),
      'train.jsonl': [{ video_name: 'v_1', question: 'is it?', answer: 2 }],
      'test.jsonl': [{ video_name: 'v_2', question: 'what?', answer: 0 }],
    })
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'activitynet-qa', task: 'qa-classification', labels: ['0', '1', '2'] })
    expect(dataset.examples.map(({ content }) => 'label' in content && content.label)).toEqual([0, 2])
    expect(dataset.problems).toEqual([
      expect.objectContaining({ kind: 'unseen-label', severity: 'warning', count: 1, examples: ['test.jsonl:1'] }),
    ])
  })

  it('numbers answers that are words by the alphabet', async () => {
    await write({
      ...videos('a.mp4'),
      'train.jsonl': [
        { video_name: 'a', question: 'q', answer: 'yes' },
        { video_name: 'a', question: 'r', answer: 'no' },
      ],
    })
    const dataset = await read()
    expect(dataset.labels).toEqual(['no', 'yes'])
    expect(dataset.examples.map(({ content }) => 'label' in content && content.label)).toEqual([1, 0])
  })

  it('reads How2QA, where a span that is not known is NaN', async () => {
    const row = {
      clip_id: 'a',
      text_q: 'Why?',
      text_a: ['w', 'x', 'y', 'z'],
      text_s: [{ text: 'so', start: 0, end: 1 }],
      answer_idx: 3,
    }
    await write({
      ...videos('a.mp4'),
      'train.jsonl': `${JSON.stringify({ ...row, span: [2.5, 10] })}\n${JSON.stringify(row).slice(0, -1)}, "span": [NaN, NaN]}\n`,
    })
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'how2qa', task: 'qa-multichoice' })
    expect(dataset.examples.map(({ content }) => content)).toEqual([
      expect.objectContaining({ type: 'choices', label: 3, span: [2.5, 10], subtitles: ['so'] }),
      expect.objectContaining({ span: null }),
    ])
  })

  it('reads VIOLIN', async () => {
    await write({ ...videos('a.mp4'), 'train.jsonl': [{ clip_id: 'a', text_q: 'He laughs.', text_s: [], answer: 1 }] })
    expect(await read()).toMatchObject({
      format: 'violin',
      task: 'qa-classification',
      examples: [{ content: { type: 'question', label: 1 } }],
    })
  })

  it('reads COIN and LVU', async () => {
    await write({ ...videos('a.mp4'), 'train.jsonl': [{ video_id: 'a', recipe_type: 4 }] })
    expect(await read()).toMatchObject({
      format: 'video-classification-jsonl',
      task: 'video-classification',
      labels: { length: 5 },
    })
  })

  it('reads pre-training lists and leaves out those of fewer than four clips', async () => {
    const clips = (long: string, count: number) =>
      Array.from({ length: count }, (_, clip) => ({ clip_id: `${long}.${clip}.mp4`, text: `${clip}` }))
    await write({
      ...videos(...[0, 1, 2, 3].map(clip => `a/a.${clip}.mp4`)),
      'train.jsonl': [clips('a', 4), clips('a', 3)],
    })
    const dataset = await read()
    expect(dataset).toMatchObject({
      format: 'pretrain-jsonl',
      tasks: ['pretrain-stage1', 'pretrain-stage2'],
      examples: { length: 1 },
    })
    expect(dataset.problems).toMatchObject([{ severity: 'error', kind: 'row', count: 1, examples: ['train.jsonl:2'] }])
    expect(await read({}, 3)).toMatchObject({ examples: { length: 2 }, problems: [] })
    await expect(read({}, 5)).rejects.toThrow(/fewer than 5 clips; it is left out/)
  })

  it('leaves paragraphs out of pre-training that have fewer timed sentences than an example has clips', async () => {
    const told = (...ends: number[]) => ({
      duration: 30,
      timestamps: ends.map(end => [end - 1, end]),
      sentences: ends.map(end => `a ${end}`),
    })
    await write({
      ...videos('a.mp4', 'b.mp4'),
      'train.json': JSON.stringify({ a: told(1, 2, 3, 4), b: told(1, 2, 3) }),
    })
    const dataset = await read({ task: 'pretrain-stage1' })
    expect(dataset).toMatchObject({
      examples: { length: 1 },
      problems: [{ severity: 'error', examples: ['train.json: b'], sentence: expect.stringMatching(/fewer than 4/) }],
    })
    expect(await read({ task: 'pretrain-stage1' }, 3)).toMatchObject({ examples: { length: 2 }, problems: [] })
    await expect(read({ task: 'pretrain-stage1' }, 5)).rejects.toThrow(/times for fewer than 5 sentences/)
  })

  it('reads pre-training lists from the LMDB that Python wrote, also values that fill pages of their own', async () => {
    await cp('tests/fixtures/datasets/pretrain-lmdb', join(folder, 'train'), { recursive: true })
    await write(
      videos(
        ...[0, 1, 2, 3].flatMap(long => Array.from({ length: 7 }, (_, clip) => `long${long}/long${long}.${clip}.mp4`)),
      ),
    )
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'pretrain-lmdb', split: { by: 'given' } })
    expect(dataset.examples.map(({ content }) => content.type === 'clips' && content.clips.length)).toEqual([
      4, 5, 6, 5,
    ])
    expect(dataset.examples[1]?.content).toMatchObject({ clips: { 2: { text: 'clip 2\'s "text" of 1' } } })
    expect(dataset.examples[3]?.content).toMatchObject({ clips: { 4: { text: 'a long sentence '.repeat(60) } } })
  })
})

describe('other folders', () => {
  it('reads ActivityNet Captions with their times', async () => {
    await write({
      ...videos('v_x.mp4'),
      'val_1.json': JSON.stringify({
        v_x: {
          duration: 9,
          timestamps: [
            [0, 4],
            [4, 9],
          ],
          sentences: [' A.', 'B.'],
        },
        v_y: { duration: 9, timestamps: [], sentences: ['C.'] },
      }),
    })
    const dataset = await read()
    expect(dataset).toMatchObject({
      format: 'activitynet-captions',
      task: 'retrieval',
      examples: [
        {
          split: 'validation',
          content: {
            sentences: [
              { text: 'A.', start: 0, end: 4 },
              { text: 'B.', start: 4, end: 9 },
            ],
          },
        },
      ],
    })
    expect(dataset.problems).toMatchObject([{ kind: 'row', examples: ['val_1.json: v_y'] }])
  })

  it('reads captions beside the videos, and draws splits by seed that stay the same', async () => {
    await write(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, n) => [
          [`${n}.mp4`, null],
          [`${n}.txt`, `Sentence ${n}.`],
        ]).flat() as [string, string | null][],
      ),
    )
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'captions-beside-videos', split: { by: 'seeded', seed: 0 } })
    expect(counts(dataset.examples)).toEqual({ train: 16, validation: 2, test: 2 })
    expect((await read()).hash).toBe(dataset.hash)
    const other = await read({ split: { by: 'seeded', seed: 1, validation: 0.1, test: 0.1 } })
    expect(other.hash).not.toBe(dataset.hash)
    expect(other.examples.map(({ split }) => split)).not.toEqual(dataset.examples.map(({ split }) => split))
  })

  it('reads folders named for classes', async () => {
    await write(videos('train/cook/a.mp4', 'train/run/b.mp4', 'val/run/c.mp4', 'train/d.mp4'))
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'class-folders', task: 'video-classification', labels: ['cook', 'run'] })
    expect(counts(dataset.examples)).toEqual({ train: 2, validation: 1, test: 0 })
    expect(dataset.problems).toMatchObject([{ kind: 'row', examples: [join('train', 'd.mp4')] }])
  })

  it('reads a CSV: the sentences of one video are its paragraph in the order of time', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4'),
      'rows.csv':
        '\uFEFFVideo,Start,End,Sentence,Split\na,5,9,"then, ""this""",train\na,0,5,first,train\nb,,,alone,val\n',
    })
    const dataset = await read()
    expect(dataset).toMatchObject({ format: 'csv', task: 'retrieval', split: { by: 'given' } })
    expect(dataset.examples[0]?.content).toMatchObject({
      sentences: [
        { text: 'first', start: 0 },
        { text: 'then, "this"', start: 5, end: 9 },
      ],
    })
  })

  it('reads a CSV of labels and one of questions', async () => {
    await write({ ...videos('a.mp4', 'b.mp4'), 'train.csv': 'path,label\na.mp4,run\nb.mp4,cook\n' })
    expect(await read()).toMatchObject({ task: 'video-classification', labels: ['cook', 'run'] })
    await write({ 'train.csv': 'video;question;answer\na.mp4;who?;me\n' })
    expect(await read()).toMatchObject({ task: 'qa-classification', labels: ['me'] })
  })
})

describe('what is wrong', () => {
  it('is told by kind, and the rest is used', async () => {
    await write({
      ...videos('a.mp4', 'x/same.mp4', 'y/same.mp4'),
      'train.jsonl': `${JSON.stringify({ clip_id: 'a', text: 'Good.' })}\n{broken\n${[{ clip_id: 'a', text: 'Good.' }, { clip_id: 'gone', text: 'x' }, { clip_id: 'same', text: 'x' }, { clip_id: 'a', text: [] }, { text: 'x' }].map(row => JSON.stringify(row)).join('\n')}\n`,
      'test.jsonl': [{ clip_id: 'a', text: 'Leaked.' }],
    })
    const { examples, problems } = await read()
    expect(examples).toHaveLength(2)
    expect(
      problems
        .filter(({ kind }) => kind === 'row')
        .map(({ examples: [first] }) => first)
        .sort(),
    ).toEqual(['train.jsonl:2', 'train.jsonl:7'])
    expect(
      Object.fromEntries(
        problems.filter(({ kind }) => kind !== 'row').map(({ kind, examples: [first] }) => [kind, first]),
      ),
    ).toEqual({
      'missing-video': 'train.jsonl:4: gone',
      'ambiguous-video': 'train.jsonl:5: same',
      'empty-text': 'train.jsonl:6',
      duplicate: 'train.jsonl:3',
      leak: 'test.jsonl:1: a.mp4',
    })
  })

  it('refuses a folder without labels, a file, and one without a usable row, in a sentence', async () => {
    await write(videos('a.mp4'))
    await expect(read()).rejects.toThrow(/is no labelled folder/)
    await expect(readDataset(choose({ folder: join(folder, 'a.mp4') }), new AbortController().signal)).rejects.toThrow(
      /is a file/,
    )
    await write({ 'train.jsonl': [{ clip_id: 'gone', text: 'x' }] })
    await expect(read()).rejects.toThrow(
      /has no row that can be used as retrieval-jsonl; train.jsonl:1: gone: The video is not there/,
    )
  })

  it('never takes a literal for code', () => {
    expect(parseLiteral("[{'a': (1, -2.5e1, None), \"b\": True}, 'it\\'s \\u00e9']")).toEqual([
      { a: [1, -25, null], b: true },
      'it’s é'.replace('’', "'"),
    ])
    expect(parseLiteral("{'__proto__': 1}")).toEqual(JSON.parse('{"__proto__": 1}'))
    for (const bad of ['__import__("os")', '[1, 2', "{'a' 1}", 'open', '1; 2', `${'['.repeat(100)}`]) {
      expect(() => parseLiteral(bad)).toThrow(SyntaxError)
    }
  })
})

describe('the dry run', () => {
  it('opens the videos, counts labels and shows rows', async () => {
    await write({
      ...videos('train/cook/a.mp4', 'train/run/b.mp4', 'train/run/broken.mp4', 'val/run/c.mp4', 'val/cook/short.mp4'),
    })
    const steps: number[] = []
    const report = await inspectDataset(choose(), {
      signal: new AbortController().signal,
      frames: 32,
      onProgress: done => steps.push(done),
      probe: file =>
        file.includes('broken')
          ? Promise.reject(new ExpectedError('video-empty', `${file} is empty.`))
          : Promise.resolve({ frameCount: file.includes('short') ? 4 : 320 } as never),
    })
    expect(datasetReport.parse(report)).toEqual(report)
    expect(report).toMatchObject({
      counts: { train: 2, validation: 2, test: 0 },
      videos: 4,
      probed: true,
      unusable: null,
      labels: [
        { name: 'cook', counts: { train: 1, validation: 1 } },
        { name: 'run', counts: { train: 1, validation: 1 } },
      ],
      problems: [
        { kind: 'broken-video', count: 1 },
        { kind: 'short-video', count: 1 },
      ],
    })
    expect(report.rows[0]).toMatchObject({ split: 'train', label: 'cook', videos: [join('train', 'cook', 'a.mp4')] })
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(steps.at(-1)).toBe(5)
  })

  it('says why nothing can be trained when no row is for validation', async () => {
    await write({ ...videos('a.mp4'), 'train.jsonl': [{ clip_id: 'a', text: 'x' }] })
    expect(
      (await inspectDataset(choose(), { signal: new AbortController().signal, frames: 32, probe: null })).unusable,
    ).toMatch(/No row is for validation/)
  })
})
