import { dot } from '../../native-models/dot.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { splitSentences } from '../../native-models/tokenizer/sentences.ts'
import type { AlignedEmbeddings, Alignment, Caption, VideoDetail } from '../api/index.ts'
import { pauses } from '../processes/pauses.ts'
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
  const pause = pauses(signal)
  const similarity: number[][] = []
  for (const { vector } of clips) {
    await pause()
    similarity.push(similarities(vector, text.embeddings))
  }
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
    windows: await bestWindows(clips, similarity, pause),
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
 * @param pause called for each sentence
 */
export async function bestWindows(
  clips: readonly { readonly start: number; readonly end: number }[],
  similarity: readonly (readonly number[])[],
  pause: () => Promise<void>,
): Promise<Alignment['windows']> {
  const windows: Alignment['windows'] = []
  for (const sentence of (similarity[0] ?? []).keys()) {
    await pause()
    const scored = clips.map(({ start, end }, row) => ({ start, end, score: similarity[row]?.[sentence] ?? 0 }))
    const [start = 0, end = 0, statistic = 0] = windowsOf(scored)[0] ?? []
    windows.push(statistic > 0 ? { start, end } : null)
  }
  return windows
}

/** Cosine similarity [clips][sentences] of embeddings of unit length. */
export function similarityMatrix(
  clips: readonly Pick<EmbeddingRow, 'vector'>[],
  sentences: readonly Float32Array[],
): number[][] {
  return clips.map(({ vector }) => similarities(vector, sentences))
}

function similarities(clip: Float32Array, sentences: readonly Float32Array[]): number[] {
  return sentences.map(sentence => {
    if (sentence.length !== clip.length) {
      throw new Error(`a clip of ${clip.length} numbers against a sentence of ${sentence.length}`)
    }
    return dot(clip, sentence)
  })
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
