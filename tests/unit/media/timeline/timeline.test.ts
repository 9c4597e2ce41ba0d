import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { probe } from '../../../../main/media/probing/probe.ts'
import { readTimeline } from '../../../../main/media/timeline/timeline.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { writeNumberedVideo, writeNumberedVideos } from '../../../support/videos/numbered-video.ts'
import type { NumberedVideo } from '../../../support/videos/numbered-video.ts'

const folder = folderOfFile('timelines of videos')

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '50']
const soundCodecs = ['-f', 'lavfi', '-t', '12', '-i', 'sine']

interface Case extends Omit<NumberedVideo, 'file' | 'frames'> {
  readonly name: string
  /** ffmpeg's options to make the file of an uncut one. */
  readonly remake?: { readonly before?: readonly string[]; readonly after: readonly string[] }
  /** The container's own list is taken; otherwise it does not tell what is shown. */
  readonly listed: boolean
}

const cases: readonly Case[] = [
  { name: 'plain.mp4', encode: h264, listed: true },
  {
    name: 'sound begins first.mov',
    before: [...soundCodecs, '-itsoffset', '1.5'],
    encode: [...h264, '-c:a', 'aac'],
    listed: true,
  },
  {
    name: 'picture begins first.mp4',
    before: ['-itsoffset', '1.5', ...soundCodecs],
    encode: [...h264, '-c:a', 'aac'],
    listed: true,
  },
  {
    name: 'variable rate.mp4',
    after: ['-vf', 'setpts=(N+floor(N/50)*25)/(25*TB)', '-fps_mode', 'vfr'],
    encode: h264,
    listed: true,
  },
  { name: 'no edit list.mp4', encode: [...h264, '-use_editlist', '0'], listed: true },
  { name: 'negative offsets.mp4', encode: [...h264, '-movflags', 'negative_cts_offsets'], listed: true },
  { name: 'index first.mp4', encode: [...h264, '-movflags', '+faststart'], listed: true },
  { name: 'open groups.mp4', encode: [...h264, '-x264-params', 'open-gop=1:keyint=40:scenecut=0'], listed: true },
  { name: 'another codec.mp4', encode: ['-c:v', 'mpeg4', '-bf', '2'], listed: true },
  { name: 'every frame a keyframe.mov', encode: ['-c:v', 'mjpeg'], listed: true },
  {
    name: 'beginning cut by an edit list.mp4',
    encode: h264,
    remake: { before: ['-ss', '0.6'], after: ['-c', 'copy'] },
    listed: false,
  },
  {
    name: 'both ends cut by an edit list.mp4',
    encode: h264,
    remake: { before: ['-ss', '1.1'], after: ['-t', '3.3', '-c', 'copy'] },
    listed: false,
  },
  { name: 'fragmented.mp4', encode: [...h264, '-movflags', 'frag_keyframe+empty_moov'], listed: false },
  { name: 'h264.mkv', encode: h264, listed: false },
]

const firstOf = ({ name, remake }: Case): string => join(folder, remake ? `${name}.uncut.mp4` : name)
const tried = sample(cases, 8)
const made = once(() =>
  writeNumberedVideos(
    folder,
    tried.map(one => ({ ...one, file: firstOf(one), frames: 200 })),
  ),
)

test.each(tried)('$name: from the container’s list (taken: $listed) as from the packets', async video => {
  const { remake, listed } = video
  await made()
  const file = join(folder, video.name)
  const first = firstOf(video)
  if (remake) await ffmpeg([...(remake.before ?? []), '-i', first, ...remake.after, file])
  const info = await probe(file)
  const timeline = await readTimeline(file, info)
  expect(timeline.listed).toBe(listed)
  // A count that is not exact keeps the list from being taken.
  expect({ ...timeline, listed: false }).toEqual(await readTimeline(file, { ...info, frameCountExact: false }))
})

test('the list of a file that was cut off is not taken', async () => {
  const [whole, cut] = [join(folder, 'whole.mp4'), join(folder, 'cut.mp4')]
  await writeNumberedVideo({ file: whole, frames: 200, encode: [...h264, '-movflags', '+faststart'] })
  const bytes = await readFile(whole)
  await writeFile(cut, bytes.subarray(0, bytes.length * 0.6))
  const timeline = await readTimeline(cut, await probe(cut))
  expect(timeline.listed).toBe(false)
  expect(timeline.frameTimes.length).toBeLessThan(200)
})

test.each(sample(['stts', 'ctts', 'stsc'], 1))('a list that contradicts itself is not taken: %s', async table => {
  const file = join(folder, `wrong ${table}.mp4`)
  await writeNumberedVideo({ file, frames: 200, encode: h264 })
  const info = await probe(file)
  const bytes = await readFile(file)
  // The first entry stands for four thousand million samples, or chunks of so many.
  bytes.writeUInt32BE(0xffffffff, bytes.indexOf(table) + (table === 'stsc' ? 16 : 12))
  await writeFile(file, bytes)
  expect((await readTimeline(file, info)).listed).toBe(false)
})
