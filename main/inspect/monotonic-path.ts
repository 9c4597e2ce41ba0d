/**
 * For each clip the sentence it is assigned to, so that sentences never go back and the summed similarity is the
 * largest possible. Sentences may be skipped and may keep several clips: not every sentence is shown, not every
 * clip is told. Among equal sums the earliest sentences win.
 *
 * Dynamic time warping over similarity with free ends; O(clips × sentences).
 * @param similarity [clips][sentences]
 * @returns [clips] indices of sentences, non-decreasing; empty when there are no clips or no sentences.
 */
export function monotonicPath(similarity: readonly (readonly number[])[]): number[] {
  const sentences = similarity[0]?.length ?? 0
  if (sentences === 0) return []
  // best[s]: the largest sum over the clips so far when the last of them is assigned to a sentence up to s.
  let best = new Float64Array(sentences)
  const choices: Int32Array[] = []
  for (const row of similarity) {
    const next = new Float64Array(sentences)
    const choice = new Int32Array(sentences)
    for (let sentence = 0; sentence < sentences; sentence += 1) {
      const here = (best[sentence] ?? 0) + (row[sentence] ?? Number.NEGATIVE_INFINITY)
      const before = sentence > 0 ? (next[sentence - 1] ?? 0) : Number.NEGATIVE_INFINITY
      next[sentence] = Math.max(here, before)
      choice[sentence] = here > before ? sentence : (choice[sentence - 1] ?? sentence)
    }
    best = next
    choices.push(choice)
  }
  const path: number[] = []
  let limit = sentences - 1
  for (const choice of choices.toReversed()) {
    limit = choice[limit] ?? limit
    path.push(limit)
  }
  return path.reverse()
}
