import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { decodeRuns } from '../../../../main/media/sampling/frame-process.ts'
import { sampleFrames, sampleOverview, samplePasses } from '../../../../main/media/sampling/frames.ts'
import type { SampledFrames } from '../../../../main/media/sampling/sample-target.ts'
import { denseSegments, framesOnScreen } from '../../../../main/media/sampling/sampling.ts'
import { readTimeline } from '../../../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample, thorough } from '../../../support/sample.ts'
import { drawVideo, ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { readNumbers, writeNumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('dense passes')

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
describe('dense pass', () => {
  test('streams the segments of the whole video, each with its own frames', async () => {
    const file = join(folder, 'dense.mkv')
    await writeNumberedVideo({ file, frames: 950, encode: [...h264, '-bf', '2', '-g', '60'] })
    const info = await probe(file)
    const segments = denseSegments(info)
    const numbers: number[][] = []
    for await (const sampled of samplePasses(file, info, { passes: { overview: 0, segments } })) {
      numbers.push(readNumbers(sampled.data))
    }
    expect(numbers).toEqual(segments.map(segment => segment.times.map(time => Math.floor(time * 25 + 0.05))))
    expect(segments).toHaveLength(3)
  })

  thorough('a choice of frames too long for a command line is made all the same', async () => {
    // 3,072 frames of one decode take 170,000 characters to name; Linux allows 131,072.
    const [part, file] = [join(folder, 'part.mp4'), join(folder, 'film.mp4')]
    await writeNumberedVideo({ file: part, frames: 1024, rate: 24, encode: [...h264, '-g', '24'] })
    await ffmpeg(['-stream_loop', '5', '-i', part, '-c', 'copy', file])
    const info = await probe(file)
    const times = Array.from({ length: 3072 }, (_, index) => index / 12)
    const sampled = await sampleFrames(file, info, { times, height: 12, width: 20 })
    expect(sampled.warnings).toEqual([])
    expect(Math.max(...sampled.times.map((time, index) => Math.abs(time - (times[index] ?? 0))))).toBeLessThan(0.002)
  })

  test.each(sample(['exact', 'fast'] as const, 1))(
    'one decode for both passes gives each exactly the pixels it gets alone, %s',
    async mode => {
      const file = join(folder, `both ${mode}.mp4`)
      await drawVideo(file, 'testsrc2=s=320x180:r=30000/1001:d=37', [
        ...h264,
        '-bf',
        '3',
        '-g',
        '75',
        '-pix_fmt',
        'yuv420p',
      ])
      const info = await probe(file)
      const segments = denseSegments(info)
      const size = { mode, height: 48, width: 80 }
      const together = new Map<'overview' | number, SampledFrames>()
      for await (const { segment, ...sampled } of samplePasses(file, info, {
        passes: { overview: 32, segments },
        ...size,
      })) {
        together.set(segment, sampled)
      }
      expect([...together.keys()]).toEqual([0, 1, 2, 'overview'])
      const expectSame = (segment: 'overview' | number, alone: SampledFrames): void => {
        const { data, times } = together.get(segment) ?? {}
        expect(times).toEqual(alone.times)
        // Compared as bytes: element by element takes seconds.
        expect(data && Buffer.from(data.buffer).equals(Buffer.from(alone.data.buffer))).toBe(true)
      }
      expectSame('overview', await sampleOverview(file, info, size))
      for (const [number, { times }] of segments.entries()) {
        expectSame(number, await sampleFrames(file, info, { times, ...size }))
      }
    },
  )

  test('a caller that leaves early ends the decoder', async () => {
    const file = join(folder, 'dense.mkv')
    const info = await probe(file)
    for await (const sampled of samplePasses(file, info, {
      passes: {
        overview: 0,
        segments: denseSegments(info, { framesPerSecond: 8 }),
      },
    })) {
      expect(sampled.times).toHaveLength(32)
      break
    }
  })

  test('a caller that is slower than the decoder gets all there is', async () => {
    const file = join(folder, 'short.mp4')
    await writeNumberedVideo({ file, frames: 500, encode: [...h264, '-g', '60'] })
    const info = await probe(file)
    const given: (string | number)[] = []
    for await (const { segment } of samplePasses(file, info, {
      passes: { overview: 32, segments: denseSegments(info, { framesPerSecond: 8 }) },
      height: 24,
      width: 40,
    })) {
      given.push(segment)
      await wait(300)
    }
    expect(given).toEqual([0, 1, 2, 3, 4, 'overview'])
  })

  test('a decode has not ended before its last picture is taken', async () => {
    const file = join(folder, 'taken slowly.mp4')
    await writeNumberedVideo({ file, frames: 20, encode: h264 })
    const info = await probe(file)
    const timeline = await readTimeline(file, info)
    let [taken, unfinished] = [0, 0]
    await decodeRuns(file, info, {
      timeline,
      runs: [{ frames: framesOnScreen(timeline, [0, 0.4]), fromStart: true }],
      picture: { kind: 'rgb', width: 8, height: 8, filter: 'scale=8:8' },
      threads: 1,
      onFrame: async () => {
        unfinished += 1
        await wait(400)
        unfinished -= 1
        taken += 1
      },
    })
    expect({ taken, unfinished }).toEqual({ taken: 2, unfinished: 0 })
  })

  test('an abort reaches the caller as it was given', async () => {
    const file = join(folder, 'dense.mkv')
    const info = await probe(file)
    const stop = new AbortController()
    const reading = async (): Promise<void> => {
      for await (const _ of samplePasses(file, info, {
        passes: { overview: 0, segments: denseSegments(info, { framesPerSecond: 8 }) },
        signal: stop.signal,
      })) {
        stop.abort(new Error('the user cancelled'))
      }
    }
    await expect(reading()).rejects.toThrow('the user cancelled')
  })
})
