import type { AttentionWords } from '../api/inspection/inspect.ts'

/** The attention of every layer over the places of one text and one video, as it is kept. */
export interface WordMaps {
  /** Seconds, of the frames. */
  readonly times: readonly number[]
  readonly sentences: readonly string[]
  readonly words: AttentionWords['words']
  /** [layers][heads · places · places]: the words, then the frames. */
  readonly layers: readonly Float32Array[]
  readonly heads: number
  readonly warnings: readonly string[]
}

/**
 * Of maps over all places of a text, padding included, and the frames behind them, those of some places and the frames.
 * @param layer [heads · (words + frames)²]. @param places of the words that are kept. @returns [heads · places²].
 */
export function withoutPadding(
  layer: Float32Array,
  { places, words, frames, heads }: { places: readonly number[]; words: number; frames: number; heads: number },
): Float32Array {
  const width = words + frames
  const kept = [...places, ...Array.from({ length: frames }, (_, frame) => words + frame)]
  const found = new Float32Array(heads * kept.length ** 2)
  let at = 0
  for (let head = 0; head < heads; head++) {
    for (const query of kept) {
      const row = (head * width + query) * width
      for (const key of kept) found[at++] = layer[row + key] ?? 0
    }
  }
  return found
}

/** One head of a layer, or the mean of all for null. */
export function headMap(layer: Float32Array, heads: number, head: number | null): number[][] {
  const places = placesOf(layer, heads)
  const chosen = head === null ? Array.from({ length: heads }, (_, index) => index) : [head]
  const value = (query: number, key: number): number =>
    chosen.reduce((sum, one) => sum + (layer[(one * places + query) * places + key] ?? 0), 0) / chosen.length
  return Array.from({ length: places }, (_, query) => Array.from({ length: places }, (_, key) => value(query, key)))
}

/** Of each layer and head, the share of attention that words give to the frames, on average over words. */
export function sharesOfVideo({ layers, heads, words }: Pick<WordMaps, 'layers' | 'heads' | 'words'>): number[][] {
  const asking = words.flatMap(({ special }, place) => (special ? [] : [place]))
  const rows = asking.length > 0 ? asking : [...words.keys()]
  return layers.map(layer => {
    const places = placesOf(layer, heads)
    return Array.from({ length: heads }, (_, head) => {
      let given = 0
      for (const row of rows) {
        const first = (head * places + row) * places
        for (let key = words.length; key < places; key++) given += layer[first + key] ?? 0
      }
      return given / rows.length
    })
  })
}

const placesOf = (layer: Float32Array, heads: number): number => Math.round(Math.sqrt(layer.length / heads))
