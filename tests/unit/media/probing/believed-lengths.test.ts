import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { elementIds } from '../../../../main/media/containers/matroska/ebml.ts'
import type { MediaInfo } from '../../../../main/media/media-info.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { element, rebuilt } from './rebuilt-matroska.ts'

const folder = folderOfFile('believed')
const at = (name: string): string => join(folder, name)

const yuv = ['-pix_fmt', 'yuv420p']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', ...yuv]
const both = ['-map', '0', '-map', '1', '-c:a', 'aac']
const made: Readonly<Record<string, readonly string[]>> = {
  'a.mkv': [...both, ...h264],
  'a.webm': ['-map', '0', '-map', '1', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25'],
  'first.mkv': [...both, ...h264, '-reserve_index_space', '5000'],
  'a.ts': [...both, ...h264],
  'a.flv': [...both, ...h264, '-ar', '44100'],
  'a.avi': ['-map', '0', '-map', '1', '-c:v', 'mpeg4', '-g', '25', '-c:a', 'libmp3lame'],
  'a.mpg': ['-map', '0', '-map', '1', '-c:v', 'mpeg2video', '-c:a', 'mp2'],
  'fragments.mp4': [...both, ...h264, '-movflags', 'frag_keyframe'],
}
/** Four seconds of pictures, and sound that goes on for five more. */
const files = once(async () => {
  await ffmpeg([
    ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=4', '-f', 'lavfi', '-i', 'sine=duration=9'],
    ...Object.entries(made).flatMap(([name, args]) => [...args, at(name)]),
  ])
  const tagged = await readFile(at('a.mkv'))
  await writeFile(
    at('untagged.mkv'),
    rebuilt(tagged, id => (id === elementIds.Tags ? Buffer.alloc(0) : undefined)),
  )
  await writeFile(
    at('streamed.mkv'),
    rebuilt(tagged, (id, content) =>
      id === elementIds.Segment || id === elementIds.Cluster ? element(id, content, { isOpen: true }) : undefined,
    ),
  )
})

/** As if the file were larger than what is read from beginning to end. */
const asLarge = (path: string): Promise<MediaInfo> => probe(path, { limits: { small: 0, large: 0 } })

/** @returns both, the durations being the same to less than a picture. */
async function expectSameLength(path: string): Promise<{ small: MediaInfo; large: MediaInfo }> {
  const [small, large] = [await probe(path), await asLarge(path)]
  expect(Math.abs(large.duration - small.duration)).toBeLessThan(1 / small.frameRate)
  expect(large.announcedDuration).toBe(small.announcedDuration)
  return { small, large }
}

describe('of a large file only the end is read, and tells the same length', () => {
  test.each(sample([...Object.keys(made), 'untagged.mkv', 'streamed.mkv'], 5))(
    '%s, whose sound goes on',
    async name => {
      await files()
      const { small, large } = await expectSameLength(at(name))
      expect(large.duration).toBeCloseTo(4, 1)
      expect(Math.abs(large.frameCount - small.frameCount)).toBeLessThan(2)
    },
  )

  test.each(sample(['a.mkv', 'first.mkv', 'untagged.mkv', 'a.ts', 'a.flv', 'a.avi'], 3))('%s, cut off', async name => {
    await files()
    const bytes = await readFile(at(name))
    const path = at(`cut ${name}`)
    await writeFile(path, bytes.subarray(0, Math.round(bytes.length * 0.4)))
    const { small } = await expectSameLength(path)
    expect(small.duration).toBeLessThan(3.5)
  })
})
