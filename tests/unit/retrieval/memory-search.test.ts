import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { folderOfTest } from '../../support/folders.ts'

const dimension = 40
let folder: string
/** Answers by its own search through all rows. */
let store: VectorStore
/** Answers in memory, where that is read. */
let memory: VectorStore

const how = { pass: 'dense', key: 'k', level: 'clip' } as const
const place = (contentId: string, key = 'k') => ({ pass: 'dense' as const, key, contentId })

beforeEach(async () => {
  folder = folderOfTest('memory')
  store = await VectorStore.open(folder)
  memory = await VectorStore.open(folder, { memory: 2 ** 24, memoryFrom: 1 })
})
afterEach(async () => {
  await Promise.all([store.close(), memory.close()])
})

function generator(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}
const random = generator(3)
const vectorOf = () => Float32Array.from({ length: dimension }, () => 3 * random() - 1)
const rowsOf = (count: number, vector: () => Float32Array = vectorOf) =>
  Array.from({ length: count }, (_, clip) => ({ segment: 0, clip, start: clip, end: clip + 1, vector: vector() }))

/** Both answers to the same queries: the rows must agree in their order, the scores to the rounding of float32. */
async function compare(options: { top: number; contentIds?: string[] }, queries = [vectorOf(), vectorOf()]) {
  const kept = await memory.nearest(queries, { ...how, ...options })
  const stored = await store.nearest(queries, { ...how, ...options })
  expect(kept.exact).toBe(true)
  const names = (hits: typeof kept.hits) => hits.map(list => list.map(hit => `${hit.contentId} ${hit.clip}`))
  expect(names(kept.hits)).toEqual(names(stored.hits))
  kept.hits.forEach((list, query) =>
    list.forEach((hit, at) => {
      const { score, ...row } = stored.hits[query]![at]!
      expect(hit).toMatchObject(row)
      expect(hit.score).toBeCloseTo(score, 5)
    }),
  )
  return kept.hits
}

describe('a search in memory', () => {
  it('finds what the store finds, in the same order, also of equals and within some videos', async () => {
    const equal = vectorOf()
    for (let video = 0; video < 12; video += 1) await store.replace(place(`v${video}`), rowsOf(1 + 9 * (video % 3)))
    for (const id of ['same b', 'same a', 'same c']) {
      await store.replace(
        place(id),
        rowsOf(2, () => equal),
      )
    }
    await store.replace(place('other', 'another key'), rowsOf(5))
    expect(await memory.keepInMemory(how, dimension)).toBe(true)
    await compare({ top: 7 })
    await compare({ top: 1000 })
    await compare({ top: 5, contentIds: ['v3', 'v5', 'nowhere'] })
    await compare({ top: 4 }, [equal])
    // More sentences than one scan takes.
    await compare({ top: 3 }, Array.from({ length: 19 }, vectorOf))
  })

  it('is in step with what this and other processes write, remove and merge', async () => {
    for (let video = 0; video < 10; video += 1) await store.replace(place(`v${video}`), rowsOf(8))
    expect(await memory.keepInMemory(how, dimension)).toBe(true)
    await memory.replace(place('v1'), rowsOf(8))
    await compare({ top: 100 })
    await store.replace(place('new'), rowsOf(3))
    await store.remove(['v2'])
    await store.replace(place('v3'), rowsOf(5))
    expect((await compare({ top: 100 }))[0]).toHaveLength(80 - 8 - 8 + 5 + 3)
    await store.optimise()
    await compare({ top: 100 })
    await memory.remove(['v0', 'v1', 'v4', 'v5', 'v6', 'v7'])
    expect((await compare({ top: 100 }))[0]).toHaveLength(8 + 8 + 5 + 3)
  })

  it('is left to the store, which says so, where memory does not hold all', async () => {
    await memory.close()
    memory = await VectorStore.open(folder, { memory: 2 ** 19, memoryFrom: 1, indexFrom: 500 })
    for (let video = 0; video < 3; video += 1) await store.replace(place(`v${video}`), rowsOf(200))
    expect(await memory.keepInMemory(how, dimension)).toBe(true)
    for (let video = 3; video < 15; video += 1) await memory.replace(place(`v${video}`), rowsOf(200))
    await memory.optimise()
    const first = await memory.nearest([vectorOf()], { ...how, top: 5 })
    expect(first).toMatchObject({ exact: false })
    expect(first.hits[0]).toHaveLength(5)
    expect(await memory.keepInMemory(how, dimension)).toBe(false)
  })
})
