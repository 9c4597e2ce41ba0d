import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MediaInfo } from '../../../../main/media/media-info.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleOverview, samplePasses } from '../../../../main/media/sampling/frames.ts'
import type { SampledFrames } from '../../../../main/media/sampling/sample-target.ts'
import { denseSegments } from '../../../../main/media/sampling/sampling.ts'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { drawVideo } from '../../../support/videos/ffmpeg.ts'

const folder = folderOfFile('sampling thread')
let file = ''
let info: MediaInfo
let thread: SamplingThread
const size = { height: 24, width: 40 }

beforeAll(async () => {
  file = join(folder, 'video.mp4')
  await drawVideo(file, 'testsrc2=s=320x180:r=25:d=40', [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '50',
    '-pix_fmt',
    'yuv420p',
  ])
  info = await probe(file)
  thread = new SamplingThread()
})
afterAll(async () => {
  await thread.close()
})

const bytes = ({ data }: SampledFrames): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
const passes = () => ({ overview: 32, segments: denseSegments(info) })

describe('sampling in a thread', () => {
  test.each(sample(['exact', 'fast'] as const, 1))(
    'gives the samples that the same process would make, %s',
    async mode => {
      const here = samplePasses(file, info, { passes: passes(), ...size, mode })
      let compared = 0
      for await (const sample of thread.samplePasses(file, info, { passes: passes(), ...size, mode })) {
        const expected = (await here.next()).value
        expect({ ...sample, data: null }).toEqual({ ...expected, data: null })
        expect(bytes(sample).equals(bytes(expected))).toBe(true)
        compared += 1
      }
      expect(compared).toBe(4)
      expect((await here.next()).done).toBe(true)
      expect(
        bytes(await thread.sampleOverview(file, info, { ...size, mode, frames: 8 })).equals(
          bytes(await sampleOverview(file, info, { ...size, mode, frames: 8 })),
        ),
      ).toBe(true)
    },
  )

  test('several at a time do not get mixed up', async () => {
    const counts = await Promise.all(
      [4, 8, 16].map(async frames => (await thread.sampleOverview(file, info, { ...size, frames })).times.length),
    )
    expect(counts).toEqual([4, 8, 16])
  })

  test('a failure keeps its kind, code and sentence', async () => {
    const noise = join(folder, 'noise.mp4')
    const content = await readFile(file)
    const data = content.indexOf('mdat') + 4
    await writeFile(noise, content.fill(0xff, data, content.indexOf('moov') - 4))
    await expect(thread.sampleOverview(noise, info, size)).rejects.toMatchObject({
      name: 'ExpectedError',
      code: 'video-undecodable',
      message: expect.stringContaining('noise.mp4'),
    })
    await expect(thread.sampleOverview(join(folder, 'gone.mp4'), info, size)).rejects.toMatchObject({
      name: 'Error',
      code: 'ENOENT',
      syscall: 'stat',
    })
  })

  test('an abort reaches the caller as it was given, and who leaves early leaves nothing behind', async () => {
    const stop = new AbortController()
    await expect(
      (async () => {
        for await (const _ of thread.samplePasses(file, info, { passes: passes(), ...size, signal: stop.signal })) {
          stop.abort(new Error('the user cancelled'))
        }
      })(),
    ).rejects.toThrow('the user cancelled')
    for await (const _ of thread.samplePasses(file, info, { passes: passes(), ...size })) break
    await expect(
      thread.sampleOverview(file, info, { ...size, signal: AbortSignal.abort(new Error('before it began')) }),
    ).rejects.toThrow('before it began')
    expect((await thread.sampleOverview(file, info, size)).times).toHaveLength(32)
  })

  test('when the thread ends, what it worked on fails, and the next sampling starts another', async () => {
    const other = new SamplingThread()
    await expect(
      (async () => {
        for await (const _ of other.samplePasses(file, info, { passes: passes(), ...size })) await other.close()
      })(),
    ).rejects.toThrow('The thread that samples videos has ended.')
    expect((await other.sampleOverview(file, info, size)).times).toHaveLength(32)
    await other.close()
  })
})
