import { describe, expect, it } from 'vitest'
import { datasetFormat } from '../../../../../main/api/training/datasets.ts'
import type { DatasetFormat } from '../../../../../main/api/training/datasets.ts'
import { labelledFolder } from '../labelled-folder.ts'
import { readers } from './reader-files.ts'

const { write, read } = labelledFolder()

/** Videos with captions or in folders have no rows of text; binary files have tests of their own. */
const others: readonly DatasetFormat[] = [
  'pretrain-lmdb',
  'parquet',
  'webdataset',
  'captions-beside-videos',
  'class-folders',
]

const encodings: Readonly<Record<string, (text: string) => string | Buffer>> = {
  'as it is': text => text,
  'a byte order mark': text => `\uFEFF${text}`,
  CRLF: text => text.replaceAll('\n', '\r\n'),
  'UTF-16, little end first': text => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, big end first': text => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
}

const films = Object.fromEntries(
  [
    'a.mp4',
    'b.mp4',
    'a_a_a_a_a_a.mp4',
    'b_b_b_b_b_b.mp4',
    ...[1, 2, 3, 4].flatMap(part => [`clips/a${part}.mp4`, `clips/b${part}.mp4`]),
  ].map(name => [name, null]),
)
const written = (files: Readonly<Record<string, string>>, encode: (text: string) => string | Buffer) =>
  write({ ...films, ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encode(text)])) })

describe.each(readers)('$format', ({ format, good, bad, first, count, rows = 2, frameRate }) => {
  const choice = {
    format,
    split: { by: 'seeded', seed: 1, validation: 0, test: 0 },
    ...(frameRate && { frameRate }),
  } as const

  it.each(Object.entries(encodings))('is read in the same way: %s', async (_, encode) => {
    await written(good, encode)
    const dataset = await read(choice)
    expect(dataset.formats[0]).toBe(format)
    expect(dataset.examples).toHaveLength(rows)
    expect(dataset.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('names the first row that cannot be read with its field, counts the rest, and keeps the others', async () => {
    await written(good, text => text)
    await written(bad, text => text)
    const dataset = await read(choice)
    const errors = dataset.problems.filter(({ severity }) => severity === 'error')
    expect(dataset.examples).toHaveLength(rows)
    expect(errors.map(({ sentence, examples }) => `${sentence} ${examples.join(' ')}`).join('\n')).toMatch(first)
    expect(errors.reduce((sum, { count: hit }) => sum + hit, 0)).toBe(count)
  })
})

/** JSON files of which one video is one entry, so that no line of them can be lost alone. */
const documents = readers.filter(({ good }) => Object.keys(good).some(name => name.endsWith('.json')))

it.each(documents)('$format says which of its files is cut off', async ({ format, good, frameRate }) => {
  const cut = Object.entries(good)
    .filter(([name]) => name.endsWith('.json'))
    .map(([name, text]) => [`other_${name.replaceAll('/', '_')}`, text.slice(0, text.length / 2)])
  await written({ ...good, ...Object.fromEntries(cut) }, text => text)
  const split = { by: 'seeded', seed: 1, validation: 0, test: 0 } as const
  const { problems } = await read({ format, split, ...(frameRate && { frameRate }) })
  const errors = problems.filter(({ severity }) => severity === 'error')
  for (const [name = ''] of cut) expect(JSON.stringify(errors)).toContain(name)
})

it('keeps the videos of ActivityNet Captions whose times are numbers beside one whose times are not', async () => {
  const text =
    '{"a": {"timestamps": [[0, 1]], "sentences": ["x"]}, "b": {"timestamps": [[NaN, 1]], "sentences": ["y"]}}'
  await written({ 'train.json': text }, given => given)
  const dataset = await read()
  expect(dataset.examples).toHaveLength(1)
  expect(dataset.problems).toMatchObject([
    { severity: 'error', sentence: expect.stringMatching(/field ‘timestamps\.0\.0’/), examples: ['train.json: b'] },
  ])
})

it('is tried for every format that has rows of text', () => {
  expect([...readers.map(({ format }) => format), ...others].sort()).toEqual(
    expect.arrayContaining([...datasetFormat.options].sort()),
  )
})
