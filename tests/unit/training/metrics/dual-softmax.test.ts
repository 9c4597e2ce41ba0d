import { expect, it } from 'vitest'
import { dualSoftmaxInBlocks } from '../../../../main/training/metrics/dual-softmax.ts'
import { retrievalInBlocks } from '../../../../main/training/metrics/retrieval-in-blocks.ts'
import { ranks, summariseRanks } from '../../../../main/training/metrics/retrieval-metrics.ts'
import { Similarities } from '../../../../main/training/metrics/similarities.ts'

const never = new AbortController().signal
const [count, dimension] = [150, 6]

/** Numbers that a Python program can make as well. */
const number = (row: number, column: number, salt: number): number =>
  ((row * 37 + column * 101 + row * row * (column + salt) * 13 + salt * 59) % 997) / 997 - 0.5
function embeddings(value: (row: number, column: number) => number): Float32Array[] {
  return Array.from({ length: count }, (_, row) => {
    const numbers = Array.from({ length: dimension }, (_, column) => value(row, column))
    const length = Math.sqrt(numbers.reduce((sum, one) => sum + one * one, 0))
    return Float32Array.from(numbers, one => one / length)
  })
}
const videos = embeddings((row, column) => number(row, column, 1))
const texts = embeddings((row, column) => number(row, column, 1) + 0.8 * number(row, column, 2) + 0.15)
const same = texts.map((_, text) => text)

it('is what the published code computes of the same similarities', async () => {
  const question = { texts, videos, videoOf: same, groups: [] }
  const plain = await retrievalInBlocks(question, 'average', never)
  // numpy on these embeddings: compute_metrics of microsoft/XPretrain's CLIP-ViP (src/utils/metrics.py), counts of 150.
  const of = (r1: number, r5: number, r10: number, r50: number, medianRank: number, sum: number) => ({
    ...{ r1: r1 / count, r5: r5 / count, r10: r10 / count, r50: r50 / count },
    ...{ medianRank, meanRank: expect.closeTo(sum, 9), count },
  })
  expect(plain.textToVideo).toEqual(of(18, 67, 98, 149, 6, 9.573333333333334))
  expect(plain.videoToText).toEqual(of(20, 79, 118, 149, 5, 7.293333333333333))
  // The same of S * np_softmax(100 S, axis=0), with the texts as rows of S, and with the videos as rows.
  const { temperature, textToVideo, videoToText } = await dualSoftmaxInBlocks(question, 'average', never)
  expect(temperature).toBe(100)
  expect(textToVideo).toEqual(of(27, 74, 107, 148, 6, 8.62))
  expect(videoToText).toEqual(of(21, 77, 109, 150, 5, 8.066666666666666))
})

it.each(['average', 'reference'] as const)('takes every text of a video for itself, ties %s', async ties => {
  const videoOf = texts.map((_, text) => (text * 7) % 40)
  const few = videos.slice(0, 40)
  const question = { texts, videos: few, videoOf }
  const similarity = texts.map(text =>
    few.map(video => text.reduce((sum, one, place) => sum + one * (video[place] ?? 0), 0)),
  )
  const power = (score: number | undefined) => Math.exp(100 * ((score ?? 0) - 1))
  const ofVideo = few.map((_, video) => similarity.reduce((sum, row) => sum + power(row[video]), 0))
  const ofText = similarity.map(row => row.reduce((sum, score) => sum + power(score), 0))
  const towardsVideos = similarity.map(row => row.map((score, video) => score * (power(score) / (ofVideo[video] ?? 1))))
  // From a video the texts of each other video are one candidate, the best of them.
  const towardsTexts = few.map((_, video) =>
    few.map((_, told) =>
      Math.max(
        ...similarity.flatMap((row, text) =>
          videoOf[text] === told ? [(row[video] ?? 0) * (power(row[video]) / (ofText[text] ?? 1))] : [],
        ),
      ),
    ),
  )
  const found = await dualSoftmaxInBlocks(question, ties, never)
  expect(found.textToVideo).toEqual(summariseRanks(ranks(towardsVideos, ties, videoOf)))
  expect(found.videoToText).toEqual(summariseRanks(ranks(towardsTexts, ties)))
})

it.each([
  ['kept', 2 ** 25, true],
  ['computed again', 10, false],
])('is the same of similarities that are %s, beside the plain ranks', async (_, most, areKept) => {
  const similarities = new Similarities({ texts, videos, videoOf: same }, most)
  const question = { texts, videos, videoOf: same, groups: [], similarities }
  const alone = { texts, videos, videoOf: same, groups: [] }
  const plain = await retrievalInBlocks(question, 'average', never)
  expect(similarities.areKept).toBe(areKept)
  expect(plain).toEqual(await retrievalInBlocks(alone, 'average', never))
  // Those that are kept do not depend on the embeddings any more.
  const cleared = texts.map(text => text.slice())
  for (const text of areKept ? texts : []) text.fill(0)
  const found = await dualSoftmaxInBlocks(question, 'average', never)
  for (const [place, text] of texts.entries()) text.set(cleared[place] ?? [])
  expect(found).toEqual(await dualSoftmaxInBlocks(alone, 'average', never))
})

it('stops between two blocks', async () => {
  const stopped = AbortSignal.abort(new Error('enough'))
  await expect(dualSoftmaxInBlocks({ texts, videos, videoOf: same }, 'average', stopped)).rejects.toThrow('enough')
})
