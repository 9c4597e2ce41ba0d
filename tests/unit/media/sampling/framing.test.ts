import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames, sampleOverview } from '../../../../main/media/sampling/frames.ts'
import type { Framing } from '../../../../main/media/sampling/framing.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'

const folder = folderOfFile('framing')

/** Red, green and blue beside each other, one third each of a picture three times as wide as high. */
async function colourBars(name: string, filter: string): Promise<string> {
  const file = join(folder, name)
  const bar = (color: string) => ['-f', 'lavfi', '-t', '1', '-i', `color=${color}:s=120x120:r=10`]
  await ffmpeg([
    ...bar('red'),
    ...bar('lime'),
    ...bar('blue'),
    '-filter_complex',
    `[0][1][2]hstack=3,${filter}`,
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv444p',
    `file:${file}`,
  ])
  return file
}

const crop: Framing = { fit: 'crop', shorterSide: 64, interpolation: 'bicubic' }
const stretch: Framing = { fit: 'stretch', interpolation: 'bilinear' }

/**
 * The strongest channel (r, g or b) in the middle row of one sampled frame, at the middle of each of `parts` equal
 * parts.
 */
async function middleRow(
  file: string,
  framing: Framing,
  parts: number,
  size = 48,
  mode: 'fast' | 'exact' = 'fast',
): Promise<string> {
  const info = await probe(file)
  const { data, dtype } = await sampleFrames(file, info, { times: [0.5], height: size, width: size, framing, mode })
  expect(dtype).toBe('uint8')
  expect(data.length).toBe(size * size * 3)
  return Array.from({ length: parts }, (_, part) => {
    const at = ((size / 2) * size + Math.floor((size * (part + 0.5)) / parts)) * 3
    const pixel = [...data.subarray(at, at + 3)]
    return 'rgb'[pixel.indexOf(Math.max(...pixel))]
  }).join('')
}

describe('frames for a square input', () => {
  test('crop shows the middle of a wide picture, stretch all of it', async () => {
    const file = await colourBars('wide.mp4', 'null')
    expect(await middleRow(file, crop, 6)).toBe('gggggg')
    expect(await middleRow(file, stretch, 6)).toBe('rrggbb')
    expect(await middleRow(file, stretch, 6, 48, 'exact')).toBe('rrggbb')
  })

  test('crop shows the middle of a tall picture', async () => {
    const file = await colourBars('tall.mp4', 'transpose=clock')
    expect(await middleRow(file, crop, 6)).toBe('gggggg')
  })

  test('pixels that are not square are shown as a player shows them', async () => {
    // 120 × 120 stored pixels, three times as wide as high on screen.
    const file = await colourBars('anamorphic.mp4', 'scale=120:120,setsar=3')
    expect(await middleRow(file, crop, 6)).toBe('gggggg')
  })

  test('a picture smaller than the input is enlarged', async () => {
    const file = await colourBars('small.mp4', 'scale=24:8')
    expect(await middleRow(file, { ...crop, shorterSide: 48 }, 3)).toBe('ggg')
  })

  test('the overview takes them too', async () => {
    const file = await colourBars('overview.mp4', 'null')
    const { data, times } = await sampleOverview(file, await probe(file), {
      frames: 4,
      height: 32,
      width: 32,
      framing: crop,
    })
    expect(times).toHaveLength(4)
    expect(data.length).toBe(4 * 32 * 32 * 3)
  })
})
