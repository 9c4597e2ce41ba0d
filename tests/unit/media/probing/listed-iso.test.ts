import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configureExecutables } from '../../../../main/media/ffmpeg/executables.ts'
import type { Probed } from '../../../../main/media/probing/ffprobe/probe-output.ts'
import { listedIso } from '../../../../main/media/probing/listed/listed-iso.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { facts, ffprobed } from './ffprobe-facts.ts'

const folder = folderOfFile('listed')
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1']
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1.3']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const bFrames = [...h264, '-bf', '2']
const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p']
const hevcInFull = ['-c:v', 'libx265', '-tag:v', 'hvc1', '-pix_fmt', 'yuv420p', '-x265-params']
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p']
const av1 = ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p']

async function make(name: string, args: readonly string[]): Promise<string> {
  const file = join(folder, name)
  await ffmpeg([...args, file])
  return file
}

async function listed(path: string): Promise<Probed | undefined> {
  const file = await open(path)
  return listedIso(file).finally(() => file.close())
}

describe('what is read from the index is what ffprobe says', () => {
  const usual: [name: string, args: string[]][] = [
    ['plain.mp4', [...picture, ...h264]],
    ['reordered.mp4', [...picture, ...bFrames]],
    ['index first.mov', [...picture, ...bFrames, '-movflags', '+faststart']],
    ['film rate.mp4', [...picture, '-r', '30000/1001', ...bFrames]],
    ['odd size.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=102x66:rate=10:duration=1', ...bFrames]],
    ['high profile.mp4', [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-profile:v', 'high']],
    [
      'colours told.mp4',
      [...picture, ...h264, '-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709'],
    ],
    ['longer aac.mp4', [...picture, ...sound, ...bFrames, '-c:a', 'aac']],
    ['sound before picture.mp4', [...picture, ...sound, '-map', '1', '-map', '0', ...bFrames, '-c:a', 'libmp3lame']],
    ['opus.mp4', [...picture, ...sound, ...h264, '-c:a', 'libopus']],
    ['later ac3.mp4', [...picture, '-itsoffset', '0.4', ...sound, ...bFrames, '-c:a', 'ac3']],
    ['hevc.mp4', [...picture, ...sound, ...hevc, '-c:a', 'aac']],
    ['odd hevc.mov', ['-f', 'lavfi', '-i', 'testsrc2=size=98x62:rate=24000/1001:duration=1', ...hevc]],
    [
      'hevc that says all of itself.mp4',
      [
        ...[...picture, ...hevcInFull],
        'log-level=error:scaling-list=default:temporal-layers=1:hrd=1:vbv-maxrate=500:vbv-bufsize=500:colorprim=bt709',
      ],
    ],
    ['vp9.mp4', [...picture, ...sound, ...vp9, '-c:a', 'aac']],
    ['odd vp9.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=98x62:rate=15:duration=1', ...vp9]],
    ['av1.mp4', [...picture, ...sound, ...av1, '-c:a', 'libopus']],
    ['odd av1.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=130x34:rate=30000/1001:duration=1', ...av1]],
  ]
  test.each(sample(usual, 5))('%s', async (name, args) => {
    const path = await make(name, args)
    const [ours, theirs] = [await listed(path), await ffprobed(path)]
    expect(ours?.streams.map(facts)).toEqual(theirs.streams.map(facts))
    expect(ours?.format.format_name).toBe(theirs.format.format_name)
    expect(Number(ours?.format.start_time)).toBe(Number(theirs.format.start_time))
  })

  test.each(sample([90, 180, 270], 1))('turned by %i degrees', async degrees => {
    const upright = await make(`upright ${degrees}.mp4`, [...picture, ...h264])
    const path = await make(`turned ${degrees}.mp4`, [
      ...['-i', upright, '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`],
    ])
    expect((await listed(path))?.streams.map(facts)).toEqual((await ffprobed(path)).streams.map(facts))
    expect((await probe(path)).rotation % 180).toBe(degrees % 180)
  })
})

describe('what the index does not tell is left to ffprobe', () => {
  const unusual: [name: string, args: string[]][] = [
    ['no edit list.mp4', [...picture, ...bFrames, '-use_editlist', '0']],
    ['late picture.mp4', ['-itsoffset', '0.4', ...picture, ...sound, ...bFrames, '-c:a', 'aac', '-vsync', 'vfr']],
    ['uneven.mp4', [...picture, '-vf', 'select=mod(n\\,3)', '-vsync', 'vfr', ...bFrames]],
    [
      'interlaced.mp4',
      [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-flags', '+ilme+ildct', '-x264opts', 'tff=1'],
    ],
    ['ten bits.mp4', [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p10le']],
    ['full colours.mp4', [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv444p']],
    ['full range.mp4', [...picture, '-c:v', 'libx264', '-pix_fmt', 'yuvj420p']],
    ['wide pixels.mp4', [...picture, '-vf', 'setsar=4/3', ...h264]],
    ['fragmented.mp4', [...picture, ...h264, '-movflags', '+frag_keyframe+empty_moov']],
    ['two films.mp4', [...picture, ...picture, '-map', '0', '-map', '1', ...h264]],
    ['timecode beside.mov', [...picture, ...sound, ...h264, '-timecode', '01:00:00:00']],
    ['ten bits of hevc.mp4', [...picture, ...hevc, '-pix_fmt', 'yuv420p10le']],
    ['full range of hevc.mp4', [...picture, ...hevc, '-color_range', 'pc']],
    ['wide pixels of hevc.mp4', [...picture, '-vf', 'setsar=4/3', ...hevc]],
    ['wide pixels of av1.mp4', [...picture, '-vf', 'setsar=4/3', ...av1]],
    ['uneven vp9.mp4', [...picture, '-vf', 'select=mod(n\\,3)', '-vsync', 'vfr', ...vp9]],
    ['another codec.mp4', [...picture, '-c:v', 'mpeg4']],
    ['another container.mkv', [...picture, ...h264]],
  ]
  test.each(sample(unusual, 4))('%s', async (name, args) => {
    expect(await listed(await make(name, args))).toBeUndefined()
  })

  test('a cut without encoding, which begins amid a group of pictures', async () => {
    const whole = await make('whole.mp4', [...picture, ...sound, ...bFrames, '-c:a', 'aac'])
    expect(await listed(await make('cut.mp4', ['-ss', '0.3', '-i', whole, '-c', 'copy']))).toBeUndefined()
  })

  test('pictures that are to be shown wider than they are stored, as the track says', async () => {
    const path = await make('wider.mp4', [...picture, ...h264])
    const bytes = await readFile(path)
    // Without a shape of the pixels, and with 192 × 64 in the header of the track.
    bytes.write('free', bytes.indexOf('pasp'), 'latin1')
    bytes.writeUInt32BE(192 * 0x10000, bytes.indexOf('tkhd') + 4 + 76)
    await writeFile(path, bytes)
    expect(await listed(path)).toBeUndefined()
    expect(await probe(path)).toMatchObject({ width: 192, height: 64, storedWidth: 96 })
  })

  test('pictures that the index lists and the file lacks', async () => {
    const path = await make('cut off.mp4', [...picture, ...h264, '-movflags', '+faststart'])
    const whole = await probe(path)
    expect(whole.frameCount).toBe(25)
    const file = await open(path)
    const { size } = await file.stat()
    await file.close()
    await truncate(path, Math.round(size * 0.7))
    expect((await probe(path)).frameCount).toBeLessThan(25)
  })
})

test('no process is started for a file of the usual kind', async () => {
  const path = await make('counted.mp4', [...picture, ...bFrames])
  const expected = await ffprobed(path)
  try {
    configureExecutables({ ffprobe: join(folder, 'there is no such program') })
    const info = await probe(path)
    expect(String(info.frameCount)).toBe(expected.streams[0]?.nb_frames)
    await expect(probe(await make('other.ts', [...picture, ...h264]))).rejects.toMatchObject({
      code: 'ffmpeg-missing',
    })
  } finally {
    configureExecutables({})
  }
})
