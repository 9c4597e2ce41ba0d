import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generateDemo } from '../../../main/media/demo/demo.ts'
import { paintScenes } from '../../../main/media/demo/painting/painter.ts'
import type { Scene } from '../../../main/media/demo/painting/scene.ts'
import { sentenceFor } from '../../../main/media/demo/telling/sentence.ts'
import { sampleFrames } from '../../../main/media/sampling/frames.ts'
import { probe } from '../../../main/media/timeline/probe.ts'
import { folderOfFile } from '../../support/folders.ts'

const frameSize = { width: 160, height: 90 }
const reddish = (red: number, green: number, blue: number): boolean => red > 150 && green < 110 && blue < 110

/** Where the red pixels of a frame are, in the mean, and how many: fractions of the picture. */
function red(
  frame: Uint8Array,
  { width, height }: { width: number; height: number },
): { x: number; y: number; share: number } {
  let [x, y, count] = [0, 0, 0]
  for (let at = 0; at < frame.length; at += 3) {
    if (!reddish(frame[at] ?? 0, frame[at + 1] ?? 0, frame[at + 2] ?? 0)) continue
    x += ((at / 3) % width) / width
    y += Math.floor(at / 3 / width) / height
    count += 1
  }
  return { x: x / count, y: y / count, share: count / (width * height) }
}

function scene(action: Scene['action'], background: Scene['background'] = { pattern: 'plain', color: 'blue' }): Scene {
  return { seconds: 4, background, action }
}
const redCircle = { shape: 'circle', color: 'red' } as const

describe('a painted scene shows what its sentence says', () => {
  const first = (of: Scene) => red([...paintScenes([of], frameSize, 5)][0] ?? new Uint8Array(), frameSize)
  const last = (of: Scene) => red([...paintScenes([of], frameSize, 5)].at(-1) ?? new Uint8Array(), frameSize)

  test('left to right', () => {
    const moving = scene({ kind: 'move', figure: redCircle, direction: 'right' })
    expect(sentenceFor(moving, { action: 0, place: 0 })).toBe(
      'A red circle moves from left to right across a blue background.',
    )
    expect(first(moving).x).toBeLessThan(0.2)
    expect(last(moving).x).toBeGreaterThan(0.8)
  })

  test('bottom to top', () => {
    const rising = scene(
      { kind: 'move', figure: redCircle, direction: 'up' },
      { pattern: 'stripes', color: 'teal', second: 'white' },
    )
    expect(sentenceFor(rising, { action: 0, place: 0 })).toBe(
      'A red circle moves from the bottom to the top over a teal and white striped background.',
    )
    expect(first(rising).y).toBeGreaterThan(0.75)
    expect(last(rising).y).toBeLessThan(0.25)
  })

  test('growing', () => {
    const growing = scene({ kind: 'grow', figure: redCircle }, { pattern: 'dots', color: 'green', second: 'white' })
    expect(sentenceFor(growing, { action: 1, place: 1 })).toBe(
      'A red circle gets bigger and bigger on a green background with white dots.',
    )
    expect(last(growing).share).toBeGreaterThan(8 * first(growing).share)
  })

  test('meeting', () => {
    const meeting = scene({ kind: 'meet', figure: redCircle, other: { shape: 'circle', color: 'red' } })
    const [start, end] = [
      [...paintScenes([meeting], frameSize, 5)][0],
      [...paintScenes([meeting], frameSize, 5)].at(-1),
    ]
    const middle = (frame: Uint8Array | undefined): boolean => {
      const at = (45 * 160 + 80) * 3
      return reddish(frame?.[at] ?? 0, frame?.[at + 1] ?? 0, frame?.[at + 2] ?? 0)
    }
    expect([middle(start), middle(end)]).toEqual([false, true])
  })

  test('edges are antialiased: between shape and ground there are mixed pixels', () => {
    const frame = [
      ...paintScenes(
        [scene({ kind: 'rotate', figure: { shape: 'square', color: 'white' } }, { pattern: 'plain', color: 'black' })],
        frameSize,
        5,
      ),
    ][2]
    const levels = new Set(frame)
    expect(levels.size).toBeGreaterThan(60)
  })
})

describe('the demo library', () => {
  const folder = folderOfFile('demo')

  test('has playable videos of several formats, each with captions that fit, and is made quickly', async () => {
    const progress: number[] = []
    const { videos, captions } = await generateDemo(folder, { onProgress: fraction => progress.push(fraction) })
    expect(videos.length).toBeGreaterThanOrEqual(6)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    const infos = await Promise.all(videos.map(file => probe(file)))
    expect(new Set(infos.map(info => info.codec)).size).toBeGreaterThanOrEqual(3)
    expect(infos.some(info => info.height > info.width)).toBe(true)
    for (const [index, info] of infos.entries()) {
      expect(info.duration).toBeGreaterThanOrEqual(20)
      expect(info.duration).toBeLessThanOrEqual(40)
      expect((await stat(videos[index] ?? '')).size).toBeLessThan(1_000_000)
    }
    expect(new Set(captions.map(file => extname(file)))).toEqual(new Set(['.txt', '.srt', '.json']))
    expect((await readdir(folder)).filter(name => name.endsWith('.partial'))).toEqual([])
  })

  test('its first sentence is true of its first seconds', async () => {
    const file = join(folder, 'A red circle travels.mp4')
    const [sentence] = (await readFile(join(folder, 'A red circle travels.txt'), 'utf8')).split('\n')
    expect(sentence).toBe('A red circle moves from left to right across a blue background.')
    const { data } = await sampleFrames(file, await probe(file), { times: [0.5, 5.5] })
    const [early, late] = [0, 1].map(frame =>
      red(Uint8Array.from(data.subarray(frame * 192 * 320 * 3, (frame + 1) * 192 * 320 * 3)), {
        width: 320,
        height: 192,
      }),
    )
    expect(early?.x).toBeLessThan(0.25)
    expect(late?.x).toBeGreaterThan(0.75)
  })

  test('a second run keeps what is there, and a folder that cannot be is named', async () => {
    const file = join(folder, 'Old recording.avi')
    const before = (await stat(file)).mtimeMs
    await generateDemo(folder)
    expect((await stat(file)).mtimeMs).toBe(before)
    await writeFile(join(folder, 'occupied'), 'a file')
    await expect(generateDemo(join(folder, 'occupied'))).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('occupied'),
    })
  })
})
