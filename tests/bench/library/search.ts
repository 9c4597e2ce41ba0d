import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddingRow } from '../../../main/retrieval/vectors/vector-rows.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import type { VectorHit } from '../../../main/retrieval/vectors/vectors.ts'
import { median, timed } from '../result.ts'
import type { BenchResult } from '../result.ts'

const dimension = 1024
const videoCount = 1000
const clipsPerVideo = 100
const queryCount = 40
const top = 10

/**
 * Search over 100,000 clip vectors of 1,024 dimensions, exact and with the index that the store builds by itself.
 * The clips of a video scatter around a centre of its own, as those of real videos do; queries fall near some clip.
 */
export async function benchSearch(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-search-'))
  try {
    const random = generator(1)
    const exactStore = await VectorStore.open(folder, Number.POSITIVE_INFINITY)
    const queries: Float32Array[] = []
    const insert = await timed(async () => {
      for (let video = 0; video < videoCount; video += 1) {
        const rows = clipsOf(random)
        await exactStore.replace({ pass: 'dense', key: 'bench', contentId: `video-${video}` }, rows)
        const near = rows[video % rows.length]
        // As an index job does.
        if (video % 100 === 99) await exactStore.merge()
        if (near && video % (videoCount / queryCount) === 0) queries.push(scatter(near.vector, 0.7, random))
      }
    })
    await exactStore.optimise()
    const exact = await measure(exactStore, queries)
    const filtered = await measure(
      exactStore,
      queries,
      Array.from({ length: 10 }, (_, index) => `video-${index * 100}`),
    )
    await exactStore.close()

    const store = await VectorStore.open(folder)
    const build = await timed(() => store.optimise())
    const indexed = await measure(store, queries)
    await store.close()
    const note = '100,000 × 1,024, top 10, median of 40 queries'
    return {
      rows: [
        { name: 'search, exact', value: exact.milliseconds, unit: 'ms', note },
        { name: 'search, HNSW index', value: indexed.milliseconds, unit: 'ms', note },
        {
          name: 'search, recall@10 of the index',
          value: recall(exact.hits, indexed.hits),
          unit: '',
          note: 'against the exact search',
        },
        {
          name: 'search within 10 videos',
          value: filtered.milliseconds,
          unit: 'ms',
          note: 'exact, filtered by the scalar index',
        },
        { name: 'index, building', value: build.seconds, unit: 's', note: 'once, from 50,000 rows on' },
        {
          name: 'vectors, storing',
          value: insert.seconds,
          unit: 's',
          note: '1,000 videos of 100 clips, one commit each, files merged every 100',
        },
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  store: VectorStore,
  queries: readonly Float32Array[],
  contentIds?: string[],
): Promise<{ milliseconds: number; hits: VectorHit[][] }> {
  const options = {
    pass: 'dense' as const,
    key: 'bench',
    top: top,
    level: 'clip' as const,
    ...(contentIds && { contentIds }),
  }
  const seconds: number[] = []
  const hits: VectorHit[][] = []
  for (const query of queries) {
    const { seconds: took, result } = await timed(() => store.search([query], options))
    seconds.push(took)
    hits.push(result[0] ?? [])
  }
  return { milliseconds: 1000 * median(seconds), hits }
}

function recall(truth: readonly VectorHit[][], found: readonly VectorHit[][]): number {
  const name = (hit: VectorHit) => `${hit.contentId} ${hit.segment} ${hit.clip}`
  const shares = truth.map((hits, query) => {
    const wanted = new Set(hits.map(name))
    return (found[query] ?? []).filter(hit => wanted.has(name(hit))).length / Math.max(1, wanted.size)
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function clipsOf(random: () => number): EmbeddingRow[] {
  const centre = scatter(new Float32Array(dimension), 1, random)
  return Array.from({ length: clipsPerVideo }, (_, index) => ({
    segment: Math.floor(index / 4),
    clip: index % 4,
    start: index * 4,
    end: index * 4 + 4,
    vector: scatter(centre, 1, random),
  }))
}

/** A unit vector around `centre`; `spread` 1 puts the noise at the length of the centre itself. */
function scatter(centre: Float32Array, spread: number, random: () => number): Float32Array {
  const scale = spread * Math.sqrt(12 / dimension)
  const vector = centre.map(value => value + scale * (random() - 0.5))
  const length = Math.hypot(...vector)
  return vector.map(value => value / length)
}

/** A small linear congruential generator: the same vectors in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
