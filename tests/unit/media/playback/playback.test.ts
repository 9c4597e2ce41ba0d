import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openRange, playable } from '../../../../main/media/playback/playback.ts'
import { makeProxy } from '../../../../main/media/playback/proxy.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { sampleFrames } from '../../../../main/media/sampling/frames.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { readNumbers, writeNumberedVideo, writeNumberedVideos } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('playback')
const at = (name: string): string => join(folder, name)

describe('ranges', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)
  beforeAll(() => writeFile(at('clip.MP4'), bytes))

  async function get(range: string | null) {
    const { status, headers, stream } = await openRange(at('clip.MP4'), range)
    const body = stream ? Buffer.concat((await stream.toArray()) as Buffer[]) : null
    return { status, headers, body }
  }

  test.each([
    { range: 'bytes=0-', from: 0, to: 999 },
    { range: 'bytes=200-299', from: 200, to: 299 },
    { range: 'bytes=990-2000', from: 990, to: 999 },
    { range: 'bytes=-10', from: 990, to: 999 },
    { range: 'bytes=-5000', from: 0, to: 999 },
  ])('$range gives bytes $from to $to', async ({ range, from, to }) => {
    const { status, headers, body } = await get(range)
    expect(status).toBe(206)
    expect(headers).toMatchObject({
      'Content-Type': 'video/mp4',
      'Accept-Ranges': 'bytes',
      'Content-Range': `bytes ${from}-${to}/1000`,
      'Content-Length': String(to - from + 1),
    })
    expect(body).toEqual(Buffer.from(bytes.subarray(from, to + 1)))
  })

  test.each([null, 'bytes=5-2', 'bytes=-', 'lines=1-2', 'bytes=0-1,5-6'])('%s gives the whole file', async range => {
    const { status, headers, body } = await get(range)
    expect(status).toBe(200)
    expect(headers['Content-Length']).toBe('1000')
    expect(headers['Content-Range']).toBeUndefined()
    expect(body).toHaveLength(1000)
  })

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('%s lies outside', async range => {
    expect(await get(range)).toMatchObject({ status: 416, headers: { 'Content-Range': 'bytes */1000' }, body: null })
  })

  test('a deleted file is named', async () => {
    await expect(openRange(at('deleted.mp4'), null)).rejects.toMatchObject({
      code: 'video-missing',
      message: expect.stringContaining('deleted.mp4'),
    })
  })
})

describe('a video Chromium cannot play', () => {
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
  const kinds = [
    { name: 'plain.mp4', encode: h264, direct: true },
    { name: 'plain.mkv', encode: h264, direct: true },
    { name: 'vp9.webm', encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], direct: true },
    { name: 'plain.ts', encode: h264, direct: false },
    { name: 'full colour.mp4', encode: [...h264, '-pix_fmt', 'yuv444p'], direct: false },
    {
      name: 'hevc.mp4',
      encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'],
      direct: false,
    },
    { name: 'prores.mov', encode: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'], direct: false },
  ]
  const made = once(() =>
    writeNumberedVideos(
      folder,
      kinds.map(({ name, encode }) => ({ file: at(name), frames: 10, encode })),
    ),
  )
  test.each(kinds)('$name plays directly: $direct', async ({ name, direct }) => {
    await made()
    expect(playable(await probe(at(name)))).toBe(direct)
  })

  test.each(sample(['mp4', 'webm'], 1))('becomes a %s that shows the same at the same time', async format => {
    const source = at(`old ${format}.avi`)
    await writeNumberedVideo({
      file: source,
      frames: 150,
      before: ['-f', 'lavfi', '-t', '6', '-i', 'sine'],
      encode: ['-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'mp3'],
    })
    const info = await probe(source)
    expect(playable(info)).toBe(false)
    const out = at(`proxies ${format}/copy.${format}`)
    const progress: number[] = []
    await makeProxy(source, info, { outFile: out, onProgress: fraction => progress.push(fraction) })

    const copy = await probe(out)
    expect(playable(copy)).toBe(true)
    expect(copy).toMatchObject({ width: 320, height: 180, hasAudio: true })
    // In the middle of a frame's display: containers round the sound's start, and with it all times, by some
    // milliseconds.
    const times = [0.5, 3.02, 5.02]
    expect(readNumbers((await sampleFrames(out, copy, { times })).data)).toEqual(
      readNumbers((await sampleFrames(source, info, { times })).data),
    )
    expect(progress.at(-1)).toBe(1)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(await readdir(dirname(out))).toEqual([`copy.${format}`])
  })

  test('an abort leaves nothing behind', async () => {
    const source = at('long.avi')
    await writeNumberedVideo({ file: source, frames: 900, encode: ['-c:v', 'mpeg4', '-q:v', '3'] })
    const stop = new AbortController()
    const making = makeProxy(source, await probe(source), { outFile: at('aborted/copy.webm'), signal: stop.signal })
    setTimeout(() => stop.abort(new Error('enough')), 150)
    await expect(making).rejects.toThrow('enough')
    expect(await readdir(at('aborted'))).toEqual([])
  })

  test('a source that vanished is a failure with its name, not a broken copy', async () => {
    await made()
    const info = await probe(at('plain.mp4'))
    await expect(makeProxy(at('vanished.avi'), info, { outFile: at('vanished.mp4') })).rejects.toMatchObject({
      code: 'proxy-failed',
      message: expect.stringContaining('vanished.avi'),
    })
    await expect(readFile(at('vanished.mp4'))).rejects.toThrow()
  })
})
