import { copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cachedFrames } from '../../../../main/media/frame-store/frame-store.ts'
import type { FramesRequest } from '../../../../main/media/frame-store/load-frames.ts'
import type { MediaInfo } from '../../../../main/media/media-info.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames, sampleOverview } from '../../../../main/media/sampling/frames.ts'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { drawVideo } from '../../../support/videos/ffmpeg.ts'

// Many decoders are started, which on a busy machine wait for each other.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const home = folderOfFile('load')
let thread: SamplingThread
const size = { height: 36, width: 60 }
const region = { left: 0.1, top: 0.05, width: 0.8, height: 0.9, flip: true }
const videos: Record<string, { file: string; info: MediaInfo }> = {}
const video = (name: string) => videos[name]!

beforeAll(async () => {
  thread = new SamplingThread()
  const made: [string, string[]][] = [
    ['short.mp4', ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '8', '-bf', '2']],
    ['short.mkv', ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '40']],
    ['large.mp4', ['-s', '320x180', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '8']],
  ]
  for (const [name, codec] of made) {
    const file = join(home, name)
    await drawVideo(file, 'testsrc2=s=96x54:r=8:d=4', ['-pix_fmt', 'yuv420p', ...codec])
    videos[name] = { file, info: await probe(file) }
  }
})
afterAll(async () => {
  await thread.close()
})

let stores = 0
const store = (limit = 1e9): FramesRequest['store'] & object => ({
  directory: join(home, `store-${stores++}`),
  limit,
  since: Date.now(),
})
const clip = (name: string, from: number, changes: object = {}) => ({
  path: video(name).file,
  info: video(name).info,
  wanted: Array.from({ length: 4 }, (_, frame) => from + frame / 4),
  ...changes,
})
const fourClips = (name: string): FramesRequest => ({
  parts: [0, 1, 2, 3].map(from => clip(name, from)),
  ...size,
  region: null,
  store: null,
})
const load = async (order: FramesRequest) => Buffer.from((await thread.loadFrames(order)).data)

describe.each(sample(['short.mp4', 'short.mkv', 'large.mp4'], 1))('frames of %s', name => {
  it('are those that each clip would get alone, with and without a store, when decoded and when kept', async () => {
    const order = fourClips(name)
    const alone = await Promise.all(
      order.parts.map(({ path: file, info, wanted }) =>
        sampleFrames(file, info, { times: wanted as number[], ...size }),
      ),
    )
    const expected = Buffer.concat(alone.map(({ data }) => Buffer.from(data as Uint8Array)))
    const kept = { ...order, store: store() }
    expect((await load(order)).equals(expected)).toBe(true)
    for (const _ of ['decoded', 'kept']) expect((await load(kept)).equals(expected)).toBe(true)
    expect(await cachedFrames(kept.store.directory)).toHaveLength(4)
    // Other clips of the same video: one is kept, another not.
    const others = { ...order, parts: [clip(name, 1), clip(name, 2.5)] }
    expect((await load({ ...others, store: kept.store })).equals(await load(others))).toBe(true)
    expect(await cachedFrames(kept.store.directory)).toHaveLength(5)
    const overview = { ...order, parts: [{ ...clip(name, 0), wanted: 8 }] }
    const whole = Buffer.from(
      (await sampleOverview(video(name).file, video(name).info, { ...size, frames: 8 })).data as Uint8Array,
    )
    for (const store of [null, kept.store, kept.store]) {
      expect((await load({ ...overview, store })).equals(whole)).toBe(true)
    }
  })

  it('of a drawn part of the picture are the same from what is kept, whatever part', async () => {
    const kept = store()
    for (const change of [{}, { flip: false, left: 0, width: 0.75 }]) {
      const order = { ...fourClips(name), region: { ...region, ...change } }
      expect((await load({ ...order, store: kept })).equals(await load(order))).toBe(true)
    }
    // The three parts are cut from the same kept frames.
    expect(await cachedFrames(kept.directory)).toHaveLength(4)
  })

  it('that are drawn are found among all that may be', async () => {
    const kept = store()
    const { frameCount, frameRate, firstFrameTime } = video(name).info
    const among = Array.from({ length: frameCount }, (_, index) => firstFrameTime + index / frameRate)
    for (const first of [0, 3]) {
      const wanted = [0, 7, 14, 20, 28].map(index => among[first + index]!)
      const order = (store: FramesRequest['store']): FramesRequest => ({
        parts: [{ ...clip(name, 0), wanted, ...(store ? { among } : {}) }],
        ...size,
        region,
        store,
      })
      expect((await load(order(kept))).equals(await load(order(null)))).toBe(true)
    }
    expect(await cachedFrames(kept.directory)).toHaveLength(1)
  })
})

it('a file that is written anew is decoded anew, one that is only moved or touched is not', async () => {
  const [file, other] = [join(home, 'changing.mp4'), join(home, 'moved.mp4')]
  await copyFile(video('short.mp4').file, file)
  const kept = store()
  const order = (at: string): FramesRequest => ({
    ...fourClips('short.mp4'),
    parts: fourClips('short.mp4').parts.map(part => ({ ...part, path: at })),
    store: kept,
  })
  const before = await load(order(file))
  await copyFile(file, other)
  await utimes(file, 1, 1)
  for (const at of [file, other]) expect((await load(order(at))).equals(before)).toBe(true)
  expect(await cachedFrames(kept.directory)).toHaveLength(4)
  await drawVideo(file, 'testsrc=s=96x54:r=8:d=4', ['-pix_fmt', 'yuv420p', '-c:v', 'libx264'])
  const after = await load(order(file))
  expect(after.equals(before)).toBe(false)
  expect(after.equals(await load({ ...order(file), store: null }))).toBe(true)
})

it('what a decoder makes of a damaged file is the same with and without a store', async () => {
  const file = join(home, 'hole.mp4')
  const bytes = await readFile(video('large.mp4').file)
  const data = bytes.indexOf('mdat') + 4
  const length = bytes.indexOf('moov') - data
  await writeFile(file, bytes.fill(0xff, data + Math.floor(length * 0.4), data + Math.floor(length * 0.8)))
  const kept = store()
  const order = (store: FramesRequest['store']): FramesRequest => ({
    ...fourClips('large.mp4'),
    parts: fourClips('large.mp4').parts.map(part => ({ ...part, path: file })),
    store,
  })
  const expected = await load(order(null))
  // One clip that is whole is kept before the others are asked for.
  await load({ ...order(kept), parts: order(kept).parts.slice(0, 1) })
  for (const _ of [1, 2]) expect((await load(order(kept))).equals(expected)).toBe(true)
})

it('a damaged store is decoded beside, and so is one without room', async () => {
  const kept = store()
  const order = { ...fourClips('short.mp4'), store: kept }
  const expected = await load(order)
  for (const folder of await readdir(kept.directory)) {
    for (const name of await readdir(join(kept.directory, folder))) {
      await writeFile(join(kept.directory, folder, name), 'not frames')
    }
  }
  expect((await load(order)).equals(expected)).toBe(true)
  const small = store(10)
  expect((await load({ ...order, store: small })).equals(expected)).toBe(true)
  expect(await cachedFrames(small.directory)).toEqual([])
  const at = join(home, 'a file')
  await writeFile(at, 'where the folder should be')
  const { data, notices } = await thread.loadFrames({ ...order, store: { ...kept, directory: at } })
  expect(Buffer.from(data).equals(expected)).toBe(true)
  expect(notices).toEqual([expect.stringMatching(/^Decoded frames are no longer kept: they cannot be written/)])
})

it('a file that has gone since it was probed is named', async () => {
  const file = join(home, 'gone.mp4')
  for (const given of [null, store()]) {
    const order = { ...fourClips('short.mp4'), parts: [clip('short.mp4', 0, { path: file })], store: given }
    await expect(thread.loadFrames(order)).rejects.toMatchObject({
      name: 'ExpectedError',
      code: 'video-missing',
      message: expect.stringContaining('gone.mp4'),
    })
  }
  await expect(thread.probe(file)).rejects.toMatchObject({ code: 'video-missing' })
})

it('many orders at once are all answered, and an abort ends those that it is for', async () => {
  const expected = await load(fourClips('short.mp4'))
  const stop = new AbortController()
  const stopped = Promise.allSettled(
    Array.from({ length: 5 }, () => thread.loadFrames(fourClips('large.mp4'), stop.signal)),
  )
  const others = Array.from({ length: 3 }, () => load(fourClips('short.mp4')))
  stop.abort(new Error('paused'))
  for (const result of await stopped) {
    expect(result).toMatchObject({ status: 'rejected', reason: { message: 'paused' } })
  }
  for (const found of await Promise.all(others)) expect(found.equals(expected)).toBe(true)
})
