import { ExpectedError } from '../../native-models/expected-error.ts'
import { splitSentences } from '../../native-models/tokenizer/sentences.ts'
import type { AlignedEmbeddings, Alignment, Caption, VideoDetail } from '../api/index.ts'
import { embedVideo } from '../retrieval/embedding/embed-video.ts'
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { windowsOf } from '../retrieval/search/windows.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import { wholeSegment } from '../retrieval/vectors/vector-rows.ts'
import type { EmbeddingRow } from '../retrieval/vectors/vector-rows.ts'
import { monotonicPath } from './monotonic-path.ts'

/** Of LF-VILA's contrastive losses. */
const publishedTemperature = 0.05

export interface AlignmentRequest {
  video: IndexableVideo
  detail: Pick<VideoDetail, 'id' | 'name' | 'captions' | 'captionProblem'>
  /** Split into sentences; null takes the captions beside the video. */
  text: string | null
  pass: Pass
}

/**
 * The cosine similarity of every clip with every sentence and the best monotonic path through it. Clips come from the
 * index when they are there, otherwise the video is embedded now and kept.
 * @throws ExpectedError `empty-text`, `no-captions`, or what keeps the video from being embedded.
 */
export async function align(parts: IndexingParts, request: AlignmentRequest, signal: AbortSignal): Promise<Alignment> {
  const { video, pass } = request
  const { encoder, sentences, text, clips, warnings } = await embed(parts, request, signal)
  const similarity = similarityMatrix(clips, text.embeddings)
  return {
    videoId: video.id,
    duration: video.info.duration,
    pass,
    clips: clips.map(({ start, end }) => ({
      start,
      end,
      thumbnail: `frame/${video.id}/${Math.round(500 * (start + end))}`,
    })),
    sentences,
    similarity,
    path: monotonicPath(similarity),
    windows: bestWindows(clips, similarity),
    temperature: encoder.temperature ?? publishedTemperature,
    model: encoder.id,
    warnings: [...new Set([...encoder.warnings, ...text.warnings, ...warnings])],
  }
}

/** The vectors that {@link align} compares; fails as it does. */
export async function alignedEmbeddings(
  parts: IndexingParts,
  request: AlignmentRequest,
  signal: AbortSignal,
): Promise<AlignedEmbeddings> {
  const { text, clips } = await embed(parts, request, signal)
  return { clips: clips.map(({ vector }) => [...vector]), sentences: text.embeddings.map(vector => [...vector]) }
}

/** Sentences and clips with their embeddings; the clips from the index when they are there. */
async function embed(parts: IndexingParts, request: AlignmentRequest, signal: AbortSignal) {
  const { video, pass } = request
  const sentences = sentencesOf(request)
  const encoder = await parts.encoder()
  const text = await encoder.encodeSentences(
    sentences.map(sentence => sentence.text),
    signal,
  )
  const { rows, warnings } = await embedVideo({ ...parts, encoder, settings: parts.settings() }, video, {
    pass,
    signal,
  })
  return { encoder, sentences, text, clips: rows.filter(row => row.clip !== wholeSegment), warnings }
}

/**
 * Where each sentence stands out most from the rest of the video, in seconds; null where no clip does.
 * @param similarity [clips][sentences]
 */
export function bestWindows(
  clips: readonly { readonly start: number; readonly end: number }[],
  similarity: readonly (readonly number[])[],
): Alignment['windows'] {
  return (similarity[0] ?? []).map((_, sentence) => {
    const scored = clips.map(({ start, end }, row) => ({ start, end, score: similarity[row]?.[sentence] ?? 0 }))
    const [start = 0, end = 0, statistic = 0] = windowsOf(scored)[0] ?? []
    return statistic > 0 ? { start, end } : null
  })
}

/** Cosine similarity [clips][sentences] of embeddings of unit length. */
export function similarityMatrix(
  clips: readonly Pick<EmbeddingRow, 'vector'>[],
  sentences: readonly Float32Array[],
): number[][] {
  return clips.map(({ vector }) =>
    sentences.map(sentence => {
      if (sentence.length !== vector.length) {
        throw new Error(`a clip of ${vector.length} numbers against a sentence of ${sentence.length}`)
      }
      return vector.reduce((sum, value, index) => sum + value * (sentence[index] ?? 0), 0)
    }),
  )
}

/** @throws ExpectedError `empty-text`, `no-captions`. */
export function sentencesOf({ text, detail }: Pick<AlignmentRequest, 'text' | 'detail'>): Caption[] {
  if (text !== null) {
    const sentences = splitSentences(text).map(sentence => ({ text: sentence, start: null, end: null }))
    if (sentences.length === 0) {
      throw new ExpectedError('empty-text', 'There is nothing to align: type a sentence or a paragraph.')
    }
    return sentences
  }
  if (detail.captions.length === 0) {
    throw new ExpectedError(
      'no-captions',
      detail.captionProblem ??
        `There are no captions beside ${detail.name}: type a text, or put a .txt, .srt, .vtt or .json file of the same name beside it.`,
    )
  }
  return detail.captions
}
