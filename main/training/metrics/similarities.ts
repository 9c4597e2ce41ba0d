import { keptSimilarities } from '../../api/common/rules.ts'

/** Texts whose similarities with all videos are computed at once: of 100,000 videos some 51 MB. */
const textsAtOnce = 64
/** Texts compared with a video together, which each number of the video is then read once for. */
const together = 4

export interface Embedded {
  /** Embeddings of unit length. */
  readonly texts: readonly Float32Array[]
  readonly videos: readonly Float32Array[]
  /** Of each text, the place of its video. */
  readonly videoOf: readonly number[]
}

/** The similarities of one text with all videos; where they are not kept, `row` is written over afterwards. */
export interface SimilarityRow {
  readonly row: Float64Array
  readonly text: number
  /** Its own. */
  readonly video: number
  /** Whether the next text tells of another video. */
  readonly isLast: boolean
}

/**
 * The similarities of all texts with all videos, for those who go through them one after the other. They are computed
 * once where {@link keptSimilarities} allows them to be kept, else every time.
 */
export class Similarities {
  /** Whether going through them again costs nothing. */
  readonly areKept: boolean
  readonly #embedded: Embedded
  /** In the order in which they are gone through. */
  #kept: Float64Array | null = null

  /** @param most how many are kept. */
  constructor(embedded: Embedded, most: number = keptSimilarities) {
    this.#embedded = embedded
    this.areKept = embedded.texts.length * embedded.videos.length <= most
  }

  /** Text after text, those of a video together. @throws the abort reason, between blocks of texts. */
  async *rows(signal: AbortSignal): AsyncGenerator<SimilarityRow> {
    const { texts, videos, videoOf } = this.#embedded
    const order = texts.map((_, text) => text).sort((a, b) => (videoOf[a] ?? 0) - (videoOf[b] ?? 0) || a - b)
    const kept = this.#kept
    const all = this.areKept ? (kept ?? new Float64Array(texts.length * videos.length)) : null
    const gallery = kept ? new Float64Array() : Float64Array.from(videos.flatMap(video => [...video]))
    const dimension = videos[0]?.length ?? 0
    const block = all ? null : new Float64Array(Math.min(textsAtOnce, texts.length) * videos.length)
    for (let first = 0; first < order.length; first += textsAtOnce) {
      const those = order.slice(first, first + textsAtOnce)
      const rows = block ?? all?.subarray(first * videos.length) ?? new Float64Array()
      if (!kept) {
        similarities(
          those.map(text => texts[text] ?? new Float32Array(dimension)),
          gallery,
          rows,
        )
      }
      for (const [place, text] of those.entries()) {
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
    this.#kept = all
  }
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
