import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VectorHit } from '../../../main/retrieval/vectors/table-search.ts'
import type { EmbeddingRow } from '../../../main/retrieval/vectors/vector-rows.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import type { VectorStoreOptions } from '../../../main/retrieval/vectors/vectors.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const queryCount = 60
/** Of the search on disk, which takes a second for each. */
const slowQueryCount = 5
const top = 10
const how = { pass: 'dense', key: 'bench', level: 'clip' } as const

/**
 * How vectors lie. `clustered`: the clips of a video scatter around a centre of its own, as those of real videos do,
 * and queries fall near some clip. `unclustered`: every direction is drawn by itself, queries too, so that the nearest
 * is hardly nearer than the rest; nothing is harder for an index.
 */
type Lie = 'clustered' | 'unclustered'

interface Size {
  readonly videos: number
  readonly clips: number
  readonly dimension: number
}

/** 100,000 clip vectors of 1,024 dimensions: on disk, in memory, and with the index that the store builds by itself. */
export async function benchSearch(): Promise<BenchResult> {
  const size = { videos: 1000, clips: 100, dimension: 1024 }
  return { rows: [...(await benchLie(size, 'clustered')), ...(await benchLie(size, 'unclustered'))] }
}

/** A million clip vectors of 256 dimensions, which are as many bytes as 250,000 of 1,024. */
export async function benchMillion(): Promise<BenchResult> {
  return { rows: await benchLie({ videos: 1000, clips: 1000, dimension: 256 }, 'unclustered') }
}

async function benchLie(size: Size, lie: Lie): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-search-'))
  const rows = size.videos * size.clips
  const note = `${rows.toLocaleString('en')} × ${size.dimension.toLocaleString('en')} ${lie}, top ${top}, median of ${queryCount} queries`
  const measured: BenchRow[] = []
  const add = (name: string, value: number, unit: string, about: string = note) =>
    measured.push({ name, value, unit, note: about })
  const opened = async <Result>(options: VectorStoreOptions, use: (store: VectorStore) => Promise<Result>) => {
    const store = await VectorStore.open(folder, options)
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }
  try {
    const onDisk = await opened({ indexFrom: Number.POSITIVE_INFINITY }, async store => {
      const { queries, seconds } = await fill(store, size, lie)
      const exact = await measure(store, queries.slice(0, slowQueryCount))
      add(
        'search, exact, on disk',
        exact.median,
        'ms',
        note.replace(`${queryCount} queries`, `${slowQueryCount} queries`),
      )
      const some = Array.from({ length: 10 }, (_, index) => `video-${index * 100}`)
      add('search within 10 videos', (await measure(store, queries, some)).median, 'ms', `${lie}, by the scalar index`)
      add('vectors, storing', seconds, 's', `${size.videos} videos of ${size.clips} clips, a commit each`)
      return { queries, hits: exact.hits }
    })
    const truth = await opened({ indexFrom: Number.POSITIVE_INFINITY, memory: 2 ** 31 }, async store => {
      const reading = await timed(() => store.keepInMemory(how, size.dimension))
      const exact = await measure(store, onDisk.queries)
      add('search, exact, in memory', exact.median, 'ms', `${note}; 95 % below ${exact.most.toFixed(1)} ms`)
      add('search, recall in memory', recall(onDisk.hits, exact.hits), '', 'against the search on disk')
      add('vectors, reading into memory', reading.seconds, 's', 'once, in the background')
      return exact.hits
    })
    await opened({}, async store => {
      const build = await timed(() => store.optimise())
      const indexed = await measure(store, onDisk.queries)
      add('search, index', indexed.median, 'ms', `${note}; 95 % below ${indexed.most.toFixed(1)} ms`)
      add('search, recall@10 of the index', recall(truth, indexed.hits), '', `${lie}, against the exact search`)
      add('index, building', build.seconds, 's', 'once, from 50,000 rows on')
    })
    return measured
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fill(
  store: VectorStore,
  { videos, clips, dimension }: Size,
  lie: Lie,
): Promise<{ queries: Float32Array[]; seconds: number }> {
  const random = generator(1)
  const nowhere = new Float32Array(dimension)
  const queries: Float32Array[] = []
  const { seconds } = await timed(async () => {
    for (let video = 0; video < videos; video += 1) {
      const centre = lie === 'clustered' ? scatter(nowhere, 1, random) : nowhere
      const rows = Array.from({ length: clips }, (_, index): EmbeddingRow => ({
        ...{ segment: Math.floor(index / 4), clip: index % 4, start: index * 4, end: index * 4 + 4 },
        vector: scatter(centre, 1, random),
      }))
      await store.replace({ ...how, contentId: `video-${video}` }, rows)
      // As an index job does.
      if (video % 100 === 99) await store.merge()
      const near = rows[video % rows.length]!.vector
      if (queries.length < ((video + 1) * queryCount) / videos) {
        queries.push(lie === 'clustered' ? scatter(near, 0.7, random) : scatter(nowhere, 1, random))
      }
    }
    await store.optimise()
  })
  return { queries, seconds }
}

async function measure(
  store: VectorStore,
  queries: readonly Float32Array[],
  contentIds?: string[],
): Promise<{ median: number; most: number; hits: VectorHit[][] }> {
  const options = { ...how, top, ...(contentIds && { contentIds }) }
  // The first ones open files and start threads.
  for (const query of queries.slice(0, Math.ceil(queries.length / 20))) await store.search([query], options)
  const milliseconds: number[] = []
  const hits: VectorHit[][] = []
  for (const query of queries) {
    const { seconds, result } = await timed(() => store.search([query], options))
    milliseconds.push(1000 * seconds)
    hits.push(result[0] ?? [])
  }
  milliseconds.sort((a, b) => a - b)
  const at = (share: number) => milliseconds[Math.floor(share * (milliseconds.length - 1))]!
  return { median: at(0.5), most: at(0.95), hits }
}

function recall(truth: readonly VectorHit[][], found: readonly VectorHit[][]): number {
  const name = (hit: VectorHit) => `${hit.contentId} ${hit.segment} ${hit.clip}`
  const shares = truth.map((hits, query) => {
    const wanted = new Set(hits.map(name))
    return (found[query] ?? []).filter(hit => wanted.has(name(hit))).length / Math.max(1, wanted.size)
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** A unit vector around `centre`; `spread` 1 puts the noise at the length of the centre itself. */
function scatter(centre: Float32Array, spread: number, random: () => number): Float32Array {
  const scale = spread * Math.sqrt(12 / centre.length)
  const vector = centre.map(value => value + scale * (random() - 0.5))
  let squared = 0
  for (const value of vector) squared += value * value
  const length = Math.sqrt(squared)
  return vector.map(value => value / length)
}

/** A small linear congruential generator: the same vectors in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
