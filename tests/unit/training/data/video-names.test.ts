import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VideoIndex } from '../../../../main/training/data/examples/video-index.ts'
import { labelledFolder, said } from './labelled-folder.ts'

const { write, read } = labelledFolder()
const find = (files: readonly string[], name: string, near?: string) => {
  const { files: found, differences } = new VideoIndex(
    '/home',
    files.map(file => join('/home', file)),
  ).find({ name, ...(near === undefined ? {} : { near }) })
  return [found.map(file => relative('/home', file)).join(' '), ...differences]
}

describe('the video that a name means', () => {
  it.each([
    ['v_ab', ['ab.mp4'], 'ab.mp4', ['prefix']],
    ['ab', ['v_ab.mkv'], 'v_ab.mkv', ['prefix']],
    ['v_ab.mp4', ['ab.webm'], 'ab.webm', ['prefix', 'extension']],
    ['ab.avi', ['x/ab.mp4'], 'x/ab.mp4', ['extension']],
    ['ab.avi', ['ab.avi.mp4'], 'ab.avi.mp4', []],
    ['AB.mp4', ['ab.MP4'], 'ab.MP4', ['case']],
    ['cafe\u0301', ['caf\u00e9.mp4'], 'caf\u00e9.mp4', ['unicode']],
    ['caf\u00e9.mov', ['v_cafe\u0301.mp4'], 'v_cafe\u0301.mp4', ['prefix', 'extension']],
    ['x/ab.mp4', ['y/ab.mp4'], 'y/ab.mp4', ['folder']],
    ['x\\ab.mp4', ['data/x/ab.mp4', 'data/y/ab.mp4'], 'data/x/ab.mp4', []],
    ['/data/me/x/ab.mp4', ['x/ab.mp4'], 'x/ab.mp4', ['folder']],
    ['/home/x/ab.mp4', ['x/ab.mp4', 'ab.mp4'], 'x/ab.mp4', []],
    ['C:\\me\\x\\ab.mp4', ['x/ab.mp4'], 'x/ab.mp4', ['folder']],
    ['https://x.org/v/my%20clip.mp4?dl=1', ['v/my clip.mp4'], 'v/my clip.mp4', []],
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3', ['dQw4w9WgXcQ.mp4'], 'dQw4w9WgXcQ.mp4', []],
    ['https://youtu.be/dQw4w9WgXcQ?t=3', ['dQw4w9WgXcQ.mp4'], 'dQw4w9WgXcQ.mp4', []],
    ['file:///home/me/my%20clip.mp4', ['my clip.mp4'], 'my clip.mp4', ['folder']],
    ['file:///home/v/my%20clip.mp4', ['v/my clip.mp4', 'my clip.mp4'], 'v/my clip.mp4', []],
    ['file:///C:/me/v/my%20clip.mp4', ['v/my clip.mp4'], 'v/my clip.mp4', ['folder']],
    ['file://localhost/v/ab.mp4', ['v/ab.mp4'], 'v/ab.mp4', []],
    ['my%20clip.mp4', ['my clip.mp4'], 'my clip.mp4', ['percent']],
    ['v/my%20clip', ['v/my clip.mp4', 'my clip.mp4'], 'v/my clip.mp4', ['percent']],
    ['caf%C3%A9.mov', ['cafe\u0301.mp4'], 'cafe\u0301.mp4', ['unicode', 'extension', 'percent']],
    ['my%20clip_5_9', ['my clip.mp4'], 'my clip.mp4', ['part', 'percent']],
    ['my%20clip.mp4', ['my clip.mp4', 'my%20clip.mp4'], 'my%20clip.mp4', []],
    ['100%.mp4', ['100%.mp4'], '100%.mp4', []],
    ['%E9.mp4', ['\u00e9.mp4'], '', []],
    ['.\\x\\ab.mp4', ['x/ab.mp4', 'y/ab.mp4'], 'x/ab.mp4', []],
    ['./ab.mp4', ['ab.mp4'], 'ab.mp4', []],
    [' ab.mp4\t', ['ab.mp4'], 'ab.mp4', []],
    ['v1.2', ['v1.2.mp4', 'v1.mp4'], 'v1.2.mp4', []],
    ['v1.2', ['v1.mp4'], '', []],
    ['ab', ['cd.mp4'], '', []],
  ])('%s among %j', (name, files, file, differences) => {
    expect(find(files, name)).toEqual([file, ...differences])
  })

  it('is the exact one where there is one', () => {
    expect(find(['v_ab.mp4', 'ab.mp4', 'AB.mp4', 'ab.mkv'], 'v_ab')).toEqual(['v_ab.mp4'])
    expect(find(['caf\u00e9.mp4', 'cafe\u0301.mp4'], 'cafe\u0301')).toEqual(['cafe\u0301.mp4'])
    expect(find(['a.mp4', 'train/a.mp4'], 'a.mp4', '')).toEqual(['a.mp4'])
    expect(find(['val/a.mp4', 'train/a.mp4'], 'a.mp4', 'train')).toEqual(['train/a.mp4'])
  })

  it('is never guessed: of several that nearly fit all are given', () => {
    expect(find(['ab.mp4', 'ab.mkv'], 'ab.avi')[0]?.split(' ')).toHaveLength(2)
    expect(find(['ab.mp4', 'AB.mp4'], 'Ab')[0]?.split(' ')).toHaveLength(2)
    expect(find(['v_ab.mkv', 'AB.mp4'], 'ab.mp4')[0]?.split(' ')).toHaveLength(2)
    expect(find(['a.mp4', 'train/a.mp4'], 'a.mp4', 'train')[0]?.split(' ')).toHaveLength(2)
    expect(find(['x/ab.mp4', 'y/ab.mp4'], 'z/ab.mp4')[0]?.split(' ')).toHaveLength(2)
    expect(find(['A%20B.mp4', 'a_b.mp4', 'a b.mp4'], 'a%20b.mp4')).toEqual(['A%20B.mp4 a b.mp4', 'percent'])
  })
})

describe('a name of a part', () => {
  const found = (files: readonly string[], name: string) =>
    new VideoIndex(
      '/home',
      files.map(file => join('/home', file)),
    ).find({ name })

  it.each([
    ['ab_60.0_210.0', ['ab.mp4'], 'ab.mp4', { start: 60, end: 210 }],
    ['ab_000122_000132', ['ab.mkv'], 'ab.mkv', { start: 122, end: 132 }],
    ['a_b_5_15.avi', ['a_b.mp4'], 'a_b.mp4', { start: 5, end: 15 }],
    ['ab_60.0_210.0', ['ab_60.0_210.0.mp4', 'ab.mp4'], 'ab_60.0_210.0.mp4', undefined],
    ['ab_15_5', ['ab.mp4'], undefined, undefined],
    ['ab_5', ['ab.mp4'], undefined, undefined],
  ])('%s among %j', (name, files, file, part) => {
    const { files: paths, part: meant, differences } = found(files, name)
    expect([paths.map(path => relative('/home', path))[0], meant]).toEqual([file, part])
    expect(differences.includes('part')).toBe(part !== undefined)
  })

  it('is found in the whole video with its times counted from the part’s beginning, and reported', async () => {
    await write({
      'ab.mp4': null,
      'train.json': JSON.stringify({
        'ab_60.0_210.0': { duration: 150, timestamps: [[0, 4]], sentences: ['one'] },
        'ab_210.0_360.0': { duration: 150, timestamps: [[10, 200]], sentences: ['two'] },
      }),
    })
    const dataset = await read()
    expect(dataset.problems).toMatchObject([{ kind: 'times', severity: 'warning', count: 1 }])
    expect(dataset.examples.map(({ content }) => content)).toMatchObject([
      { video: { start: 60, end: 210 }, sentences: [{ text: 'one', start: 60, end: 64 }] },
      { video: { start: 210, end: 360 }, sentences: [{ text: 'two', start: 220, end: 360 }] },
    ])
    expect(dataset.names).toEqual([
      { differences: ['part'], count: 2, examples: ['ab_60.0_210.0 → ab.mp4', 'ab_210.0_360.0 → ab.mp4'] },
    ])
  })
})

describe('a folder', () => {
  it('reports how its names met files', async () => {
    await write({
      'v_one.mp4': null,
      'two.mkv': null,
      'Three.mp4': null,
      'four.mp4': null,
      'train.jsonl': ['one', 'two.mp4', 'three', 'four']
        .map(name => `${JSON.stringify({ clip_id: name, text: name })}\n`)
        .join(''),
    })
    const dataset = await read()
    expect(said(dataset).map(([video]) => video)).toEqual(['v_one.mp4', 'two.mkv', 'Three.mp4', 'four.mp4'])
    expect(dataset.names.map(({ differences, count, examples }) => [...differences, count, ...examples])).toEqual([
      [1],
      ['prefix', 1, 'one → v_one.mp4'],
      ['extension', 1, 'two.mp4 → two.mkv'],
      ['case', 1, 'three → Three.mp4'],
    ])
  })

  it('takes no file for two names of which one fits only loosely', async () => {
    await write({
      'a.mp4': null,
      'b.mp4': null,
      'train.jsonl': [
        ['a.mp4', 'right'],
        ['a.avi', 'another'],
        ['b.mov', 'this'],
        ['b.avi', 'or that'],
      ]
        .map(([clip, text]) => `${JSON.stringify({ clip_id: clip, text })}\n`)
        .join(''),
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([['a.mp4', 'right']])
    expect(dataset.problems).toMatchObject([
      {
        kind: 'ambiguous-video',
        severity: 'error',
        count: 3,
        examples: ['train.jsonl:2: a.avi → a.mp4', 'train.jsonl:3: b.mov → b.mp4', 'train.jsonl:4: b.avi → b.mp4'],
      },
    ])
  })

  it('reads ActivityNet Captions with a byte order mark, and in UTF-16', async () => {
    const text = `\uFEFF${JSON.stringify({ v_x: { duration: 9, timestamps: [[0, 4]], sentences: ['Café.'] } })}`
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')]) {
      await write({ 'x.mp4': null, 'train.json': bytes })
      expect(said(await read())).toEqual([['x.mp4', 'Café.', 0, 4]])
    }
  })
})
