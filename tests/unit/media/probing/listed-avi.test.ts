import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configureExecutables, ffmpegAbilities } from '../../../../main/media/ffmpeg/executables.ts'
import { probeWithPackets } from '../../../../main/media/probing/ffprobe/probed-packets.ts'
import type { ProbedFile } from '../../../../main/media/probing/ffprobe/probed-packets.ts'
import { listedAvi } from '../../../../main/media/probing/listed/listed-avi.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { once } from '../../../support/once.ts'
import { sample } from '../../../support/sample.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'
import { packBFrames } from '../timeline/packed-b-frames.ts'
import { facts } from './ffprobe-facts.ts'
import { rebuiltAvi, withHeader } from './rebuilt-avi.ts'
import type { RebuiltAvi } from './rebuilt-avi.ts'

const folder = folderOfFile('listed-avi')
const at = (name: string): string => join(folder, name)

const mpeg4 = ['-c:v', 'mpeg4']
const mjpeg = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']
const yuv = ['-pix_fmt', 'yuv420p']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', ...yuv]
const codecs = { mpeg4, 'mpeg4 with B-frames': [...mpeg4, '-bf', '2'], mjpeg, h264, reordered: [...h264, '-bf', '2'] }
/** Every second and every fifth picture is left out: an empty packet stands in its place. */
const gaps = {
  'every second left out': ['-vf', 'select=not(mod(n\\,2))', '-vsync', 'vfr'],
  'four of five left out': ['-vf', 'select=not(mod(n\\,5))', '-vsync', 'vfr'],
  'the first ones left out': ['-vf', 'select=gt(n\\,3)', '-vsync', 'vfr'],
}

/** Inputs: pictures at several rates and sizes, sound, and pictures or sound that come late. */
const inputs = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=98x62:rate=24000/1001:duration=1.3'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=130x34:rate=60:duration=0.7'],
  ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=2'],
  ...['-f', 'lavfi', '-i', 'sine=duration=1.3'],
  ...['-itsoffset', '0.4', '-f', 'lavfi', '-i', 'sine=duration=1.3'],
  ...['-itsoffset', '0.5', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30000/1001:duration=1'],
]
const [first, film, fast, slow, sound, lateSound, latePicture] = [0, 1, 2, 3, 4, 5, 6]
const rates = { '25': first, '24000 of 1001': film, '60': fast, '5': slow }
const map = (...streams: readonly number[]): string[] => streams.flatMap(stream => ['-map', String(stream)])

const grid = Object.entries(codecs).flatMap(([codec, encode]) => [
  ...Object.entries(rates).map(([rate, stream]) => [`${codec}, ${rate}.avi`, [...map(stream), ...encode]] as const),
  ...(codec === 'h264' || codec === 'reordered' ? [] : Object.entries(gaps)).map(
    ([gap, filter]) => [`${codec}, ${gap}.avi`, [...map(film), ...filter, ...encode]] as const,
  ),
])
const usual: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(grid),
  'pyramid.avi': [...map(first), ...h264, '-x264opts', 'bframes=3:b-pyramid=normal'],
  'fields of mpeg4.avi': [...map(first), ...mpeg4, '-flags', '+ilme+ildct'],
  'colours halved once.avi': [...map(first), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj422p'],
  'pixels of no stated shape.avi': [...map(first), '-vf', 'setsar=0', ...mpeg4],
  'pixels of no stated shape of h264.avi': [...map(first), '-vf', 'setsar=0', ...h264],
  'two pictures.avi': [...map(first), '-frames:v', '2', ...mpeg4],
  'named XVID, mp3.avi': [...map(fast, sound), ...mpeg4, '-vtag', 'XVID', '-c:a', 'libmp3lame'],
  'ac3.avi': [...map(first, sound), ...mpeg4, '-g', '5', '-c:a', 'ac3'],
  'mp2.avi': [...map(first, sound), ...h264, '-c:a', 'mp2'],
  'aac first.avi': [...map(sound, first), ...mpeg4, '-c:a', 'aac'],
  'pulses.avi': [...map(first, sound), ...mjpeg, '-c:a', 'pcm_s16le'],
  'pulses of a byte.avi': [...map(first, sound), ...mjpeg, '-c:a', 'pcm_u8'],
  'two sounds.avi': [...map(first, sound, lateSound), ...mpeg4, '-c:a:0', 'libmp3lame', '-c:a:1', 'aac'],
  'late sound.avi': [...map(first, lateSound), ...mpeg4, '-c:a', 'libmp3lame'],
  'late picture.avi': [...map(latePicture, sound), ...mpeg4, '-c:a', 'libmp3lame'],
  'words about it.avi': [...map(first), ...mpeg4, '-metadata', 'title=00dc', '-metadata:s:v', 'title=01wb'],
}
const unusual: Readonly<Record<string, readonly string[]>> = {
  'one picture.avi': [...map(first), '-frames:v', '1', ...mpeg4],
  'a picture a second.avi': [...map(first), '-r', '1', ...mpeg4],
  'pictures of h264 left out.avi': [...map(first), ...gaps['every second left out'], ...h264],
  'interlaced.avi': [...map(first), '-c:v', 'libx264', ...yuv, '-flags', '+ilme+ildct', '-x264opts', 'tff=1'],
  'full colours.avi': [...map(first), '-c:v', 'libx264', '-pix_fmt', 'yuv444p'],
  'full range.avi': [...map(first), '-c:v', 'libx264', '-pix_fmt', 'yuvj420p'],
  'wide pixels.avi': [...map(first), '-vf', 'setsar=4/3', ...mpeg4],
  'wide pixels of h264.avi': [...map(first), '-vf', 'setsar=4/3', ...h264],
  'wide pixels of mjpeg.avi': [...map(first), '-vf', 'setsar=4/3', ...mjpeg],
  'two films.avi': [...map(first, film), ...mpeg4],
  'another codec.avi': [...map(first), '-c:v', 'msmpeg4v3'],
  'without loss.avi': [...map(first), '-c:v', 'ffv1'],
  'sound alone.avi': [...map(sound), '-c:a', 'libmp3lame'],
  'another container.mkv': [...map(first), ...mpeg4],
}
const files = once(async () => {
  await ffmpeg([...inputs, ...Object.entries({ ...usual, ...unusual }).flatMap(([name, args]) => [...args, at(name)])])
})

async function listed(path: string): Promise<ProbedFile | undefined> {
  const file = await open(path)
  return listedAvi(file).finally(() => file.close())
}

/** What both must agree in, to the last microsecond and byte. */
function told({ probed, packets }: ProbedFile): unknown {
  const pictures = probed.streams.find(stream => stream.codec_type === 'video')
  return {
    streams: probed.streams.map(facts),
    format: [probed.format.format_name, Number(probed.format.start_time)],
    packets: packets?.get(pictures?.index ?? -1),
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
})

describe('what it does not tell is left to ffprobe', () => {
  test.each(sample(Object.keys(unusual), 6))('%s', async name => {
    await files()
    expect(await listed(at(name))).toBeUndefined()
  })
})

const shortened = (bytes: Buffer, share: number): Buffer => bytes.subarray(0, Math.round(bytes.length * share))

describe('a file that is made differently', () => {
  const others: Readonly<Record<string, RebuiltAvi>> = {
    'places from the beginning of the file': { index: entry => ({ ...entry, place: entry.position }) },
    'filling between packets': { packets: each => [each, { id: 'JUNK', content: Buffer.alloc(7) }] },
    'the pictures before the sound': {
      order: list => [...list.filter(({ id }) => id === '00dc'), ...list.filter(({ id }) => id !== '00dc')],
    },
    'the first picture left out': {
      packets: (each, number) => (number === 0 ? [{ ...each, content: Buffer.alloc(0) }, each] : [each]),
    },
    'the last pictures left out': {
      packets: (each, _number, isLast) => (isLast ? [each, { id: '00dc', content: Buffer.alloc(0) }] : [each]),
    },
    'without any header of filling': { headers: ({ id }) => id !== 'JUNK' && id !== 'odml' },
    'filling behind the whole': { behind: Buffer.from('JUNK\x04\0\0\0abcd', 'latin1') },
  }
  test.each(Object.entries(others))('%s', async (name, rebuild) => {
    await files()
    const sources = ['named XVID, mp3.avi', 'mpeg4 with B-frames, 24000 of 1001.avi', 'pulses.avi']
    for (const source of sample(sources, 1)) {
      const path = at(`${name}, ${source}`)
      await writeFile(path, rebuiltAvi(await readFile(at(source)), rebuild))
      await expectEqual(path)
    }
  })

  const announced: Readonly<Record<string, readonly [place: number, value: number]>> = {
    'more pictures than there are': [32, 400],
    'fewer pictures than there are': [32, 3],
    'a size of buffer': [36, 0],
  }
  test.each(Object.entries(announced))('its header tells of %s', async (name, [place, value]) => {
    await files()
    const sources = ['mpeg4, 25.avi', 'h264, 25.avi', 'mjpeg, 25.avi', 'mpeg4 with B-frames, 25.avi']
    for (const source of sample(sources, 1)) {
      const path = at(`${name}, ${source}`)
      await writeFile(path, withHeader(await readFile(at(source)), place, value))
      await expectEqual(path)
    }
  })
})

test.each([20, 30, 95])('JPEG and times that MPEG-4 tells finely are of any rate: %i', async rate => {
  await files()
  const names = ['mjpeg, 25.avi', 'mpeg4, 24000 of 1001.avi', 'mpeg4 with B-frames, 24000 of 1001.avi']
  for (const name of sample(names, 2)) {
    const path = at(`${rate} instead of ${name}`)
    const scaled = withHeader(await readFile(at(name)), 20, 1)
    await writeFile(path, withHeader(scaled, 24, rate))
    await expectEqual(path)
  }
})

describe('a file that is left to ffprobe', () => {
  const left: Readonly<Record<string, RebuiltAvi>> = {
    'without a list of packets': { index: () => undefined },
    'with a list that lacks the last': { index: (entry, _number, isLast) => (isLast ? undefined : entry) },
    'with a list of other sizes': { index: entry => ({ ...entry, size: entry.size + 1 }) },
    'with a list of other places': {
      index: (entry, number) => ({ ...entry, place: entry.place + (number > 5 ? 2 : 0) }),
    },
    'with no picture marked': { index: entry => ({ ...entry, flags: 0 }) },
    'with something else between packets': { packets: each => [each, { id: 'abcd', content: Buffer.alloc(2) }] },
    'with a palette': { packets: each => [each, { id: '00pc', content: Buffer.alloc(2) }] },
    'with packets of no stream': { packets: each => [each, { id: '07dc', content: Buffer.alloc(2) }] },
    'with more behind it': { behind: Buffer.from('00dc\x04\0\0\0abcd', 'latin1') },
  }
  test.each(Object.entries(left))('%s', async (name, rebuild) => {
    await files()
    const path = at(`${name}.avi`)
    await writeFile(path, rebuiltAvi(await readFile(at('mpeg4, 25.avi')), rebuild))
    expect(await listed(path)).toBeUndefined()
  })

  test.each(['mpeg4, 25.avi', 'h264, 25.avi', 'mpeg4 with B-frames, 25.avi'])(
    'whose header tells of another rate than the pictures of %s',
    async name => {
      await files()
      for (const rate of [20, 30, 50, 95]) {
        const path = at(`${rate} instead of ${name}`)
        await writeFile(path, withHeader(await readFile(at(name)), 24, rate))
        expect(await listed(path)).toBeUndefined()
      }
    },
  )

  const headers: Readonly<Record<string, readonly [place: number, value: number]>> = {
    'begins later': [28, 5],
    'has no rate': [24, 0],
    'has packets of equal size': [44, 4],
    'announces no picture': [32, 0],
    'has a thousand pictures a second': [24, 1000],
  }
  test.each(Object.entries(headers))('whose film %s', async (name, [place, value]) => {
    await files()
    await writeFile(at(`${name}.avi`), withHeader(await readFile(at('mpeg4, 25.avi')), place, value))
    expect(await listed(at(`${name}.avi`))).toBeUndefined()
  })

  test('with B-frames in the packets of others', async () => {
    await files()
    await writeFile(at('packed.avi'), packBFrames(await readFile(at('mpeg4 with B-frames, 25.avi'))))
    expect(await listed(at('packed.avi'))).toBeUndefined()
  })

  test('with B-frames though there are said to be none', async () => {
    await files()
    const bytes = await readFile(at('mpeg4 with B-frames, 25.avi'))
    // Of the layer: the kind in nine bits, and version, shape and format of colours before what is set.
    const layer = bytes.indexOf(Buffer.from([0, 0, 1, 0x20])) + 4
    const place = 1 + 8 + 1 + 7 + 4 + 1 + 2
    bytes.writeUInt8(bytes.readUInt8(layer + (place >> 3)) | (0x80 >> (place & 7)), layer + (place >> 3))
    await writeFile(at('said to be in order.avi'), bytes)
    expect(await listed(at('said to be in order.avi'))).toBeUndefined()
  })

  test('cut off anywhere', async () => {
    await files()
    const bytes = await readFile(at('named XVID, mp3.avi'))
    for (const share of [0.01, 0.2, 0.5, 0.9, 0.99]) {
      const path = at(`cut off at ${share}.avi`)
      await writeFile(path, shortened(bytes, share))
      expect(await listed(path), String(share)).toBeUndefined()
    }
    await writeFile(at('one byte short.avi'), bytes)
    await truncate(at('one byte short.avi'), bytes.length - 1)
    expect(await listed(at('one byte short.avi'))).toBeUndefined()
  })
})

test('the description of a video is the same with and without ffprobe', async () => {
  await files()
  for (const name of sample(Object.keys(usual), 4)) {
    // A byte behind the file changes nothing of it, and is nothing that is usual.
    const other = at('with a byte behind.avi')
    await writeFile(other, Buffer.concat([await readFile(at(name)), Buffer.alloc(1)]))
    expect(await listed(other), name).toBeUndefined()
    expect(await probe(at(name)), name).toEqual(await probe(other))
  }
})

test('no process is started for a file of the usual kind', async () => {
  await files()
  await ffmpegAbilities()
  try {
    configureExecutables({ ffprobe: at('there is no such program') })
    expect(await probe(at('mpeg4, 25.avi'))).toMatchObject({ frameCount: 25, frameCountExact: true, codec: 'mpeg4' })
    await expect(probe(at('another codec.avi'))).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  } finally {
    configureExecutables({})
  }
})
