import type { Figures } from '../../api/evaluation/figures.ts'
import type { RowGroup } from '../data/examples/example.ts'
import { accuracyOf, said } from './accuracy.ts'
import { galleryOf, groupMetrics, retrievalMetrics } from './retrieval-metrics.ts'
import type { Ties } from './retrieval-metrics.ts'

/** What a task is measured by that models learn. */
export type LearnedFigures = Exclude<Figures, { task: 'moments' }>

/** What a model said of some examples, in their order. */
export type Predictions =
  /** L2-normalised embeddings of each example's video and paragraph, what the video is known by, and the group. */
  | {
      readonly task: 'retrieval'
      readonly videos: readonly Float32Array[]
      readonly texts: readonly Float32Array[]
      readonly keys: readonly string[]
      readonly groups: readonly (RowGroup | undefined)[]
    }
  /** Logits of each example over labels or answers, and the number of the right one. */
  | {
      readonly task: 'qa-classification' | 'video-classification'
      readonly logits: readonly Float32Array[]
      readonly labels: readonly number[]
      readonly batchSize: number
    }
  | {
      readonly task: 'qa-multichoice'
      readonly logits: readonly Float32Array[]
      readonly labels: readonly number[]
      readonly batchSize: number
      /** Logits [T, 2] and labels [T] of the frames. */
      readonly spans: readonly { readonly logits: Float32Array; readonly labels: Int32Array }[]
    }

/** Similarity of a text with every video, all of unit length. */
export function similarityRow(text: Float32Array, videos: readonly Float32Array[]): Float64Array {
  return Float64Array.from(videos, video => {
    let sum = 0
    for (let index = 0; index < text.length; index++) sum += (text[index] ?? 0) * (video[index] ?? 0)
    return sum
  })
}

/** The figures of a task, without the alignment, which needs more than embeddings of whole videos. */
export function metricsOf(predictions: Predictions, ties: Ties): LearnedFigures {
  switch (predictions.task) {
    case 'retrieval': {
      const { texts, videos, keys, groups } = predictions
      const { videoOf, firstQueries } = galleryOf(keys)
      const gallery = firstQueries.flatMap(query => videos[query] ?? [])
      const similarity = texts.map(text => similarityRow(text, gallery))
      return {
        task: 'retrieval',
        ...retrievalMetrics(similarity, ties, videoOf),
        groups: groupMetrics(similarity, groups, videoOf),
        alignment: null,
      }
    }
    case 'qa-classification':
    case 'video-classification':
      return { task: predictions.task, ...accuracyOf(rightOnes(predictions), predictions.batchSize) }
    case 'qa-multichoice': {
      const frames = predictions.spans.flatMap(({ logits, labels }) =>
        Array.from(labels, (label, frame) => Number((logits[2 * frame + 1] ?? 0) > (logits[2 * frame] ?? 0)) === label),
      )
      const span =
        frames.length > 0 ? { accuracy: frames.filter(Boolean).length / frames.length, count: frames.length } : null
      return { task: 'qa-multichoice', ...accuracyOf(rightOnes(predictions), predictions.batchSize), span }
    }
    default:
      return predictions satisfies never
  }
}

function rightOnes({
  logits,
  labels,
}: {
  readonly logits: readonly Float32Array[]
  readonly labels: readonly number[]
}): boolean[] {
  return labels.map((label, example) => said(logits[example] ?? []) === label)
}

/** The figure by which a checkpoint is chosen (REFERENCE §7), and all figures flat, by their names in charts. */
export function chosenMetric(figures: LearnedFigures): { metric: string; value: number } {
  return figures.task === 'retrieval'
    ? { metric: 'r1', value: figures.textToVideo.r1 }
    : { metric: 'accuracy', value: figures.accuracy }
}

export function namedMetrics(figures: LearnedFigures): Record<string, number> {
  if (figures.task === 'retrieval') {
    const { r1, r5, r10, r50, medianRank, meanRank } = figures.textToVideo
    return {
      ...{ r1, r5, r10, r50, medianRank, meanRank, videoToTextR1: figures.videoToText.r1 },
      ...(figures.groups && { groupR1: figures.groups.textToVideo }),
    }
  }
  return {
    accuracy: figures.accuracy,
    ...(figures.task === 'qa-multichoice' && figures.span ? { spanAccuracy: figures.span.accuracy } : {}),
  }
}
