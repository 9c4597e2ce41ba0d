import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { similarityRow } from '../../../../main/training/metrics/metrics.ts'
import { retrievalInBlocks } from '../../../../main/training/metrics/retrieval-in-blocks.ts'
import { groupMetrics, ranks, retrievalMetrics } from '../../../../main/training/metrics/retrieval-metrics.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'

const never = new AbortController().signal

/** Embeddings with few distinct numbers, so that many similarities are equal. */
function embeddings(count: number, seed: number): Float32Array[] {
  const draw = seededRandom(seed, 'embeddings')
  return Array.from({ length: count }, () => Float32Array.from({ length: 6 }, () => draw.below(3) / 4 + 0.1))
}

describe.each(['average', 'reference'] as const)('retrieval in blocks, ties %s', ties => {
  it.each([
    ['a text for each video', 131, 131],
    ['several texts of some videos, not one behind the other', 150, 37],
    ['one text', 1, 1],
  ])('is what the whole matrix says: %s', async (_, count, videoCount) => {
    const [texts, videos] = [embeddings(count, 1), embeddings(videoCount, 2)]
    const videoOf = texts.map((_, text) => (text * 7) % videoCount)
    const groups = texts.map((_, text) => (text % 3 === 0 ? `pair ${Math.floor(text / 6)}` : undefined))
    const found = await retrievalInBlocks({ texts, videos, videoOf, groups }, ties, never)
    const similarity = texts.map(text => similarityRow(text, videos))
    const whole = retrievalMetrics(similarity, ties, videoOf)
    expect(found.textToVideo).toEqual(whole.textToVideo)
    expect(found.videoToText).toEqual(whole.videoToText)
    expect(found.groups).toEqual(groupMetrics(similarity, groups, videoOf))
    expect(found.queries.map(({ rank }) => rank)).toEqual(ranks(similarity, 'average', videoOf))
    expect(found.queries.map(({ score }) => score)).toEqual(similarity.map((row, text) => row[videoOf[text] ?? -1]))
    for (const [text, { nearest }] of found.queries.entries()) {
      const sorted = [...(similarity[text] ?? [])].sort((a, b) => b - a)
      expect(nearest.map(({ score }) => score)).toEqual(sorted.slice(0, 5))
      expect(nearest.map(({ video }) => similarity[text]?.[video])).toEqual(sorted.slice(0, 5))
    }
    const order = texts.map((_, text) => text).sort((a, b) => (videoOf[a] ?? 0) - (videoOf[b] ?? 0) || a - b)
    const hash = createHash('sha256')
    for (const text of order) hash.update(new Uint8Array((similarity[text] ?? new Float64Array()).buffer))
    expect(found.matrixHash).toBe(hash.digest('hex'))
  })
})

it('stops between two blocks', async () => {
  const all = embeddings(200, 1)
  const question = { texts: all, videos: all, videoOf: all.map((_, place) => place), groups: [] }
  await expect(retrievalInBlocks(question, 'average', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
})
