import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames, sampleOverview, samplePasses } from '../../../../main/media/sampling/frames.ts'
import { denseSegments, overviewIndices } from '../../../../main/media/sampling/sampling.ts'
import { readTimeline } from '../../../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { thorough } from '../../../support/sample.ts'
import { readNumbers, writeNumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('large and damaged')

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
describe('a file too large to read through', () => {
  /** Appends so many bytes as a hole, which takes no space on the disk, behind an element that says to skip them. */
  const enlarge = async (file: string, header: Buffer): Promise<void> => {
    const { size } = await stat(file)
    const handle = await open(file, 'r+')
    await handle.write(header, 0, header.length, size)
    await handle.truncate(size + 1_100_000_000)
    await handle.close()
  }
  const encode = [...h264, '-bf', '2', '-g', '60']

  test('that lists its frames gives all of them', async () => {
    const file = join(folder, 'large.mp4')
    await writeNumberedVideo({ file, frames: 600, encode })
    const box = Buffer.alloc(16)
    box.writeUInt32BE(1, 0)
    box.write('free', 4, 'latin1')
    box.writeBigUInt64BE(1_100_000_000n, 8)
    await enlarge(file, box)
    const info = await probe(file)
    const timeline = await readTimeline(file, info, { times: [3, 20] })
    expect(timeline).toMatchObject({ complete: true, listed: true })
    expect(timeline.frameTimes).toHaveLength(600)
    expect(readNumbers((await sampleOverview(file, info)).data)).toEqual(overviewIndices(600))
    for await (const { data } of samplePasses(file, info, { passes: { overview: 32, segments: [] } })) {
      expect(readNumbers(data)).toEqual(overviewIndices(600))
    }
  })

  thorough('that does not is looked up around the wanted times', async () => {
    const file = join(folder, 'large.mkv')
    await writeNumberedVideo({ file, frames: 600, encode })
    // A Void element, RFC 8794, 11.3.2.
    await enlarge(
      file,
      Buffer.from([0xec, 0x01, 0, 0, 0, ...[24, 16, 8, 0].map(bits => ((1_100_000_000 - 9) >> bits) & 255)]),
    )
    const info = await probe(file)
    const timeline = await readTimeline(file, info, { times: [3, 20] })
    expect(timeline).toMatchObject({ complete: false, listed: false })
    expect(timeline.keyframeTimes).toEqual(Float64Array.from([2.4, 19.2]))
    expect(readNumbers((await sampleOverview(file, info)).data)).toEqual(overviewIndices(600))
  })
})

describe('damaged videos', () => {
  test('a file cut in the middle gives the frames it has and says that it ends early', async () => {
    const whole = join(folder, 'whole.mp4')
    await writeNumberedVideo({
      file: whole,
      frames: 400,
      encode: [...h264, '-bf', '2', '-g', '50', '-movflags', '+faststart'],
    })
    const cut = join(folder, 'cut.mp4')
    const bytes = await readFile(whole)
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.55)))
    const info = await probe(cut)
    const sampled = await sampleOverview(cut, info)
    expect(sampled.warnings.join()).toMatch(/cut\.mp4 ends after \d+\.\d s of the 16\.0 s it announces/)
    expect(sampled.times.every(time => time < 12)).toBe(true)
    // Times beyond the cut show the last frame there is.
    const late = await sampleFrames(cut, info, { times: [1, 15] })
    expect(readNumbers(late.data)[0]).toBe(25)
    expect(late.times[1]).toBeCloseTo(sampled.times.at(-1) ?? 0, 1)
  })

  test('frames of a destroyed part are replaced by the nearest decodable ones before, with a warning', async () => {
    const file = join(folder, 'hole.mkv')
    await writeNumberedVideo({
      file,
      frames: 300,
      encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30'],
    })
    const { size } = await stat(file)
    const damaged = await open(file, 'r+')
    await damaged.write(Buffer.alloc(Math.floor(size * 0.2), 0xa5), 0, undefined, Math.floor(size * 0.4))
    await damaged.close()
    const info = await probe(file)
    const sampled = await sampleFrames(file, info, { times: Array.from({ length: 12 }, (_, index) => index) })
    const numbers = readNumbers(sampled.data)
    expect(numbers.slice(0, 4)).toEqual([0, 25, 50, 75])
    expect(numbers.at(-1)).toBe(275)
    for (const [index, number] of numbers.entries()) expect(number).toBeLessThanOrEqual(index * 25)
    expect(sampled.warnings.join()).toMatch(/\d+ of 12 frames of .*hole\.mkv could not be decoded/)
  })

  thorough(
    'where the beginning is destroyed, the segments still come in order, and the first begins with the first decodable frame',
    async () => {
      const file = join(folder, 'no beginning.mp4')
      await writeNumberedVideo({ file, frames: 1000, encode: [...h264, '-g', '60', '-movflags', '+faststart'] })
      // The table of contents still lists the frames whose bytes are gone.
      const bytes = await readFile(file)
      const data = bytes.indexOf('mdat') + 4
      await writeFile(file, bytes.fill(0xff, data, data + Math.floor((bytes.length - data) * 0.1)))
      const info = await probe(file)
      const numbers: (string | number)[] = []
      let first: number[] = []
      for await (const { segment, data } of samplePasses(file, info, {
        passes: { overview: 0, segments: denseSegments(info) },
      })) {
        numbers.push(segment)
        if (segment === 0) first = readNumbers(data)
      }
      expect(numbers).toEqual([0, 1, 2])
      expect(first[0]).toBeGreaterThan(0)
      expect(first[0]).toBe(first[1])
    },
  )

  thorough('a destroyed part longer than a segment takes no other segment away', async () => {
    const file = join(folder, 'long hole.mp4')
    await writeNumberedVideo({
      file,
      frames: 1000,
      rate: 10,
      encode: [...h264, '-bf', '2', '-g', '20', '-movflags', '+faststart'],
    })
    const bytes = await readFile(file)
    const data = bytes.indexOf('mdat') + 4
    const at = (part: number): number => data + Math.floor((bytes.length - data) * part)
    await writeFile(file, bytes.fill(0xff, at(0.25), at(0.7)))
    const info = await probe(file)
    const given: (string | number)[] = []
    let whole = 0
    for await (const { segment, warnings, data } of samplePasses(file, info, {
      passes: {
        overview: 32,
        segments: denseSegments(info),
      },
    })) {
      given.push(segment)
      if (warnings.length === 0) whole += 1
      const numbers = readNumbers(data)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }
    expect(given).toHaveLength(8)
    expect(given.filter(segment => segment !== 'overview')).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(whole).toBeGreaterThanOrEqual(2)
  })

  test('a video without one decodable frame is refused by name', async () => {
    const file = join(folder, 'noise.mp4')
    await writeNumberedVideo({ file, frames: 50, encode: [...h264, '-movflags', '+faststart'] })
    const bytes = await readFile(file)
    const data = bytes.indexOf('mdat') + 4
    await writeFile(file, Buffer.concat([bytes.subarray(0, data), Buffer.alloc(bytes.length - data, 0xff)]))
    await expect(sampleOverview(file, await probe(file))).rejects.toMatchObject({
      code: 'video-undecodable',
      message: expect.stringContaining(file),
    })
  })
})
