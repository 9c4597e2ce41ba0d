import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configureExecutables, findExecutable } from '../../../../main/media/ffmpeg/executables.ts'
import type { MediaInfo } from '../../../../main/media/media-info.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { decodeRuns } from '../../../../main/media/sampling/frame-process.ts'
import { sampleFrames, samplePasses } from '../../../../main/media/sampling/frames.ts'
import { hasNeedlessPackets, neededPackets } from '../../../../main/media/sampling/needed-packets.ts'
import { denseSegments, framesOnScreen } from '../../../../main/media/sampling/sampling.ts'
import type { DecodeRun } from '../../../../main/media/sampling/sampling.ts'
import { readTimeline } from '../../../../main/media/timeline/timeline.ts'
import type { Timeline } from '../../../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { drawVideo, ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { writeNumberedVideo, writeNumberedVideos } from '../../../support/videos/numbered-video.ts'
import type { NumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('packets of videos')

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '50']
const h265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params']

interface Case extends Omit<NumberedVideo, 'file' | 'frames'> {
  readonly name: string
  readonly change?: (file: string) => Promise<void>
  /** Of 300 packets, at most these are passed on when a tenth of the frames is wanted. */
  readonly atMost: number
}

const cases: readonly Case[] = [
  { name: 'h264.mp4', encode: h264, atMost: 200 },
  { name: 'h264.mkv', encode: h264, atMost: 200 },
  {
    name: 'pyramid of references.mp4',
    encode: [
      '-c:v',
      'libx264',
      '-preset',
      'fast',
      '-bf',
      '7',
      '-b_strategy',
      '0',
      '-g',
      '60',
      '-x264-params',
      'b-pyramid=normal',
    ],
    atMost: 230,
  },
  { name: 'as it comes from a live stream.mkv', encode: h264, change: forgetSize, atMost: 200 },
  { name: 'open groups.mkv', encode: [...h264, '-x264-params', 'open-gop=1:keyint=40:scenecut=0'], atMost: 200 },
  { name: 'interlaced.mp4', encode: [...h264, '-flags', '+ildct+ilme', '-x264-params', 'tff=1'], atMost: 200 },
  { name: 'many slices.mov', rate: 29.97, encode: [...h264, '-slices', '4'], atMost: 200 },
  {
    name: 'sound begins first.mp4',
    before: ['-f', 'lavfi', '-t', '12', '-i', 'sine', '-itsoffset', '1.5'],
    encode: [...h264, '-c:a', 'aac'],
    atMost: 200,
  },
  { name: 'starts at ten seconds.mkv', encode: [...h264, '-output_ts_offset', '10'], atMost: 200 },
  {
    name: 'variable rate.mp4',
    after: ['-vf', 'setpts=(N+floor(N/50)*25+pow(N/40\\,2))/(25*TB)', '-fps_mode', 'vfr'],
    encode: h264,
    atMost: 200,
  },
  {
    name: 'colours told by the container alone.mp4',
    after: ['-vf', 'format=yuv420p,lutyuv=u=90:v=180'],
    encode: h264,
    change: tellColours,
    atMost: 200,
  },
  {
    name: 'colours told by the container alone.mkv',
    after: ['-vf', 'format=yuv420p,lutyuv=u=90:v=180'],
    encode: h264,
    change: tellColours,
    atMost: 200,
  },
  { name: 'h265.mp4', encode: [...h265, 'keyint=50:bframes=3:log-level=error'], atMost: 250 },
  { name: 'h265 open groups.mkv', encode: [...h265, 'keyint=40:open-gop=1:bframes=3:log-level=error'], atMost: 250 },
  // Here a higher layer may refer to frames that their own layer does not: none is left out.
  {
    name: 'h265 with temporal layers.mp4',
    encode: [...h265, 'keyint=50:bframes=3:temporal-layers=2:log-level=error'],
    atMost: 300,
  },
]

const picture = { kind: 'rgb', width: 320, height: 180, filter: 'format=rgb24' } as const

describe('leaving out frames that are neither wanted nor referred to', () => {
  const tried = sample(cases, 3)
  const made = once(() =>
    writeNumberedVideos(
      folder,
      tried.map(({ name, change: _change, atMost: _atMost, ...video }) => ({
        ...video,
        file: join(folder, name),
        frames: 300,
      })),
    ),
  )
  test.each(tried)('$name: the wanted ones are the same to the byte', async ({ name, atMost, change }) => {
    await made()
    const file = join(folder, name)
    await change?.(file)
    const info = await probe(file)
    const timeline = await readTimeline(file, info)
    expect(hasNeedlessPackets(info, timeline)).toBe(true)
    const tenth = framesOnScreen(
      timeline,
      [...timeline.frameTimes].filter((_, index) => index % 10 === 3),
    )
    const whole: DecodeRun = { frames: tenth, fromStart: true }
    const part: DecodeRun = { frames: tenth.slice(12, 22), fromStart: false }
    for (const run of [whole, part]) {
      const decode = async (onlyNeeded: boolean): Promise<{ times: number[]; pictures: Buffer }> => {
        const [times, pictures]: [number[], Buffer[]] = [[], []]
        await decodeRuns(file, info, {
          timeline,
          runs: [run],
          picture,
          threads: 1,
          onlyNeeded,
          onFrame: ({ time, bytes }) => {
            times.push(Number(time.toFixed(3)))
            pictures.push(bytes)
          },
        })
        return { times, pictures: Buffer.concat(pictures) }
      }
      const [all, needed] = [await decode(false), await decode(true)]
      expect(needed.times).toHaveLength(run.frames.length)
      expect(needed.times).toEqual(all.times)
      expect(needed.pictures.equals(all.pictures)).toBe(true)
    }
    expect(await passedOn(file, info, timeline, whole)).toBeLessThanOrEqual(atMost)
  })

  test('a last wanted frame ends the reading: what comes after is not passed on', async () => {
    const file = join(folder, 'early end.mp4')
    await writeNumberedVideo({ file, frames: 1000, encode: h264 })
    const info = await probe(file)
    const timeline = await readTimeline(file, info)
    expect(
      await passedOn(file, info, timeline, { frames: framesOnScreen(timeline, [0, 2]), fromStart: true }),
    ).toBeLessThan(60)
  })

  const left: readonly (Omit<NumberedVideo, 'file'> & {
    readonly name: string
    /** Makes it of what was drawn. */
    readonly change?: (drawn: string, file: string) => Promise<void>
  })[] = [
    { name: 'without B-frames.mp4', frames: 60, encode: [...h264, '-bf', '0'] },
    { name: 'in another container.ts', frames: 60, encode: h264 },
    { name: 'of another codec.mp4', frames: 60, encode: ['-c:v', 'mpeg4', '-bf', '2'] },
    { name: 'without times.avi', frames: 60, encode: h264 },
    {
      name: 'turned.mp4',
      ...{ frames: 60, encode: h264 },
      change: (drawn, file) => ffmpeg(['-i', drawn, '-c', 'copy', '-metadata:s:v', 'rotate=90', file]),
    },
    {
      name: 'cut by an edit list.mp4',
      ...{ frames: 100, encode: h264 },
      change: (drawn, file) => ffmpeg(['-ss', '0.6', '-i', drawn, '-c', 'copy', file]),
    },
    {
      name: 'with several frames at one time.mp4',
      ...{ frames: 100, before: ['-f', 'lavfi', '-t', '4', '-i', 'sine'], encode: h264 },
      change: async (drawn, file) => {
        const [cut, list] = [`${file}.cut.mp4`, `${file}.txt`]
        await ffmpeg(['-ss', '0.6', '-i', drawn, '-c', 'copy', cut])
        await writeFile(list, `file '${drawn}'\nfile '${cut}'\n`)
        await ffmpeg(['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', file])
      },
    },
  ]
  const drawn = (name: string): string => join(folder, `drawn ${name}`)
  const leftTried = sample(left, 3)
  const leftMade = once(() =>
    writeNumberedVideos(
      folder,
      leftTried.map(({ name, change: _change, ...video }) => ({ ...video, file: drawn(name) })),
    ),
  )
  test.each(leftTried)('nothing is left out of a video $name', async ({ name, change }) => {
    await leftMade()
    const file = change ? join(folder, name) : drawn(name)
    await change?.(drawn(name), file)
    const info = await probe(file)
    expect(hasNeedlessPackets(info, await readTimeline(file, info))).toBe(false)
  })

  test('a long dense pass is decoded so, and has the frames it should have', async () => {
    const file = join(folder, 'long.mp4')
    await drawVideo(file, 'testsrc2=s=960x540:r=25:d=36', [...h264, '-pix_fmt', 'yuv420p'])
    const info = await probe(file)
    const segments = denseSegments(info)
    const size = { height: 48, width: 80 }
    const alone = await Promise.all(
      segments.map(({ times }) => sampleFrames(file, info, { times: times.slice(0, 2), ...size })),
    )
    for await (const { segment, data, times, warnings } of samplePasses(file, info, {
      passes: { overview: 0, segments },
      ...size,
    })) {
      if (segment === 'overview') throw new Error('not asked for')
      expect(warnings).toEqual([])
      expect(times.map(time => time.toFixed(3))).toEqual(
        segments[segment]?.times.map(time => (Math.floor(time * 25 + 0.05) / 25).toFixed(3)),
      )
      const two = alone[segment]?.data
      expect(two && Buffer.from(two.buffer).equals(Buffer.from(data.buffer, 0, two.byteLength))).toBe(true)
    }
  })

  const refusals = [
    { name: 'takes none of the packets', program: 'exit 1' },
    { name: 'takes only the first packets', program: 'head -c 300000 | "$REAL" "$@"; exit' },
  ]
  test.runIf(process.platform !== 'win32').each(sample(refusals, 1))(
    'an ffmpeg that $name opens the file itself for the rest',
    async ({ name, program }) => {
      const file = join(folder, `${name}.mp4`)
      await drawVideo(file, 'testsrc2=s=960x540:r=25:d=36', [...h264, '-pix_fmt', 'yuv420p'])
      const info = await probe(file)
      const times = Array.from({ length: 72 }, (_, index) => index / 2)
      const size = { height: 12, width: 20, lanes: 1 }
      const expected = await sampleFrames(file, info, { times, ...size })
      const [real, log] = [await findExecutable('ffmpeg'), join(folder, `${name}.log`)]
      const refusing = join(folder, 'ffmpeg')
      await writeFile(
        refusing,
        `#!/bin/sh\nREAL='${real}'\ncase "$*" in *"-i pipe:0"*) echo refused >> '${log}'; ${program};; esac\nexec "$REAL" "$@"\n`,
      )
      await chmod(refusing, 0o755)
      configureExecutables({ ffmpeg: refusing })
      try {
        const sampled = await sampleFrames(file, info, { times, ...size })
        expect(sampled.warnings).toEqual([])
        expect(Buffer.from(sampled.data.buffer).equals(Buffer.from(expected.data.buffer))).toBe(true)
      } finally {
        configureExecutables({})
      }
      expect(await readFile(log, 'utf8')).toBe('refused\n')
    },
  )
})

/** How each packet begins in Matroska. */
const cluster = Buffer.from([0x1f, 0x43, 0xb6, 0x75, 0x01])

/**
 * Makes a container say that the colours are those of BT.709 in full range: in MP4 in the place of the bit rate,
 * ISO/IEC 14496-12, 12.1.5.
 */
async function tellColours(file: string): Promise<void> {
  const mp4 = `${file}.mp4`
  await ffmpeg(['-i', file, '-c', 'copy', mp4])
  const bytes = await readFile(mp4)
  const at = bytes.indexOf('btrt')
  if (at < 0 || bytes.readUInt32BE(at - 4) !== 20) throw new Error('ffmpeg wrote no bit rate')
  bytes.write('colrnclx', at, 'latin1')
  bytes.set([0, 1, 0, 1, 0, 1, 0x80, 0], at + 8)
  await writeFile(mp4, bytes)
  await ffmpeg(['-i', mp4, '-c', 'copy', file])
}

/**
 * Makes the size of a Matroska file's segment, eight bytes, unknown in one byte; a Void element fills the other seven.
 * RFC 8794, 6.2 and 11.3.2.
 */
async function forgetSize(file: string): Promise<void> {
  const bytes = await readFile(file)
  const segment = Buffer.from([0x18, 0x53, 0x80, 0x67, 0x01])
  bytes.set([0xff, 0xec, 0x85], bytes.indexOf(segment) + 4)
  await writeFile(file, bytes)
}

/** How many packets of the video reach the decoder. */
async function passedOn(file: string, info: MediaInfo, timeline: Timeline, run: DecodeRun): Promise<number> {
  const pieces: Buffer[] = []
  for await (const piece of neededPackets(file, info, { timeline, run, signal: undefined })) pieces.push(piece)
  const stream = Buffer.concat(pieces)
  let clusters = 0
  for (let at = stream.indexOf(cluster); at >= 0; at = stream.indexOf(cluster, at + 1)) clusters += 1
  return clusters
}
