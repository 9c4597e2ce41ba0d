import { createHash } from 'node:crypto'
import { dot } from '../../../native-models/dot.ts'
import { groupMetricsOf, summariseRanks } from './retrieval-metrics.ts'
import type { GroupMetrics, RetrievalMetrics, Ties } from './retrieval-metrics.ts'
import { Similarities } from './similarities.ts'
import type { Embedded } from './similarities.ts'

/** Videos and their candidates that are named where a text is not nearest to its own. */
const namedCandidates = 5

export interface Retrieval extends Embedded {
  readonly groups: readonly (string | undefined)[]
  /** Of these embeddings, where something else looks at them as well; not given: they are computed. */
  readonly similarities?: Similarities
}

export interface QueryResult {
  /** From 0, ties at the mean of the places that they cover. */
  readonly rank: number
  /** Similarity with its own video. */
  readonly score: number
  /** The videos nearest to it, the nearest first. */
  readonly nearest: readonly { readonly video: number; readonly score: number }[]
}

export interface RetrievalFound {
  readonly textToVideo: RetrievalMetrics
  readonly videoToText: RetrievalMetrics
  readonly groups: GroupMetrics | null
  /** In the order of the texts. */
  readonly queries: readonly QueryResult[]
  /** Of each text the ranks that count for it, from 0; see {@link Ties}. */
  readonly ranks: readonly (readonly number[])[]
  /** SHA-256 over the similarities as float64, little-endian, row by row; rows are texts, those of a video together. */
  readonly matrixHash: string
}

/**
 * {@link retrievalMetrics} of similarities that are never all in memory: what is kept grows with texts and videos, not
 * with their product. Every similarity is the sum that `similarityRow` makes, so that the numbers are the same.
 * @throws the abort reason, between blocks of texts.
 */
export async function retrievalInBlocks(
  { texts, videos, videoOf, groups, similarities = new Similarities({ texts, videos, videoOf }) }: Retrieval,
  ties: Ties,
  signal: AbortSignal,
): Promise<RetrievalFound> {
  const ownOfVideo = new Float64Array(videos.length).fill(-Infinity)
  for (const [text, embedding] of texts.entries()) {
    const video = videoOf[text] ?? text
    ownOfVideo[video] = Math.max(ownOfVideo[video] ?? -Infinity, dot(embedding, videos[video] ?? embedding))
  }
  const videoRanks = new VideoRanks(ownOfVideo)
  const queries: QueryResult[] = []
  const textRanks: number[][] = []
  const hash = createHash('sha256')
  for await (const { row, text, video, isLast } of similarities.rows(signal)) {
    hash.update(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))
    queries[text] = judged(row, video)
    textRanks[text] = placesOf(row, row[video] ?? Number.NaN, ties)
    videoRanks.add(row, isLast)
  }
  return {
    textToVideo: summariseRanks(textRanks.flat()),
    videoToText: summariseRanks(videoRanks.ranks(ties)),
    groups: groupMetricsOf(
      (text, video) => dot(texts[text] ?? new Float32Array(), videos[video] ?? new Float32Array()),
      groups,
      videoOf,
    ),
    queries,
    ranks: textRanks,
    matrixHash: hash.digest('hex'),
  }
}

/** Ranks of every video’s own texts, from the scores of one text after the other, those of a video together. */
export class VideoRanks {
  readonly #own: Float64Array
  readonly #best: Float64Array
  readonly #better: Uint32Array
  readonly #equal: Uint32Array

  /** @param own of each video the score of its own text, of several the best. */
  constructor(own: Float64Array) {
    this.#own = own
    this.#best = new Float64Array(own.length).fill(-Infinity)
    this.#better = new Uint32Array(own.length)
    this.#equal = new Uint32Array(own.length)
  }

  /** @param row scores of a text with all videos. @param isLast whether the next one is of another video. */
  add(row: Float64Array, isLast: boolean): void {
    const [best, ownScores, better, equal] = [this.#best, this.#own, this.#better, this.#equal]
    for (let video = 0; video < row.length; video++) best[video] = Math.max(best[video] ?? 0, row[video] ?? 0)
    if (!isLast) return
    // The texts of one video count as one candidate of every video, by the best of them.
    for (let video = 0; video < row.length; video++) {
      const [candidate, own] = [best[video] ?? 0, ownScores[video] ?? 0]
      if (candidate > own) better[video] = (better[video] ?? 0) + 1
      else if (candidate === own) equal[video] = (equal[video] ?? 0) + 1
    }
    best.fill(-Infinity)
  }

  /** From 0; see {@link Ties}. */
  ranks(ties: Ties): number[] {
    return Array.from(this.#better, (better, video) => spread(better, this.#equal[video] ?? 0, ties)).flat()
  }
}

/** The ranks that a candidate has among others; see {@link Ties}. */
function spread(better: number, equal: number, ties: Ties): number[] {
  return ties === 'average'
    ? [better + (equal - 1) / 2]
    : Array.from({ length: equal }, (_, position) => better + position)
}

/** The ranks of a score among those of a row. */
export function placesOf(row: Float64Array, own: number, ties: Ties): number[] {
  let [better, equal] = [0, 0]
  for (const score of row) {
    if (score > own) better += 1
    else if (score === own) equal += 1
  }
  return spread(better, equal, ties)
}

function judged(row: Float64Array, video: number): QueryResult {
  const score = row[video] ?? Number.NaN
  return { score, rank: placesOf(row, score, 'average')[0] ?? 0, nearest: highest(row) }
}

function highest(row: Float64Array): QueryResult['nearest'] {
  const found: { video: number; score: number }[] = []
  for (let video = 0; video < row.length; video++) {
    const score = row[video] ?? -Infinity
    if (found.length === namedCandidates && score <= (found.at(-1)?.score ?? Infinity)) continue
    const above = found.findIndex(other => score > other.score)
    found.splice(above < 0 ? found.length : above, 0, { video, score })
    found.length = Math.min(found.length, namedCandidates)
  }
  return found
}
