import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const folder = folderOfFile('several picture tracks')
const at = (name: string) => join(folder, name)

/** Tracks by their sizes: the film, another take of it, and pictures that stand still. */
const tracks: Readonly<Record<string, { size: string; rate: number; seconds: number; picture: string }>> = {
  film: { size: '96x64', rate: 24, seconds: 20, picture: 'testsrc2' },
  take: { size: '128x96', rate: 30, seconds: 19, picture: 'testsrc2' },
  /** One picture a second. */
  slides: { size: '160x120', rate: 1, seconds: 5, picture: 'testsrc' },
  'three slides': { size: '208x112', rate: 0.25, seconds: 12, picture: 'testsrc' },
  'slides to the end': { size: '176x144', rate: 1, seconds: 20, picture: 'testsrc' },
  /** Each picture is repeated as often as the film has pictures. */
  'repeated slides': { size: '192x128', rate: 24, seconds: 8, picture: 'smptebars' },
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
/** A transport stream tells neither how many pictures a stream has nor which one players show. */
const containers = ['mp4', 'mkv', 'mov', 'ts']
const containersOf = ({ marked }: { readonly marked?: number }): readonly string[] =>
  containers.filter(type => type !== 'ts' || marked === undefined)

const cases: { name: string; of: string[]; marked?: number; film: string }[] = [
  { name: 'slides', of: ['slides', 'film'], film: 'film' },
  { name: 'slides of a few pictures', of: ['three slides', 'film'], film: 'film' },
  { name: 'slides as long as the film', of: ['slides to the end', 'film'], film: 'film' },
  { name: 'repeated slides', of: ['repeated slides', 'film'], film: 'film' },
  { name: 'slides of two kinds', of: ['slides', 'repeated slides', 'film'], film: 'film' },
  { name: 'slides that come second', of: ['film', 'slides to the end'], film: 'film' },
  { name: 'slides that players show by default', of: ['film', 'slides'], marked: 1, film: 'film' },
  { name: 'two takes', of: ['take', 'film'], film: 'take' },
  { name: 'two takes, the second marked as default', of: ['take', 'film'], marked: 1, film: 'film' },
]

function optionsOf({ of, marked }: (typeof cases)[number]): string[] {
  const mapped = of.flatMap(track => ['-map', String(Object.keys(tracks).indexOf(track))])
  const marks = of.flatMap((_, place) => [`-disposition:${place}`, place === (marked ?? 0) ? 'default' : '0'])
  return [...mapped, '-c', 'copy', ...marks]
}

beforeAll(async () => {
  const drawn = Object.entries(tracks)
  await ffmpeg([
    ...drawn.flatMap(([, { size, rate, seconds, picture }]) => [
      ...['-f', 'lavfi', '-t', String(seconds), '-i', `${picture}=s=${size}:r=${rate}`],
    ]),
    ...drawn.flatMap(([name], place) => ['-map', String(place), ...h264, at(`track ${name}.mp4`)]),
  ])
  await ffmpeg([
    ...drawn.flatMap(([name]) => ['-i', at(`track ${name}.mp4`)]),
    ...cases.flatMap(made => containersOf(made).flatMap(type => [...optionsOf(made), at(`${made.name}.${type}`)])),
  ])
})

describe('of several picture tracks the film is taken', () => {
  test.each(sample(cases, 5))('$name', async ({ name, of, film, ...made }) => {
    for (const type of containersOf(made)) {
      const info = await probe(at(`${name}.${type}`))
      const { size, rate, seconds } = tracks[film] ?? { size: '', rate: 0, seconds: 0 }
      expect(`${type}: ${info.width}x${info.height}`).toBe(`${type}: ${size}`)
      expect(info).toMatchObject({
        stream: of.indexOf(film),
        frameCount: rate * seconds,
        behindPicture: of[0] !== film,
      })
    }
  })
})

test('slides of an AVI file, which states a thousand pictures a second of them, are no film', async () => {
  const file = at('slides.avi')
  await ffmpeg([
    ...['-f', 'lavfi', '-t', '12', '-i', 'testsrc=s=160x120:r=1/4'],
    ...['-f', 'lavfi', '-t', '12', '-i', 'testsrc2=s=96x64:r=24'],
    ...['-map', '0', '-map', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', file],
  ])
  expect(await probe(file)).toMatchObject({ width: 96, stream: 1, frameCount: 288, behindPicture: true })
})
