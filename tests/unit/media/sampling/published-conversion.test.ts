import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames } from '../../../../main/media/sampling/frames.ts'
import { crop, resized } from '../../../../main/media/sampling/validation-transform.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'

const folder = folderOfFile('conversion')

const { width, height } = resized
const halfWidth = width / 2
/** Chroma that changes from sample to sample, where the ways of converting differ most. */
const luma = Uint8Array.from({ length: width * height }, (_, index) => 60 + ((index * 7919) % 120))
const [blue, red] = [104729, 1299709].map(step =>
  Uint8Array.from({ length: (width * height) / 4 }, (_, index) => 90 + ((index * step) % 76)),
)

/**
 * BT.601 of one pixel with the chroma of its 2 × 2 block, not interpolated: ITU-R BT.601's own factors.
 * @returns red, green, blue, 0–255.
 */
function pixel(x: number, y: number): number[] {
  const chroma = Math.floor(y / 2) * halfWidth + Math.floor(x / 2)
  const [l, b, r] = [1.164 * ((luma[y * width + x] ?? 0) - 16), (blue?.[chroma] ?? 0) - 128, (red?.[chroma] ?? 0) - 128]
  return [l + 1.596 * r, l - 0.813 * r - 0.391 * b, l + 2.018 * b].map(value => Math.max(0, Math.min(255, value)))
}

test('published frames have the colours of decord: chroma of 2 × 2 pixels as it is stored', async () => {
  const [raw, file] = [join(folder, 'frame.yuv'), join(folder, 'frame.mkv')]
  await writeFile(raw, Buffer.concat([luma, blue ?? [], red ?? []].map(plane => Buffer.from(plane))))
  await ffmpeg(['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-i', raw, '-c:v', 'ffv1', file])
  // At this size both resizes of the transform change nothing, and only the crop is left.
  const { data } = await sampleFrames(file, await probe(file), {
    times: [0],
    mode: 'exact',
    height: crop.height,
    width: crop.width,
  })
  let largest = 0
  for (let y = 0; y < crop.height; y += 1) {
    for (let x = 0; x < crop.width; x += 1) {
      for (const [channel, expected] of pixel(x + crop.left, y + crop.top).entries()) {
        const difference = Math.abs((data[(y * crop.width + x) * 3 + channel] ?? 0) * 255 - expected)
        largest = Math.max(largest, difference)
      }
    }
  }
  // swscale's tables round each term; with interpolated chroma the largest difference is 53.
  expect(largest).toBeLessThan(4)
})
