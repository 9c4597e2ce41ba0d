import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { probe } from '../../../../../main/media/probing/probe.ts'
import { sampleOverview } from '../../../../../main/media/sampling/frames.ts'
import { contentIdentity } from '../../../../../main/storage/files/file-identity.ts'
import { packedFile, pathToTell } from '../../../../../main/storage/files/packed-file.ts'
import { inspectDataset } from '../../../../../main/training/data/datasets/inspect.ts'
import { videosOf } from '../../../../../main/training/data/examples/example.ts'
import { tarHeader, tarOf } from '../../../../support/tar.ts'
import { drawVideos } from '../../../../support/videos/ffmpeg.ts'
import { labelledFolder, said } from '../labelled-folder.ts'

const { at, choose, write, read } = labelledFolder()
const problems = async () =>
  (await read()).problems.map(({ sentence, examples }) => `${sentence} ${examples.join(' ')}`)

describe('WebDataset', () => {
  it('has a sample’s text beside its video, and fields of its JSON as columns', async () => {
    await write({
      'train-000000.tar': tarOf({
        '000.mp4': 'x',
        '000.txt': 'she cuts,\nthen stirs\n',
        '000.json': '{"caption": "not this", "video": "http://elsewhere/a.mp4", "key": "9"}',
        './b/001.webm': 'y',
        './b/001.json': '{"caption": "he waits", "duration": 4}',
        '__index__.bin': 'z',
      }),
      'val-000000.tar': tarOf({ '000.mp4': 'x', '000.json': '{"caption": "she sits"}' }),
    })
    const dataset = await read()
    expect([dataset.format, dataset.task]).toEqual(['webdataset', 'retrieval'])
    expect(said(dataset)).toEqual([
      ['000.mp4', 'she cuts, then stirs'],
      ['001.webm', 'he waits'],
      ['000.mp4', 'she sits'],
    ])
    expect(dataset.examples.map(({ split, source }) => [split, source])).toEqual([
      ['train', 'train-000000.tar: 000'],
      ['train', 'train-000000.tar: ./b/001'],
      ['validation', 'val-000000.tar: 000'],
    ])
    expect(dataset.problems).toMatchObject([
      { severity: 'warning', count: 2, sentence: expect.stringContaining('a library does not list them') },
    ])
  })

  it('tells where its videos are as one would look for them, without their bytes', async () => {
    await write({ 'in [1-2]/train.tar': tarOf({ '000.mp4': 'x', '000.txt': 'she cuts' }) })
    const { rows } = await inspectDataset(choose(), { signal: new AbortController().signal, probe: null, frames: 1 })
    expect(rows.map(({ videos }) => videos)).toEqual([['in [1-2]/train.tar/000.mp4']])
    expect(pathToTell('in [1-2]/train/000.mp4')).toBe('in [1-2]/train/000.mp4')
  })

  it('has classes, and questions with choices', async () => {
    await write({
      'train.tar': tarOf({ 'a.mp4': 'x', 'a.cls': 'red', 'b.mp4': 'x', 'b.cls': 'blue' }),
    })
    expect(said(await read())).toEqual([
      ['a.mp4', 'red'],
      ['b.mp4', 'blue'],
    ])
    const question = (answer: number) => JSON.stringify({ question: 'which', answer, options: ['red', 'blue'] })
    await write({ 'train.tar': tarOf({ 'a.mp4': 'x', 'a.json': question(1), 'b.mp4': 'x', 'b.json': question(0) }) })
    expect(said(await read())).toEqual([
      ['a.mp4', 'blue'],
      ['b.mp4', 'red'],
    ])
  })

  it('is found by the names of an annotation file beside the shards', async () => {
    await write({
      'shards/0.tar': tarOf({ 'a.mp4': 'x', 'b.mp4': 'yy' }),
      'train.csv': 'video,text\na.mp4,she cuts\nb,he waits\n',
    })
    const dataset = await read()
    expect(dataset.format).toBe('csv')
    expect(said(dataset).map(([video]) => video)).toEqual(['a.mp4', 'b.mp4'])
  })

  it.each(['mp4', 'mkv', 'avi'])(
    'is read in place: what is said of a %s and its frames are those of the file',
    async ending => {
      const files = [at(`a.${ending}`), at(`b.${ending}`)]
      await drawVideos(
        files.map((file, index) => ({ file, source: `testsrc2=s=64x48:r=8:d=${3 + index}` })),
        ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2'],
      )
      const [first, second] = await Promise.all(files.map(file => readFile(file)))
      // A comma and brackets in the path are letters like others.
      await write({
        'in, [1]/train.tar': tarOf({ 'p.mp4': first!, [`q.${ending}`]: second!, 'q.txt': 'x', 'p.txt': 'y' }),
      })
      const dataset = await read({ folder: at('in, [1]') })
      const path = videosOf(dataset.examples[1]!.content)[0]!.path
      expect(basename(path)).toBe(`q.${ending}`)
      expect(packedFile(path)?.archive).toMatch(/train\.tar$/)
      const info = await probe(path)
      expect(info).toEqual(await probe(files[1]!))
      expect(await contentIdentity(path)).toBe(await contentIdentity(files[1]!))
      const [packed, plain] = await Promise.all([path, files[1]!].map(file => sampleOverview(file, info)))
      const hashOf = (frames: typeof packed) => createHash('sha256').update(frames!.data).digest('hex')
      expect(hashOf(packed)).toBe(hashOf(plain))
    },
  )

  it('names samples that lack something, and archives that lie', async () => {
    const whole = tarOf({ 'a.mp4': 'x', 'a.txt': 'she cuts', 'b.mp4': 'y', 'b.txt': 'he waits' })
    await write({
      'train/whole.tar': tarOf({
        'a.mp4': 'x',
        'a.txt': 'fine',
        'b.txt': 'no video',
        'c.mp4': 'x',
        'd.mp4': 'x',
        'd.json': '{"caption": ',
        'e.mp4': 'x',
        'e.json': '{"other": 1}',
      }),
      'train/cut.tar': whole.subarray(0, 3 * 512 + 8),
      'train/header.tar': whole.subarray(0, 2048 + 100),
      'train/lying.tar': Buffer.concat([
        whole.subarray(0, 2048),
        tarHeader('huge.mp4', 0o7777777777),
        Buffer.alloc(512),
      ]),
      'train/text.tar': 'no archive at all, '.repeat(100),
    })
    expect(said(await read())).toEqual([
      ['a.mp4', 'she cuts'],
      ['a.mp4', 'she cuts'],
      ['a.mp4', 'she cuts'],
      ['a.mp4', 'fine'],
    ])
    const found = (await problems()).join('\n')
    for (const [sentence, where] of [
      ['ends without the mark of its end', 'cut.tar'],
      ['is cut off in a header', 'header.tar'],
      ['a header lies', 'lying.tar'],
      ['is no tar archive', 'text.tar'],
      ['has no video beside it', 'whole.tar: b'],
      ['has neither a txt', 'whole.tar: c'],
      ['cannot be read as JSON', 'whole.tar: d'],
      ['has no text', 'whole.tar: e'],
    ] as const) {
      expect(found).toMatch(new RegExp(`${sentence}[^\\n]*${where}`))
    }
  })

  it('knows names of GNU tar and pax that are too long for a header', async () => {
    const long = `${'n'.repeat(140)}.mp4`
    const pax = `161 path=${'p'.repeat(146)}.mp4\n`
    expect(pax).toHaveLength(160)
    const padded = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)])
    const entry = (name: string, text: string, type = '0') => [tarHeader(name, text.length, type), padded(text)]
    await write({ 'none.mp4': null })
    await writeFile(
      at('train.tar'),
      Buffer.concat([
        ...entry('././@LongLink', `${long}\0`, 'L'),
        ...entry('short', 'x'),
        ...entry('././@LongLink', `${long.replace('.mp4', '.txt')}\0`, 'L'),
        ...entry('short', 'she cuts'),
        Buffer.alloc(1024),
      ]),
    )
    expect(said(await read())).toEqual([[long, 'she cuts']])
  })
})
