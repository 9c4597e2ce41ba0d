import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sweepAtomicWrites, writeFileAtomic } from '../storage/files/atomic-file.ts'
import type { MapPoint } from './map-points.ts'

/** A computed map. Coordinates are [points × 2]; `computedAt` in milliseconds since the epoch. */
export interface StoredMap {
  /** Of the index that it was computed from, see `indexRevision`. */
  readonly revision: string
  readonly points: readonly MapPoint[]
  readonly principal: Float32Array
  readonly neighbours: Float32Array | null
  /** Of `neighbours`, see `NeighbourMap`; null in maps from before it was kept. */
  readonly scale: number | null
  /** Whether all was computed that can be. */
  readonly isFinished: boolean
  readonly computedAt: number
}

const header = z.object({
  format: z.literal(1),
  revision: z.string(),
  points: z.number().int().min(0),
  contents: z.array(z.string()),
  hasNeighbours: z.boolean(),
  scale: z.number().min(0).nullable().default(null),
  isFinished: z.boolean(),
  computedAt: z.number(),
})

const ending = '.map'
const newline = 0x0a

/**
 * The maps of a workspace, one file for each key of embeddings: a line of JSON, then columns of four bytes a number.
 * A file that cannot be understood counts as none, since a map can be computed again.
 */
export class MapFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async read(key: string): Promise<StoredMap | null> {
    const bytes = await readFile(this.#file(key)).catch(() => null)
    const end = bytes?.indexOf(newline) ?? -1
    if (!bytes || end < 0) return null
    try {
      return unpack(header.parse(JSON.parse(bytes.toString('utf8', 0, end))), bytes.subarray(end + 1))
    } catch {
      return null
    }
  }

  /** Replaces the map of a key, whole or not at all. @throws ExpectedError `disk-full`. */
  async write(key: string, map: StoredMap): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await writeFileAtomic(this.#file(key), pack(map))
  }

  /** Removes what crashes have left, and the maps of other keys than these. */
  async tidy(keys: readonly string[]): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    if (names.length === 0) return
    await sweepAtomicWrites(this.#folder)
    const kept = new Set(keys.map(key => key + ending))
    const left = names.filter(name => name.endsWith(ending) && !name.startsWith('.') && !kept.has(name))
    for (const name of left) await rm(join(this.#folder, name), { force: true })
  }

  #file(key: string): string {
    return join(this.#folder, key + ending)
  }
}

function pack({ points, principal, neighbours, ...map }: StoredMap): Uint8Array {
  const contents = [...new Set(points.map(({ contentId }) => contentId))]
  const placeOf = new Map(contents.map((contentId, place) => [contentId, place]))
  const head = { format: 1, ...map, points: points.length, contents, hasNeighbours: neighbours !== null }
  const columns = [
    Int32Array.from(points, ({ contentId }) => placeOf.get(contentId) ?? -1),
    Int32Array.from(points, ({ segment }) => segment),
    Int32Array.from(points, ({ clip }) => clip),
    Float32Array.from(points, ({ start }) => start),
    Float32Array.from(points, ({ end }) => end),
    principal,
    ...(neighbours ? [neighbours] : []),
  ]
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(head)}\n`),
    ...columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ])
}

function unpack(head: z.infer<typeof header>, body: Uint8Array): StoredMap {
  const { points: count, contents, hasNeighbours, scale, revision, isFinished, computedAt } = head
  const coordinates = hasNeighbours ? 4 : 2
  if (body.byteLength !== 4 * count * (5 + coordinates)) throw new Error('the file was cut off')
  // Copied, so that numbers begin where four bytes do.
  const numbers = Uint8Array.from(body).buffer
  const integers = (column: number) => new Int32Array(numbers, 4 * count * column, count)
  const [content, segment, clip] = [integers(0), integers(1), integers(2)]
  const [start, end] = [3, 4].map(column => new Float32Array(numbers, 4 * count * column, count))
  const points = Array.from(content, (place, row): MapPoint => {
    const contentId = contents[place]
    if (contentId === undefined) throw new Error('a point of no content')
    return { contentId, segment: segment[row]!, clip: clip[row]!, start: start![row]!, end: end![row]! }
  })
  return {
    revision,
    points,
    principal: new Float32Array(numbers, 4 * count * 5, 2 * count),
    neighbours: hasNeighbours ? new Float32Array(numbers, 4 * count * 7, 2 * count) : null,
    scale,
    isFinished,
    computedAt,
  }
}
