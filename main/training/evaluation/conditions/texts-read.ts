import type { TextsRead } from '../../../api/evaluation/conditions.ts'
import type { Example } from '../../data/examples/example.ts'
import type { Output } from '../results/outputs.ts'
import { videoName } from '../results/results.ts'

/**
 * How much of the texts the model read: how many were cut and joined, and the worst of each. The text of a question is
 * that with its answers and subtitles, counted as sentences in this order.
 * @param folder in whose names videos are said. @returns null where an output does not say, or none is of a text.
 */
export function textsReadOf(
  examples: readonly Example[],
  outputs: ReadonlyMap<number, Output>,
  folder: string,
): TextsRead | null {
  const found: TextsRead = {
    ...{ texts: 0, sentences: 0, tokens: 0, limit: 0 },
    cut: { texts: 0, sentences: 0, tokens: 0, worst: null },
    joined: { texts: 0, worst: null },
  }
  const { cut, joined } = found
  for (const [place, example] of examples.entries()) {
    const output = outputs.get(place)
    if (!output || !('video' in output || 'logits' in output)) continue
    if (!output.reading) return null
    const { sentences: given, tokens, limit } = output.reading
    const row = { source: example.source, video: videoName(example, folder) }
    found.texts += 1
    found.sentences += tokens.length
    found.limit = limit
    for (const [sentence, count] of tokens.entries()) {
      found.tokens += count
      if (count <= limit) continue
      cut.sentences += 1
      cut.tokens += count - limit
      if (count > (cut.worst?.tokens ?? 0)) cut.worst = { ...row, sentence: sentence + 1, tokens: count }
    }
    if (tokens.some(count => count > limit)) cut.texts += 1
    if (given <= tokens.length) continue
    joined.texts += 1
    if (given > (joined.worst?.given ?? 0)) joined.worst = { ...row, given, read: tokens.length }
  }
  return found.texts === 0 ? null : found
}
