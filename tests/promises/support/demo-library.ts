import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { expect } from 'vitest'
import { generateDemo } from '../../../main/media/demo/demo.ts'
import type { DemoLibrary } from '../../../main/media/demo/demo.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { sampleFrames } from '../../../main/media/sampling/frames.ts'
import { red } from '../../support/videos/red.ts'

/**
 * Playable videos of several formats, each with captions that fit.
 * @param kept names of files that were there before it was painted, and are no videos.
 */
export async function expectPlayable(
  folder: string,
  { videos: all, captions }: DemoLibrary,
  kept: readonly string[],
): Promise<void> {
  expect(all.length).toBeGreaterThanOrEqual(6)
  expect(captions.length).toBe(all.length)
  const videos = all.filter(file => !kept.includes(basename(file)))
  expect(videos.length).toBe(all.length - kept.length)
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
}

/** A first sentence is true of its first seconds. */
export async function expectTrueSentence(folder: string): Promise<void> {
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
}

/** Painting again keeps what is there and paints what is missing; a folder that cannot be is named. */
export async function expectKept(folder: string): Promise<void> {
  const file = join(folder, 'Old recording.avi')
  const before = (await stat(file)).mtimeMs
  const progress: number[] = []
  await generateDemo(folder, { onProgress: fraction => progress.push(fraction) })
  expect((await stat(file)).mtimeMs).toBe(before)
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  expect(progress.at(-1)).toBe(1)
  await writeFile(join(folder, 'occupied'), 'a file')
  await expect(generateDemo(join(folder, 'occupied'))).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringContaining('occupied'),
  })
}
