import { connect } from '@lancedb/lancedb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wholeSegment } from '../../../main/retrieval/vectors/vector-rows.ts'
import type { EmbeddingRow } from '../../../main/retrieval/vectors/vector-rows.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { folderOfTest } from '../../support/folders.ts'

let folder: string
let store: VectorStore

beforeEach(async () => {
  folder = folderOfTest('vectors')
  store = await VectorStore.open(folder)
})
afterEach(async () => {
  await store.close()
})

/** One segment: the whole along the first axis, four clips each along an axis of its own. */
function segment(number: number, angle = 0): EmbeddingRow[] {
  const row = (clip: number, axis: number): EmbeddingRow => {
    const vector = new Float32Array(8)
    vector[axis] = Math.cos(angle)
    vector[(axis + 1) % 8] = Math.sin(angle)
    const start = number * 16 + Math.max(0, clip) * 4
    return { segment: number, clip, start, end: clip === wholeSegment ? start + 16 : start + 4, vector }
  }
  return [row(wholeSegment, 0), row(0, 1), row(1, 2), row(2, 3), row(3, 4)]
}

const place = (contentId: string, key = 'k') => ({ pass: 'dense' as const, key, contentId })
const axis = (index: number) => Float32Array.from({ length: 8 }, (_, at) => (at === index ? 1 : 0))

describe('VectorStore', () => {
  it('gives rows back in the order of the video, whatever the order they came in', async () => {
    const rows = [...segment(0), ...segment(1), ...segment(2)]
    await store.replace(place('a'), rows.toReversed())
    expect(await store.get(place('a'))).toEqual(rows)
    expect(await store.get(place('b'))).toEqual([])
  })

  it('replaces: twice the same call leaves the same rows', async () => {
    await store.replace(place('a'), [...segment(0), ...segment(1)])
    await store.replace(place('a'), segment(0))
    await store.replace(place('a'), segment(0))
    expect(await store.get(place('a'))).toEqual(segment(0))
    expect(await store.count('dense', 'k')).toBe(5)
  })

  it('ranks by cosine similarity and reports it', async () => {
    await store.replace(place('straight'), segment(0))
    await store.replace(place('tilted'), segment(0, Math.PI / 3))
    const [hits] = await store.search([axis(1)], { pass: 'dense', key: 'k', top: 3, level: 'clip' })
    expect(hits?.map(({ contentId, clip }) => [contentId, clip])).toEqual([
      ['straight', 0],
      ['tilted', 0],
      expect.anything(),
    ])
    // Unit vectors at 0 and 60 degrees; float32 arithmetic in the store.
    expect(hits?.[0]?.score).toBeCloseTo(1, 6)
    expect(hits?.[1]?.score).toBeCloseTo(0.5, 6)
    expect(hits?.[0]).toMatchObject({ segment: 0, start: 0, end: 4 })
  })

  it('searches several vectors at once, each with its own ranking', async () => {
    await store.replace(place('a'), segment(0))
    const hits = await store.search([axis(2), axis(4)], { pass: 'dense', key: 'k', top: 1, level: 'clip' })
    expect(hits.map(list => list.map(hit => hit.clip))).toEqual([[1], [3]])
  })

  it('never looks at rows of another key, pass or level', async () => {
    await store.replace(place('old', 'stale'), segment(0))
    await store.replace({ pass: 'overview', key: 'k', contentId: 'other pass' }, segment(0))
    await store.replace(place('a'), segment(0))
    const [clips] = await store.search([axis(1)], { pass: 'dense', key: 'k', top: 50, level: 'clip' })
    expect(clips?.map(hit => hit.contentId)).toEqual(['a', 'a', 'a', 'a'])
    const [whole] = await store.search([axis(0)], { pass: 'dense', key: 'k', top: 50, level: 'segment' })
    expect(whole?.map(hit => [hit.contentId, hit.clip])).toEqual([['a', wholeSegment]])
  })

  it('filters by video, also when an identity holds a quote', async () => {
    await store.replace(place("it's"), segment(0))
    await store.replace(place('b'), segment(0))
    const [hits] = await store.search([axis(1)], {
      pass: 'dense',
      key: 'k',
      top: 50,
      level: 'clip',
      contentIds: ["it's"],
    })
    expect(new Set(hits?.map(hit => hit.contentId))).toEqual(new Set(["it's"]))
  })

  it('keeps dimensions apart, so that models of different size live side by side', async () => {
    await store.replace(place('a', 'small'), segment(0))
    await store.replace(place('a', 'large'), [
      { segment: 0, clip: 0, start: 0, end: 1, vector: new Float32Array(16).fill(0.25) },
    ])
    expect((await store.get(place('a', 'large')))[0]?.vector.length).toBe(16)
    expect(
      await store.search([new Float32Array(24).fill(0.2)], { pass: 'dense', key: 'k', top: 5, level: 'clip' }),
    ).toEqual([[]])
  })

  it('removes a video from every pass and key, and nothing else', async () => {
    await store.replace(place('a'), segment(0))
    await store.replace(place('a', 'stale'), segment(0))
    await store.replace({ pass: 'overview', key: 'k', contentId: 'a' }, segment(0))
    await store.replace(place('b'), segment(0))
    await store.remove(['a'])
    expect(await store.contents('dense', 'k')).toEqual(new Map([['b', 5]]))
    expect(await store.count('dense', 'stale')).toBe(0)
    expect(await store.count('overview', 'k')).toBe(0)
  })

  it('sees what another connection wrote', async () => {
    await store.replace(place('a'), segment(0))
    const other = await VectorStore.open(folder)
    await other.replace(place('b'), segment(0))
    await other.close()
    expect(await store.contents('dense', 'k')).toEqual(
      new Map([
        ['a', 5],
        ['b', 5],
      ]),
    )
  })

  it('loses nothing when two processes tidy and write at the same time', async () => {
    await store.close()
    store = await VectorStore.open(folder, { indexFrom: 40 })
    const other = await VectorStore.open(folder, { indexFrom: 40 })
    for (let video = 0; video < 10; video += 1) await store.replace(place(`before ${video}`), segment(0, video))
    const writes = async (who: VectorStore, name: string) => {
      for (let video = 0; video < 10; video += 1) await who.replace(place(`${name} ${video}`), segment(0, video))
    }
    await Promise.all([
      store.optimise(),
      other.optimise(),
      writes(store, 'one'),
      writes(other, 'two'),
      writes(store, 'before'),
      writes(other, 'before'),
    ])
    await Promise.all([store.optimise(), other.optimise()])
    const contents = await store.contents('dense', 'k')
    expect(contents.size).toBe(30)
    // Written by both at the same moment, a video may be stored twice; it is read and found once.
    for (const contentId of contents.keys()) expect(await store.get(place(contentId))).toHaveLength(5)
    const [hits = []] = await store.search([axis(0)], { pass: 'dense', key: 'k', top: 60, level: 'segment' })
    expect(hits.map(hit => hit.contentId).sort()).toEqual([...contents.keys()].sort())
    await other.close()
  })

  it('has an index for all that a search filters by, so that no row is read for it', async () => {
    await store.replace(place('a'), segment(0))
    await store.merge()
    const connection = await connect(folder)
    const table = await connection.openTable('dense_8')
    const plan = await table.query().where("key = 'k' AND clip <> -1").explainPlan(true)
    expect(plan).toContain('clip_idx')
    expect(plan).toMatch(/refine_filter=--/)
    connection.close()
  })

  it('stops waiting for an index when told to', async () => {
    await store.replace(place('a'), segment(0))
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    await expect(store.optimise(controller.signal)).rejects.toThrow('enough')
  })

  it('finds the same after compaction, with a vector index, and rows added after it', async () => {
    await store.close()
    store = await VectorStore.open(folder, { indexFrom: 300 })
    const random = generator(7)
    const videos = Array.from({ length: 80 }, (_, index) => ({
      id: `v${index}`,
      rows: Array.from({ length: 4 }, (_, clip) => ({
        segment: 0,
        clip,
        start: clip,
        end: clip + 1,
        vector: unit(random),
      })),
    }))
    for (const { id, rows } of videos.slice(0, 76)) await store.replace(place(id), rows)
    await store.optimise()
    for (const { id, rows } of videos.slice(76)) await store.replace(place(id), rows)
    const query = unit(random)
    const expected = videos
      .flatMap(({ id, rows }) => rows.map(row => ({ id, clip: row.clip, score: dot(query, row.vector) })))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
    const [hits = []] = await store.search([query], { pass: 'dense', key: 'k', top: 10, level: 'clip' })
    const found = new Set(hits.map(hit => `${hit.contentId}/${hit.clip}`))
    // The graph is approximate: nine of ten is what an index of this kind promises.
    expect(expected.filter(({ id, clip }) => found.has(`${id}/${clip}`)).length).toBeGreaterThanOrEqual(9)
    // Refined scores are exact to the rounding of float32.
    for (const hit of hits) {
      const truth = videos.find(({ id }) => id === hit.contentId)?.rows[hit.clip]
      expect(hit.score).toBeCloseTo(dot(query, truth?.vector ?? new Float32Array(8)), 5)
    }
    await store.optimise()
    expect((await store.search([query], { pass: 'dense', key: 'k', top: 1, level: 'clip' }))[0]?.[0]?.contentId).toBe(
      expected[0]?.id,
    )
  })
})

/** A small linear congruential generator: the same vectors in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

function unit(random: () => number): Float32Array {
  const vector = Float32Array.from({ length: 8 }, () => random() - 0.5)
  const length = Math.hypot(...vector)
  return vector.map(value => value / length)
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
