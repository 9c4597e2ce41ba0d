import { createHash } from 'node:crypto'
import { groupMetricsOf, summariseRanks } from './retrieval-metrics.ts'
import type { GroupMetrics, RetrievalMetrics, Ties } from './retrieval-metrics.ts'

/** Texts whose similarities with all videos are in memory at once: of 100,000 videos some 51 MB. */
const textsAtOnce = 64
/** Texts compared with a video together, which each number of the video is then read once for. */
const together = 4
/** Videos and their candidates that are named where a text is not nearest to its own. */
const namedCandidates = 5

export interface Retrieval {
  /** Embeddings of unit length. */
  readonly texts: readonly Float32Array[]
  readonly videos: readonly Float32Array[]
  /** Of each text, the place of its video. */
  readonly videoOf: readonly number[]
  readonly groups: readonly (string | undefined)[]
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
  /** SHA-256 over the similarities as float64, little-endian, row by row; rows are texts, those of a video together. */
  readonly matrixHash: string
}

/**
 * {@link retrievalMetrics} of similarities that are never all in memory: what is kept grows with texts and videos, not
 * with their product. Every similarity is the sum that `similarityRow` makes, so that the numbers are the same.
 * @throws the abort reason, between blocks of texts.
 */
export async function retrievalInBlocks(
  { texts, videos, videoOf, groups }: Retrieval,
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
  for await (const { row, text, video, isLast } of similarityRows({ texts, videos, videoOf }, signal)) {
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
    matrixHash: hash.digest('hex'),
  }
}

/** The similarities of one text with all videos; `row` is written over afterwards. */
export interface SimilarityRow {
  readonly row: Float64Array
  readonly text: number
  /** Its own. */
  readonly video: number
  /** Whether the next text tells of another video. */
  readonly isLast: boolean
}

/**
 * The similarities of all texts, those of a video together, a block of them at a time.
 * @throws the abort reason, between blocks of texts.
 */
export async function* similarityRows(
  { texts, videos, videoOf }: Pick<Retrieval, 'texts' | 'videos' | 'videoOf'>,
  signal: AbortSignal,
): AsyncGenerator<SimilarityRow> {
  const order = texts.map((_, text) => text).sort((a, b) => (videoOf[a] ?? 0) - (videoOf[b] ?? 0) || a - b)
  const gallery = Float64Array.from(videos.flatMap(video => [...video]))
  const dimension = videos[0]?.length ?? 0
  const rows = new Float64Array(Math.min(textsAtOnce, texts.length) * videos.length)
  for (let first = 0; first < order.length; first += textsAtOnce) {
    const block = order.slice(first, first + textsAtOnce)
    similarities(
      block.map(text => texts[text] ?? new Float32Array(dimension)),
      gallery,
      rows,
    )
    for (const [place, text] of block.entries()) {
      const video = videoOf[text] ?? text
      const next = order[first + place + 1]
      yield {
        row: rows.subarray(place * videos.length, (place + 1) * videos.length),
        text,
        video,
        isLast: next === undefined || videoOf[next] !== video,
      }
    }
    // The window is answered between two blocks.
    await new Promise(resolve => setImmediate(resolve))
    signal.throwIfAborted()
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

/** Fills rows [texts][videos] with dot products, each summed from the first number to the last. */
function similarities(texts: readonly Float32Array[], videos: Float64Array, rows: Float64Array): void {
  const dimension = texts[0]?.length ?? 0
  const count = dimension === 0 ? 0 : videos.length / dimension
  for (let first = 0; first < texts.length; first += together) {
    const [a, b, c, d] = [0, 1, 2, 3].map(next => Float64Array.from(texts[first + next] ?? texts[first] ?? [])) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const known = Math.min(together, texts.length - first)
    for (let video = 0; video < count; video++) {
      const start = video * dimension
      let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0]
      for (let index = 0; index < dimension; index++) {
        const value = videos[start + index] ?? 0
        sumA += (a[index] ?? 0) * value
        sumB += (b[index] ?? 0) * value
        sumC += (c[index] ?? 0) * value
        sumD += (d[index] ?? 0) * value
      }
      rows[first * count + video] = sumA
      if (known > 1) rows[(first + 1) * count + video] = sumB
      if (known > 2) rows[(first + 2) * count + video] = sumC
      if (known > 3) rows[(first + 3) * count + video] = sumD
    }
  }
}

function dot(text: Float32Array, video: Float32Array): number {
  let sum = 0
  for (let index = 0; index < text.length; index++) sum += (text[index] ?? 0) * (video[index] ?? 0)
  return sum
}
