import type { StreamFormat } from '../stream-format.ts'
import { box, boxes } from './iso-boxes.ts'

/** More than six days of video are rather a number that is wrong. */
const mostSamples = 2 ** 24

/**
 * The format of a video track; undefined where the index does not tell it in the usual way. ISO/IEC 14496-12, 8.5.2 and
 * 12.1.
 * @param position of the track among all; without it the first one with pictures is meant.
 */
export function isoFormat(index: Buffer, position?: number): StreamFormat | undefined {
  const descriptions = box(videoTrack(index, position), 'mdia', 'minf', 'stbl', 'stsd')
  const [description, ...others] = boxes(descriptions?.subarray(8))
  if (!description || others.length > 0) return undefined
  // VisualSampleEntry: 78 bytes, then boxes.
  const details = description.content.subarray(78)
  const configuration = box(details, 'avcC') ?? box(details, 'hvcC')
  const colour = box(details, 'colr')
  const kind = colour?.toString('latin1', 0, 4)
  const told = colour && (kind === 'nclx' || kind === 'nclc') && colour.length >= 10 ? colour : undefined
  return (
    configuration && {
      configuration,
      matrix: told?.readUInt16BE(8),
      fullRange: kind === 'nclx' && told && told.length > 10 ? told.readUInt8(10) >= 0x80 : undefined,
    }
  )
}

/**
 * A stored frame: seconds at which it is shown and for how long, its place in the file in bytes, and whether decoding
 * can begin with it.
 */
export interface Sample {
  readonly time: number
  readonly duration: number
  readonly position: number
  readonly size: number
  readonly isKey: boolean
}

/**
 * The frames of a video track in decoding order, times as ffmpeg counts them. ISO/IEC 14496-12, 8.6 and 8.7.
 * Undefined where the index tells of another number of frames, contradicts itself, has cuts, or is only of the first
 * fragment.
 * @param count of frames that is expected. @param position as for {@link isoFormat}.
 */
export function isoSamples(index: Buffer, count: number, position?: number): Sample[] | undefined {
  if (count > mostSamples || box(index, 'mvex')) return undefined
  try {
    const track = videoTrack(index, position)
    const table = box(track, 'mdia', 'minf', 'stbl')
    const [header, movie] = [box(track, 'mdia', 'mdhd'), box(index, 'mvhd')]
    const [durations, offsets, keys, sizes] = [
      box(table, 'stts'),
      box(table, 'ctts'),
      box(table, 'stss'),
      box(table, 'stsz'),
    ]
    if (!header || !movie || !durations || !sizes || sizes.readUInt32BE(8) !== count) return undefined
    const ticks = ticksPerSecond(header)
    const begin = shownFrom(box(track, 'edts', 'elst'), ticks, ticksPerSecond(movie))
    const positions = chunkRuns(table, count)
    if (begin === undefined || !positions) return undefined
    const [duration, offset] = [
      runs(durations, count, at => durations.readUInt32BE(at)),
      offsets ? runs(offsets, count, at => offsets.readInt32BE(at)) : () => 0,
    ]
    const sizeOfAll = sizes.readUInt32BE(4)
    const keyed =
      keys && new Set(Array.from({ length: keys.readUInt32BE(4) }, (_, key) => keys.readUInt32BE(8 + 4 * key) - 1))
    let [decoded, next] = [0, 0]
    return Array.from({ length: count }, (_, sample) => {
      const size = sizeOfAll || sizes.readUInt32BE(12 + 4 * sample)
      const position = positions(sample) ?? next
      const time = (decoded + offset()) / ticks - begin
      const lasts = duration()
      decoded += lasts
      next = position + size
      return { time, duration: lasts / ticks, position, size, isKey: !keyed || keyed.has(sample) }
    })
  } catch (error) {
    // A table is shorter than it says, or contradicts another.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Ticks a second of the clock that a header (`mdhd`, `mvhd`) states. */
export function ticksPerSecond(header: Buffer): number {
  return header.readUInt32BE(header[0] === 1 ? 20 : 12)
}

/**
 * Seconds of the media at which the edit list begins to show it, less what it shows before; undefined where it does
 * more than move the whole.
 */
export function shownFrom(edits: Buffer | undefined, ticks: number, movieTicks: number): number | undefined {
  if (!edits) return 0
  const long = edits[0] === 1
  let [begin, delay]: [number | undefined, number] = [undefined, 0]
  for (let edit = 0; edit < edits.readUInt32BE(4); edit += 1) {
    const at = 8 + edit * (long ? 20 : 12)
    const [length, from] = long
      ? [Number(edits.readBigUInt64BE(at)), Number(edits.readBigInt64BE(at + 8))]
      : [edits.readUInt32BE(at), edits.readInt32BE(at + 4)]
    if (begin !== undefined || edits.readUInt32BE(at + (long ? 16 : 8)) !== 0x10000) return undefined
    if (from < 0) delay += length
    else begin = from
  }
  return begin === undefined ? undefined : begin / ticks - delay / movieTicks
}

/**
 * Values that a table gives for so many samples in a row each, asked for in order. @throws RangeError unless it is for
 * exactly `count` samples.
 */
function runs(table: Buffer, count: number, value: (at: number) => number): () => number {
  const entries = table.readUInt32BE(4)
  let sum = 0
  for (let entry = 0; entry < entries; entry += 1) sum += table.readUInt32BE(8 + 8 * entry)
  if (sum !== count) throw new RangeError(`values for ${sum} of ${count} samples`)
  let [entry, left] = [-1, 0]
  return () => {
    while (left === 0) {
      entry += 1
      left = table.readUInt32BE(8 + 8 * entry)
    }
    left -= 1
    return value(12 + 8 * entry)
  }
}

/**
 * The position of each sample that begins a chunk, undefined for the others, asked for in order. @throws RangeError as
 * {@link runs}.
 */
function chunkRuns(table: Buffer | undefined, count: number): ((sample: number) => number | undefined) | undefined {
  const [short, long, perChunk] = [box(table, 'stco'), box(table, 'co64'), box(table, 'stsc')]
  const chunks = short ?? long
  if (!chunks || !perChunk) return undefined
  const [chunkCount, entries] = [chunks.readUInt32BE(4), perChunk.readUInt32BE(4)]
  const begins = new Map<number, number>()
  let [sample, entry] = [0, -1]
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    if (entry + 1 < entries && perChunk.readUInt32BE(8 + 12 * (entry + 1)) === chunk + 1) entry += 1
    begins.set(sample, short ? short.readUInt32BE(8 + 4 * chunk) : Number(chunks.readBigUInt64BE(8 + 8 * chunk)))
    sample += perChunk.readUInt32BE(12 + 12 * entry)
    if (sample > count) break
  }
  if (sample !== count) throw new RangeError(`chunks hold ${sample} of ${count} samples`)
  return wanted => begins.get(wanted)
}

function videoTrack(index: Buffer, position: number | undefined): Buffer | undefined {
  const tracks = boxes(index)
    .filter(({ type }) => type === 'trak')
    .map(({ content }) => content)
  return tracks.find(
    (track, at) => (position ?? at) === at && box(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'vide',
  )
}
