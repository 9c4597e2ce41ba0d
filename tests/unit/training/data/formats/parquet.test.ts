import { parquetWriteBuffer } from 'hyparquet-writer'
import type { ColumnSource } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { labelledFolder, said } from '../labelled-folder.ts'

const { write, read } = labelledFolder()
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const table = (...columnData: ColumnSource[]) => new Uint8Array(parquetWriteBuffer({ columnData }))
const problems = async () =>
  (await read()).problems.map(({ sentence, examples }) => `${sentence} ${examples.join(' ')}`)

describe('Parquet', () => {
  it('has the columns of a table: texts with times, by their video', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4'),
      'data/train-00000-of-00001.parquet': table(
        { name: 'video_id', data: ['a', 'b', 'a'], type: 'STRING' },
        { name: 'start', data: [2.5, 0, 0], type: 'DOUBLE' },
        { name: 'end', data: [4, 1, 2], type: 'DOUBLE' },
        { name: 'caption', data: ['she stirs', 'he sits; then he, "slowly", stands\nup', 'she cuts'], type: 'STRING' },
        { name: 'picture', data: [1, 2, 3].map(byte => new Uint8Array(2000).fill(byte)), type: 'BYTE_ARRAY' },
      ),
    })
    const dataset = await read()
    expect([dataset.format, dataset.task]).toEqual(['parquet', 'retrieval'])
    expect(said(dataset)).toEqual([
      ['a.mp4', 'she cuts | she stirs', 0, 2],
      ['b.mp4', 'he sits; then he, "slowly", stands\nup', 0, 1],
    ])
    expect(dataset.files).toMatchObject([
      { columns: { video: 'video_id', start: 'start', end: 'end', text: 'caption' } },
    ])
    expect(dataset.examples.every(({ split }) => split === 'train')).toBe(true)
    expect(dataset.problems).toEqual([])
  })

  it('has labels, whole numbers of 64 bits, and choices in a list', async () => {
    await write({
      ...videos('7.mp4', '8.mp4'),
      'train.parquet': table(
        { name: 'video', data: [7n, 8n], type: 'INT64' },
        { name: 'question', data: ['which', 'which'], type: 'STRING' },
        { name: 'answer', data: [1n, 0n], type: 'INT64' },
        { name: 'a0', data: ['red', 'red'], type: 'STRING' },
        { name: 'a1', data: ['blue', 'blue'], type: 'STRING' },
      ),
    })
    expect(said(await read())).toEqual([
      ['7.mp4', 'blue'],
      ['8.mp4', 'red'],
    ])
  })

  it('names the rows that cannot be used', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4'),
      'train.parquet': table(
        { name: 'video', data: ['a', null, 'b', 'gone'], type: 'STRING', nullable: true },
        { name: 'start', data: [0, 0, Number.NaN, 0], type: 'DOUBLE' },
        { name: 'text', data: ['x', 'y', 'z', 'w'], type: 'STRING' },
      ),
    })
    expect(said(await read()).map(([video]) => video)).toEqual(['a.mp4', 'b.mp4'])
    expect(await problems()).toEqual([
      expect.stringMatching(/names no video.*train\.parquet:2$/),
      expect.stringMatching(/The video is not there.*train\.parquet:4: gone/),
    ])
  })

  it('never trusts a footer, and keeps the rows before a damaged part', async () => {
    const rows = 6000
    const whole = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'video', data: Array.from({ length: rows }, () => 'a'), type: 'STRING' },
          { name: 'text', data: Array.from({ length: rows }, (_, row) => `text ${row}`), type: 'STRING' },
        ],
        rowGroupSize: 5000,
      }),
    )
    const lying = whole.slice()
    new DataView(lying.buffer).setUint32(lying.length - 8, 0x7fffffff, true)
    // In the middle of the second group of rows, which is a sixth of the file.
    const damaged = whole.slice().fill(0xff, Math.round(0.9 * whole.length), Math.round(0.94 * whole.length))
    await write({
      ...videos('a.mp4'),
      'train/cut.parquet': whole.slice(0, 5000),
      'train/lying.parquet': lying,
      'train/other.parquet': 'PAR1 is how it begins',
      'train/unknown.parquet': table({ name: 'other', data: ['x'], type: 'STRING' }),
      'train/damaged.parquet': damaged,
    })
    expect((await read()).examples).toHaveLength(5000)
    expect((await problems()).sort()).toEqual([
      expect.stringMatching(/and those behind it cannot be read: .*train\/damaged\.parquet:5001$/),
      expect.stringMatching(/cut\.parquet is no Parquet file that can be read.*train\/cut\.parquet$/),
      expect.stringMatching(/lying\.parquet is no Parquet file that can be read.*train\/lying\.parquet$/),
      expect.stringMatching(/other\.parquet is no Parquet file that can be read.*train\/other\.parquet$/),
      expect.stringMatching(/The table is not read.*train\/unknown\.parquet: other$/),
      expect.stringMatching(/The video has several texts/),
    ])
  })
})
