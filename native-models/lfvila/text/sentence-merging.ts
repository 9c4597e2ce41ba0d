/**
 * Brings a paragraph to at most `count` sentences as the reference does for retrieval (REFERENCE §6): while there are
 * too many, the two neighbours that are shortest together, in characters, are joined with a space; the first such pair
 * on ties.
 */
export function mergeSentences(sentences: readonly string[], count: number): string[] {
  const merged = [...sentences]
  // Python counts code points, JavaScript UTF-16 units.
  const lengths = merged.map(sentence => [...sentence].length)
  while (merged.length > Math.max(count, 1)) {
    let shortest = 0
    for (let pair = 1; pair + 1 < merged.length; pair++) {
      if (lengthOf(lengths, pair) < lengthOf(lengths, shortest)) shortest = pair
    }
    merged.splice(shortest, 2, `${merged[shortest]} ${merged[shortest + 1]}`)
    lengths.splice(shortest, 2, lengthOf(lengths, shortest) + 1)
  }
  return merged
}

const lengthOf = (lengths: readonly number[], pair: number): number => (lengths[pair] ?? 0) + (lengths[pair + 1] ?? 0)
