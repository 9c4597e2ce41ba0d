import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleOverview } from '../../../../main/media/sampling/frames.ts'
import { videosOfFrames } from '../../../../main/training/data/extracted-frames/videos-of-frames.ts'
import { drawVideos, ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { labelledFolder } from './labelled-folder.ts'

const { at, write, read } = labelledFolder()
const make = (choice: object = {}) =>
  videosOfFrames(
    { folder: at('frames'), out: at('videos'), frameRate: 5, overwrite: false, ...choice },
    { signal: new AbortController().signal, onProgress: () => undefined },
  )

describe('folders of extracted frames', () => {
  it('become videos of the very pictures, which rows find', async () => {
    await mkdir(at('frames/show/abc'), { recursive: true })
    await mkdir(at('frames/def'), { recursive: true })
    const source = 'testsrc2=s=64x48:r=5:d=2.4'
    await drawVideos(
      [
        { file: at('frames/show/abc/img_%d.jpg'), source },
        { file: at('frames/def/%06d.png'), source },
      ],
      ['-f', 'image2'],
    )
    await write({ 'rows/test.csv': 'video,text\nabc,a test card\ndef,a test card\nlost,nothing\n' })
    // Twelve pictures: `img_10` comes after `img_9`.
    const unread = await read({ folder: at('rows'), videos: at('frames') }).catch((error: unknown) => String(error))
    expect(unread).toMatch(/test\.csv:2: abc: The video is a folder of extracted frames.*lfvila dataset frames/)
    const query = JSON.stringify({ qid: 1, query: 'a card', vid: 'abc', relevant_windows: [[0, 1]] })
    await write({ 'moments/val.jsonl': query })
    const asked = { folder: at('moments'), videos: at('frames'), task: 'moments' } as const
    const { problems } = await read(asked, { needsVideos: false })
    expect(problems).toMatchObject([{ severity: 'warning', sentence: expect.stringMatching(/lfvila dataset frames/) }])
    expect(await make()).toEqual({ videos: 2, pictures: 24, kept: 0, problems: [] })
    const info = await probe(at('videos/show/abc.mkv'))
    expect(info).toMatchObject({ frameCount: 12, frameCountExact: true, frameRate: 5, codec: 'mjpeg' })
    expect(info.duration).toBeCloseTo(2.4, 6)
    expect(await probe(at('videos/def.mkv'))).toMatchObject({ frameCount: 12, frameRate: 5, codec: 'png' })
    // A picture alone is the frame that the video has in its place.
    await ffmpeg(['-i', at('frames/show/abc/img_10.jpg'), '-c', 'copy', '-f', 'matroska', at('tenth.mkv')])
    const options = { frames: 12, height: 48, width: 64 }
    const [all, one] = [
      await sampleOverview(at('videos/show/abc.mkv'), info, options),
      await sampleOverview(at('tenth.mkv'), await probe(at('tenth.mkv')), { ...options, frames: 1 }),
    ]
    const hashOf = (data: ArrayLike<number>) => createHash('sha256').update(Float32Array.from(data)).digest('hex')
    const size = one.data.length
    expect(hashOf(all.data.slice(9 * size, 10 * size))).toBe(hashOf(one.data))

    expect(await make()).toMatchObject({ videos: 0, kept: 2 })
    const { examples, withoutVideo } = await read({ folder: at('rows'), videos: at('videos') })
    expect([examples.length, withoutVideo.flatMap(({ videos }) => videos)]).toEqual([2, ['lost']])
  })

  it('say what is wrong with them', async () => {
    await expect(make({ folder: at('') })).rejects.toThrow(/has no folder of extracted frames: give the folder/)
    await expect(make({ folder: at('none') })).rejects.toThrow(/none/)
    await mkdir(at('frames/good'), { recursive: true })
    await mkdir(at('frames/bad'), { recursive: true })
    await mkdir(at('frames/mixed'), { recursive: true })
    await drawVideos([{ file: at('frames/good/%d.jpg'), source: 'testsrc2=s=64x48:r=5:d=0.6' }], ['-f', 'image2'])
    await writeFile(at('frames/bad/1.jpg'), 'no picture')
    await copyFile(at('frames/good/1.jpg'), at('frames/mixed/1.jpg'))
    await writeFile(at('frames/mixed/2.png'), await readFile(at('frames/good/1.jpg')))
    const made = await make()
    expect(made).toMatchObject({ videos: 1, problems: [{ folder: 'bad' }, { folder: 'mixed' }] })
    expect(made.problems[1]?.reason).toMatch(/has jpg and png pictures/)
    await rm(at('frames/good/3.jpg'))
    expect((await make()).problems.map(({ folder, reason }) => [folder, /--overwrite/.test(reason)])).toContainEqual([
      'good',
      true,
    ])
    expect(await make({ overwrite: true })).toMatchObject({ videos: 1, pictures: 2 })
  })
})
