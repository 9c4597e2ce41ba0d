import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { elementIds } from '../../../../main/media/containers/matroska/ebml.ts'
import { readPackets } from '../../../../main/media/containers/packets/packets.ts'
import { configureExecutables, ffmpegAbilities } from '../../../../main/media/ffmpeg/executables.ts'
import { probeWithPackets } from '../../../../main/media/probing/ffprobe/probed-packets.ts'
import type { ProbedFile } from '../../../../main/media/probing/ffprobe/probed-packets.ts'
import { listedMatroska } from '../../../../main/media/probing/listed/listed-matroska.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { facts, ffprobed } from './ffprobe-facts.ts'
import { element, rebuilt, whole } from './rebuilt-matroska.ts'
import type { Rebuild } from './rebuilt-matroska.ts'

const folder = folderOfFile('listed-matroska')
const at = (name: string): string => join(folder, name)

const yuv = ['-pix_fmt', 'yuv420p']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', ...yuv]
const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', ...yuv]
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', ...yuv]
const av1 = ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', ...yuv]
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', ...yuv]

/** Inputs: pictures at several rates and sizes, sound, and pictures or sound that come late. */
const inputs = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=98x62:rate=24000/1001:duration=1.3'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=130x34:rate=60:duration=0.7'],
  ...['-f', 'lavfi', '-i', 'sine=duration=1.3'],
  ...['-itsoffset', '0.4', '-f', 'lavfi', '-i', 'sine=duration=1.3'],
  ...['-itsoffset', '0.5', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30000/1001:duration=1'],
]
const map = (...streams: readonly number[]): string[] => streams.flatMap(stream => ['-map', String(stream)])

const usual: Readonly<Record<string, readonly string[]>> = {
  'vp9 and opus.webm': [...map(0, 3), ...vp9, '-c:a', 'libopus'],
  'odd vp9.mkv': [...map(1), ...vp9],
  'vp8 and vorbis.webm': [...map(2, 3), ...vp8, '-c:a', 'libvorbis'],
  'av1 and opus.webm': [...map(0, 3), ...av1, '-c:a', 'libopus'],
  'odd av1.mkv': [...map(1), ...av1],
  'h264 and aac.mkv': [...map(0, 3), ...h264, '-c:a', 'aac'],
  'odd h264.mkv': [...map(1), ...h264],
  'fast h264.mkv': [...map(2), ...h264],
  'sound before h264.mkv': [...map(3, 0), ...h264, '-c:a', 'libmp3lame'],
  'late sound.mkv': [...map(0, 4), ...h264, '-c:a', 'ac3'],
  'late picture.mkv': [...map(5, 3), ...h264, '-c:a', 'flac'],
  'hevc and aac.mkv': [...map(0, 3), ...hevc, '-c:a', 'aac'],
  'odd hevc.mkv': [...map(1), ...hevc],
  'uneven.mkv': [...map(0), '-vf', 'select=mod(n\\,3)', '-vsync', 'vfr', ...vp9],
  'several clusters.mkv': [...map(0, 3), ...h264, '-g', '5', '-c:a', 'aac', '-cluster_time_limit', '200'],
  'list of places first.mkv': [...map(0, 3), ...h264, '-c:a', 'aac', '-reserve_index_space', '2000'],
  'pixels of no stated shape.mkv': [...map(0), '-vf', 'setsar=0', ...h264],
  'pixels of no stated shape.webm': [...map(0), '-vf', 'setsar=0', ...vp9],
  'shifted.mkv': [...map(0, 3), ...h264, '-c:a', 'aac', '-output_ts_offset', '3'],
}
const unusual: Readonly<Record<string, readonly string[]>> = {
  'wide pixels.mkv': [...map(0), '-vf', 'setsar=4/3', ...vp9],
  'av1 of no stated shape.mkv': [...map(0), '-vf', 'setsar=0', ...av1],
  'wide pixels that only the stream tells.mkv': [
    ...[...map(0), '-vf', 'setsar=0', ...h264, '-bsf:v', 'h264_metadata=sample_aspect_ratio=4/3'],
  ],
  'ten bits.mkv': [...map(0), ...vp9, '-pix_fmt', 'yuv420p10le', '-profile:v', '2'],
  'full colours.mkv': [...map(0), ...vp9, '-pix_fmt', 'yuv444p'],
  'transparent.webm': [...map(0), ...vp9, '-pix_fmt', 'yuva420p'],
  'full range.mkv': [...map(0), ...h264, '-pix_fmt', 'yuvj420p'],
  'interlaced.mkv': [...map(0), '-c:v', 'libx264', ...yuv, '-flags', '+ilme+ildct', '-x264opts', 'tff=1'],
  'two films.mkv': [...map(0, 1), ...h264],
  'another codec.mkv': [...map(0), '-c:v', 'mpeg4'],
}
const files = once(async () => {
  await ffmpeg([...inputs, ...Object.entries({ ...usual, ...unusual }).flatMap(([name, args]) => [...args, at(name)])])
})

async function listed(path: string, isWhole = true): Promise<ProbedFile | undefined> {
  const file = await open(path)
  return listedMatroska(file, { whole: isWhole }).finally(() => file.close())
}

/** What both must agree in, to the last microsecond and byte. */
function told({ probed, packets }: ProbedFile): unknown {
  const film = probed.streams.find(stream => stream.codec_type === 'video')
  const { times, durations, positions, sizes, keys, shown } = packets?.get(film?.index ?? -1) ?? {}
  return {
    streams: probed.streams.map(facts),
    ends: film?.tags?.DURATION,
    format: [probed.format.format_name, Number(probed.format.start_time), Number(probed.format.duration)],
    packets: { times, durations, positions, sizes, keys, shown },
  }
}

async function expectEqual(path: string): Promise<void> {
  const [ours, theirs] = [await listed(path), await probeWithPackets(path, undefined)]
  expect(ours && told(ours)).toEqual(theirs && told(theirs))
}

describe('what a file says of itself is what ffprobe says', () => {
  test.each(sample(Object.keys(usual), 4))('%s', async name => {
    await files()
    await expectEqual(at(name))
  })

  test('of a large file only the beginning is read', async () => {
    await files()
    const path = at('vp9 and opus.webm')
    const ours = await listed(path, false)
    expect(ours?.packets).toBeUndefined()
    const theirs = await ffprobed(path)
    expect(ours && told(ours)).toEqual(told({ probed: theirs }))
  })
})

/** One picture in a group of its own, as mkvmerge writes what has a length; all but the first refer to others. */
const grouped: Rebuild = (id, content) => {
  if (id !== elementIds.SimpleBlock) return undefined
  const block = Buffer.from(content)
  const isKey = (block.readUInt8(3) & 0x80) !== 0
  block.writeUInt8(0, 3)
  const refers = isKey ? [] : [element(elementIds.ReferenceBlock, Buffer.from([0xd8]))]
  return element(
    elementIds.BlockGroup,
    Buffer.concat([element(elementIds.Block, block), ...refers, whole(elementIds.BlockDuration, 39)]),
  )
}
const inVideo =
  (...added: readonly Buffer[]): Rebuild =>
  (id, content) =>
    id === elementIds.Video ? element(id, Buffer.concat([content, ...added])) : undefined
const inTrack =
  (...added: readonly Buffer[]): Rebuild =>
  (id, content) =>
    id === elementIds.TrackEntry ? element(id, Buffer.concat([content, ...added])) : undefined

describe('a file that is made differently', () => {
  const others: Readonly<Record<string, Rebuild>> = {
    'pictures in groups': grouped,
    'a segment without an end': (id, content) =>
      id === elementIds.Segment ? element(id, content, { isOpen: true }) : undefined,
    'without tags': id => (id === elementIds.Tags ? Buffer.alloc(0) : undefined),
    'finer ticks': id => (id === elementIds.TimestampScale ? whole(id, 50_000) : undefined),
    'a name of many bytes': (id, content) =>
      id === elementIds.TrackUID ? element(id, Buffer.concat([Buffer.alloc(6), content]).subarray(-8)) : undefined,
    'filling between pictures': (id, content) =>
      id === elementIds.Cluster
        ? Buffer.concat([element(elementIds.Void, Buffer.alloc(99)), element(id, content)])
        : undefined,
  }
  test.each(Object.entries(others))('%s', async (name, rebuild) => {
    await files()
    const path = at(`${name}.mkv`)
    await writeFile(path, rebuilt(await readFile(at('odd h264.mkv')), rebuild))
    await expectEqual(path)
  })

  const left: Readonly<Record<string, Rebuild>> = {
    cropped: inVideo(whole(elementIds.PixelCropTop, 8)),
    'in two views': inVideo(whole(elementIds.StereoMode, 1)),
    'shown wider': inVideo(whole(elementIds.DisplayUnit, 3)),
    interlaced: id => (id === elementIds.FlagInterlaced ? whole(id, 1) : undefined),
    'of two sizes': inVideo(whole(elementIds.PixelWidth, 98)),
    encrypted: inTrack(element(elementIds.ContentEncodings, Buffer.alloc(0))),
    delayed: inTrack(whole(elementIds.CodecDelay, 40_000)),
    'without a rate': id => (id === elementIds.DefaultDuration ? Buffer.alloc(0) : undefined),
    'pictures of another size': (id, content) =>
      id === elementIds.PixelWidth ? whole(id, content.readUIntBE(0, content.length) + 2) : undefined,
    'several pictures in a block': (id, content) => {
      if (id !== elementIds.SimpleBlock) return undefined
      const block = Buffer.from(content)
      block.writeUInt8(block.readUInt8(3) | 0x04, 3)
      return element(id, block)
    },
    'an attachment': (id, content) =>
      id === elementIds.Tracks
        ? Buffer.concat([element(id, content), element(elementIds.Attachments, Buffer.alloc(0))])
        : undefined,
    'clusters without an end': (id, content) =>
      id === elementIds.Cluster ? element(id, content, { isOpen: true }) : undefined,
    'the same times again': (id, content) => {
      if (id !== elementIds.SimpleBlock) return undefined
      const block = Buffer.from(content)
      block.writeInt16BE(0, 1)
      return element(id, block)
    },
  }
  test.each(Object.entries(left))('%s is left to ffprobe', async (name, rebuild) => {
    await files()
    const path = at(`${name}.mkv`)
    await writeFile(path, rebuilt(await readFile(at('odd h264.mkv')), rebuild))
    expect(await listed(path)).toBeUndefined()
  })
})

describe('what it does not tell is left to ffprobe', () => {
  test.each(sample(Object.keys(unusual), 5))('%s', async name => {
    await files()
    expect(await listed(at(name))).toBeUndefined()
  })

  test('a file that is cut off, and two in one', async () => {
    await files()
    const bytes = await readFile(at('h264 and aac.mkv'))
    await writeFile(at('cut off.mkv'), bytes)
    await truncate(at('cut off.mkv'), Math.round(bytes.length * 0.7))
    await writeFile(at('twice.mkv'), Buffer.concat([bytes, bytes]))
    expect(await listed(at('cut off.mkv'))).toBeUndefined()
    expect(await listed(at('twice.mkv'))).toBeUndefined()
  })
})

test('no process is started for a file of the usual kind', async () => {
  await files()
  await ffmpegAbilities()
  try {
    configureExecutables({ ffprobe: at('there is no such program') })
    expect(await probe(at('vp9 and opus.webm'))).toMatchObject({
      frameCount: 25,
      frameCountExact: true,
      codec: 'vp9',
      audioCodec: 'opus',
    })
    await expect(probe(at('another codec.mkv'))).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  } finally {
    configureExecutables({})
  }
})

test('one start of ffprobe tells what two do', async () => {
  const names = ['a.ts', 'b.avi', 'c.flv', 'd.ogv', 'e.mpg', 'f.wmv']
  const encodings = [h264, ['-c:v', 'mpeg4', '-bf', '2'], h264, ['-c:v', 'libtheora'], ['-c:v', 'mpeg2video'], []]
  await ffmpeg([
    ...inputs,
    ...names.flatMap((name, index) => [...map(0, 3), ...(encodings[index] ?? []), '-ar', '44100', at(name)]),
  ])
  for (const name of names) {
    const [both, probed] = [await probeWithPackets(at(name), undefined), await ffprobed(at(name))]
    const stream = probed.streams.find(({ codec_type: type }) => type === 'video')?.index
    const packets = await readPackets(at(name), { stream })
    expect(both?.probed, name).toEqual(probed)
    expect(both?.packets?.get(stream ?? -1), name).toEqual(packets)
  }
})
