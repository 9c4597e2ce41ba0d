import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { frameStrip, thumbnail } from '../../../../main/media/playback/thumbnails.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleOverview } from '../../../../main/media/sampling/frames.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { readNumbers, writeNumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('thumbnails')
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  await writeNumberedVideo({
    file: at('film.mp4'),
    frames: 200,
    encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50'],
  })
})

/** Reads the numbers of JPEGs by making a video of them, one frame each. */
async function numbersOf(pictures: readonly Buffer[]): Promise<number[]> {
  for (const [index, picture] of pictures.entries()) await writeFile(at(`picture-${index}.jpg`), picture)
  await ffmpeg(['-i', at('picture-%d.jpg'), '-c:v', 'mjpeg', '-q:v', '2', at('pictures.mkv')])
  const { data } = await sampleOverview(at('pictures.mkv'), await probe(at('pictures.mkv')), {
    frames: pictures.length,
  })
  return readNumbers(data)
}

test('a strip has one JPEG per time, in the order asked, of the frames on screen', async () => {
  const info = await probe(at('film.mp4'))
  const pictures = await frameStrip(at('film.mp4'), info, { times: [6, 0, 3.21, 6, 99], height: 90 })
  expect(await numbersOf(pictures)).toEqual([150, 0, 80, 150, 199])
})

test('a thumbnail has the asked height and the displayed shape', async () => {
  await ffmpeg(['-i', at('film.mp4'), '-vf', 'setsar=4/3', '-c:v', 'libx264', '-preset', 'ultrafast', at('wide.mp4')])
  const picture = await thumbnail(at('wide.mp4'), await probe(at('wide.mp4')), { time: 1, height: 120 })
  await writeFile(at('thumbnail.mjpeg'), picture)
  await ffmpeg(['-i', at('thumbnail.mjpeg'), '-c', 'copy', at('thumbnail.mkv')])
  const shape = await probe(at('thumbnail.mkv'))
  expect([shape.storedWidth, shape.storedHeight]).toEqual([284, 120])
})
