import { createHash } from 'node:crypto'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { contentIdentity, fileStamp, stampText } from '../../storage/files/file-identity.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import type { MediaInfo } from '../media-info.ts'
import { probe } from '../probing/probe.ts'
import { sampleFrames, sampleNumberedFrames, sampleOverview } from '../sampling/frames.ts'
import type { SampleOptions } from '../sampling/frames.ts'
import { cutRegion, sizeForRegions } from '../sampling/region-transform.ts'
import type { Region } from '../sampling/region-transform.ts'
import type { SampledFrames } from '../sampling/sample-target.ts'
import { FrameStore } from './frame-store.ts'
import type { FrameStoreChoice } from './frame-store.ts'

/** Frames of a video. Times are seconds from its beginning. */
export interface FramesPart {
  readonly path: string
  readonly info: MediaInfo
  /** So many over the whole video, or those on screen at these times. */
  readonly wanted: number | readonly number[]
  /** Where other times are wanted another time: all that may be, in order; they are decoded together and kept. */
  readonly among?: readonly number[] | undefined
  /** `wanted` and `among` are no times, but positions among all frames of the video. */
  readonly numbered?: boolean | undefined
}

/** Frames of one example. All parts have the same number of bytes in a frame. */
export interface FramesRequest {
  readonly parts: readonly FramesPart[]
  /** Size of the model's input. */
  readonly height: number
  readonly width: number
  /** The part of the picture that is wanted, in the place of the transform for evaluation. */
  readonly region: Region | null
  /** Null where nothing is kept. */
  readonly store: FrameStoreChoice | null
}

export interface LoadedFrames {
  /** Bytes `[N, height, width, 3]`, the parts one after the other. */
  readonly data: Uint8Array
  /** Sentences about the store that were not given before. */
  readonly notices: readonly string[]
}

/** Changes whenever the same file, times and size give other bytes. */
const formatVersion = 2
/** Several videos are decoded at a time: one process and thread each costs the least. */
const decoder = { lanes: 1, threads: 1 } as const

const stores = new Map<string, FrameStore>()
const identities = new Map<string, { readonly stamp: string; readonly identity: Promise<string> }>()
/**
 * Keys of parts with frames that cannot be decoded. What stands in their place depends on what is decoded together:
 * they are not kept.
 */
const damaged = new Set<string>()

/**
 * The frames of an order, byte for byte the same whether or not they were kept.
 * @throws ExpectedError `video-undecodable` when not one frame can be decoded; as `probe` when a file is gone.
 */
export async function loadFrames(order: FramesRequest, signal?: AbortSignal): Promise<LoadedFrames> {
  try {
    return await load(order, signal)
  } catch (error) {
    signal?.throwIfAborted()
    // What the system complains about, as of a file that is gone, is told in a sentence by whoever looks at the file
    // again.
    if (!(error instanceof ExpectedError)) for (const { path } of order.parts) await probe(path, { signal })
    throw error
  }
}

async function load(order: FramesRequest, signal: AbortSignal | undefined): Promise<LoadedFrames> {
  const store = order.store && order.store.limit > 0 ? storeOf(order.store) : null
  const parts = order.parts.map(part => ({ ...part, picture: pictureOf(part, order) }))
  const pieces = store
    ? ((await storedPieces(store, parts, signal)) ?? (await decoded(parts, signal)))
    : await decoded(parts, signal)
  const frameSize = order.height * order.width * 3
  const counts = parts.map(countOf)
  const data = new Uint8Array(counts.reduce((sum, count) => sum + count, 0) * frameSize)
  let position = 0
  for (const [index, piece] of pieces.entries()) {
    const target = data.subarray(position, (position += (counts[index] ?? 0) * frameSize))
    const { picture } = parts[index]!
    if (order.region) cutRegion(piece, { input: picture, region: order.region, target, output: order })
    else target.set(piece)
  }
  return { data, notices: store?.takeNotices() ?? [] }
}

/** How a frame is handed over by the decoder: cropped and scaled for evaluation, else whole. */
type Picture = Required<Pick<SampleOptions, 'height' | 'width'>> & Pick<SampleOptions, 'whole'>

type PicturedPart = FramesPart & { readonly picture: Picture }

function pictureOf({ info }: FramesPart, { height, width, region }: FramesRequest): Picture {
  if (!region) return { height, width }
  const stored = { height: info.storedHeight, width: info.storedWidth }
  return { ...sizeForRegions(stored, { height, width }), whole: true }
}

const countOf = ({ wanted }: FramesPart): number => (typeof wanted === 'number' ? wanted : wanted.length)

/** Every part's frames, kept ones and others; null where some cannot be decoded, and all must be decoded together. */
async function storedPieces(
  store: FrameStore,
  parts: readonly PicturedPart[],
  signal: AbortSignal | undefined,
): Promise<Uint8Array[] | null> {
  const keys = await Promise.all(parts.map(part => keyOf(part)))
  if (keys.some(key => damaged.has(key))) return null
  const pieces = await Promise.all(
    parts.map(async (part, index) => {
      const { height, width } = part.picture
      return (await store.read(keys[index]!, height * width * 3, positionsOf(part)))?.frames ?? null
    }),
  )
  signal?.throwIfAborted()
  const missing = parts.flatMap((part, index) => (pieces[index] ? [] : [{ part, index }]))
  // Where nothing more is kept, frames that may be wanted another time need not be decoded.
  const whole = missing.map(({ part }) => (part.among && store.writes ? { ...part, wanted: part.among } : part))
  const found = await sampled(whole, signal).catch((error: unknown) => {
    // Together with what is kept the rest may be told; if not, the same is said again.
    if (missing.length === parts.length) throw error
    return null
  })
  if (found?.some(({ replaced }) => replaced > 0) ?? true) {
    for (const { index } of missing) damaged.add(keys[index]!)
    return null
  }
  for (const [place, { part, index }] of missing.entries()) {
    const { data, times } = found![place]!
    const isWhole = !part.among || whole[place]!.wanted === part.among
    if (isWhole) await store.write(keys[index]!, { frames: data, times })
    pieces[index] = isWhole && part.among ? picked(data, part) : data
  }
  return pieces as Uint8Array[]
}

/** The wanted frames out of all those that may be wanted. */
function picked(all: Uint8Array, part: PicturedPart): Uint8Array {
  const size = part.picture.height * part.picture.width * 3
  const positions = positionsOf(part)
  const frames = new Uint8Array(positions.length * size)
  for (const [place, position] of positions.entries()) {
    frames.set(all.subarray(position * size, (position + 1) * size), place * size)
  }
  return frames
}

/** Where the wanted frames lie among those that are kept of the part. */
function positionsOf({ wanted, among }: FramesPart): number[] {
  if (!among || typeof wanted === 'number') {
    return Array.from({ length: typeof wanted === 'number' ? wanted : wanted.length }, (_, place) => place)
  }
  const places = new Map(among.map((time, place) => [time, place]))
  return wanted.map(time => {
    const place = places.get(time)
    if (place === undefined) throw new Error(`${time} s is wanted and not among the times that may be`)
    return place
  })
}

const decoded = async (parts: readonly PicturedPart[], signal: AbortSignal | undefined): Promise<Uint8Array[]> =>
  (await sampled(parts, signal)).map(({ data }) => data)

/** Decodes parts, those of one video in one go. */
async function sampled(
  parts: readonly PicturedPart[],
  signal: AbortSignal | undefined,
): Promise<(SampledFrames & { readonly dtype: 'uint8' })[]> {
  const found = new Map<number, SampledFrames & { readonly dtype: 'uint8' }>()
  const timed = new Map<string, number[]>()
  for (const [index, { path, info, wanted, numbered = false, picture }] of parts.entries()) {
    if (typeof wanted === 'number') {
      found.set(index, bytesOf(await sampleOverview(path, info, { ...picture, ...decoder, frames: wanted, signal })))
    } else {
      timed.set(`${numbered} ${path}`, [...(timed.get(`${numbered} ${path}`) ?? []), index])
    }
  }
  for (const indices of timed.values()) {
    const [first] = indices.map(index => parts[index]!)
    const { path, info, numbered, picture } = first!
    const times = indices.map(index => parts[index]!.wanted as readonly number[])
    const options = { ...picture, ...decoder, signal }
    const all = bytesOf(
      await (numbered
        ? sampleNumberedFrames(path, info, { numbers: times.flat(), ...options })
        : sampleFrames(path, info, { times: times.flat(), ...options })),
    )
    const size = picture.height * picture.width * 3
    let frame = 0
    for (const [place, index] of indices.entries()) {
      const end = frame + times[place]!.length
      found.set(index, {
        ...all,
        data: all.data.subarray(frame * size, end * size),
        times: all.times.slice(frame, end),
      })
      frame = end
    }
  }
  return parts.map((_, index) => found.get(index)!)
}

function bytesOf(sampled: SampledFrames): SampledFrames & { readonly dtype: 'uint8' } {
  if (sampled.dtype !== 'uint8') throw new Error('frames are kept as bytes')
  return sampled
}

function storeOf(choice: FrameStoreChoice): FrameStore {
  const store = stores.get(choice.directory) ?? new FrameStore(choice)
  stores.set(choice.directory, store)
  store.choose(choice)
  return store
}

/**
 * What decides about the bytes of a part: the file's content, what was found out about it, the frames, their size, and
 * who decodes.
 */
async function keyOf({ path, info, wanted, among, numbered, picture }: PicturedPart): Promise<string> {
  const { version } = await ffmpegAbilities()
  const what = [
    formatVersion,
    version,
    await identityOf(path),
    info,
    picture,
    among ?? wanted,
    ...(numbered ? [numbered] : []),
  ]
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)
}

/** Of a file that was not written since it is known. */
async function identityOf(path: string): Promise<string> {
  const stamp = stampText(await fileStamp(path))
  const known = identities.get(path)
  if (known?.stamp === stamp) return known.identity
  const identity = contentIdentity(path)
  identities.set(path, { stamp, identity })
  identity.catch(() => identities.delete(path))
  return identity
}
