import type { DualSoftmax } from '../../api/evaluation/conditions.ts'
import { placesOf, VideoRanks } from './retrieval-in-blocks.ts'
import { summariseRanks } from './retrieval-metrics.ts'
import type { Ties } from './retrieval-metrics.ts'
import { Similarities } from './similarities.ts'
import type { Embedded } from './similarities.ts'

/** What similarities are multiplied with before the softmax, as microsoft/XPretrain's CLIP-ViP evaluates (`DSL`). */
const dualSoftmaxTemperature = 100

/**
 * Retrieval with dual softmax (CAMoE, Cheng et al. 2021, arXiv 2109.04290): every similarity times a prior, which is
 * the softmax of the other direction over the whole test set: over all texts of a video where a text looks for videos,
 * and over all videos of a text where a video looks for texts. The similarities are gone through twice.
 * @throws the abort reason, between blocks of texts.
 */
export async function dualSoftmaxInBlocks(
  {
    texts,
    videos,
    videoOf,
    similarities = new Similarities({ texts, videos, videoOf }),
  }: Embedded & { readonly similarities?: Similarities },
  ties: Ties,
  signal: AbortSignal,
): Promise<DualSoftmax> {
  const sumOfVideo = new Float64Array(videos.length)
  const sumOfText = new Float64Array(texts.length)
  const own = new Float64Array(videos.length).fill(-Infinity)
  for await (const { row, text, video } of similarities.rows(signal)) {
    let sum = 0
    for (let other = 0; other < row.length; other++) {
      const power = powerOf(row[other] ?? 0)
      sum += power
      sumOfVideo[other] = (sumOfVideo[other] ?? 0) + power
    }
    sumOfText[text] = sum
    own[video] = Math.max(own[video] ?? -Infinity, weighed(row[video] ?? 0, sum))
  }
  const videoRanks = new VideoRanks(own)
  const textRanks: number[][] = []
  const [amongVideos, amongTexts] = [new Float64Array(videos.length), new Float64Array(videos.length)]
  for await (const { row, text, video, isLast } of similarities.rows(signal)) {
    for (let other = 0; other < row.length; other++) {
      const score = row[other] ?? 0
      amongVideos[other] = weighed(score, sumOfVideo[other] ?? 1)
      amongTexts[other] = weighed(score, sumOfText[text] ?? 1)
    }
    textRanks[text] = placesOf(amongVideos, amongVideos[video] ?? Number.NaN, ties)
    videoRanks.add(amongTexts, isLast)
  }
  return {
    temperature: dualSoftmaxTemperature,
    textToVideo: summariseRanks(textRanks.flat()),
    videoToText: summariseRanks(videoRanks.ranks(ties)),
  }
}

/** A cosine is 1 at most: no power is above 1, and none is so small that it vanishes. */
const powerOf = (similarity: number): number => Math.exp(dualSoftmaxTemperature * (similarity - 1))

const weighed = (similarity: number, sum: number): number => similarity * (powerOf(similarity) / sum)
