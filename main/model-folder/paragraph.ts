import { english } from '../../native-models/english.ts'
import { mergeSentences } from '../../native-models/lfvila/text/sentence-merging.ts'
import { missingSentence } from '../../native-models/tokenizer/tokenizer.ts'
import type { ModelTokenizer } from '../reading-process/read-tokenizer.ts'

/** Token ids and mask [count × length] of some sentences. */
export interface TokenisedSentences {
  ids: Int32Array
  mask: Int32Array
  /** Places (from 0) of the sentences that were longer than `length` tokens. */
  cut: number[]
  /** Of each sentence, those that were left out and the special ones around it included. */
  tokens: number[]
}

/** How much of a text a model read. */
export interface TextReading {
  /** Sentences that were given; where they are more than were read, some were joined. */
  readonly sentences: number
  /** Of each sentence that was read, with the special ones around it and those that were left out. */
  readonly tokens: readonly number[]
  /** Tokens of a sentence that the model reads. */
  readonly limit: number
}

interface TextSize {
  readonly count: number
  readonly length: number
  readonly signal?: AbortSignal | undefined
}

/** Tokenises up to `count` sentences; those that are missing are all zero, as in the reference. */
export async function tokeniseSentences(
  sentences: readonly string[],
  tokenizer: ModelTokenizer,
  { count, length, signal }: TextSize,
): Promise<TokenisedSentences> {
  const known = await tokenizer.encode(sentences.slice(0, count), length, signal)
  const ids = new Int32Array(count * length)
  const mask = new Int32Array(count * length)
  const cut: number[] = []
  const tokens = known.map(({ mask: read, truncated }) => read.reduce((sum, one) => sum + one, 0) + truncated)
  for (let index = 0; index < count; index++) {
    const encoded = known[index] ?? missingSentence(length)
    ids.set(encoded.ids, index * length)
    mask.set(encoded.mask, index * length)
    if (encoded.truncated > 0) cut.push(index)
  }
  return { ids, mask, cut, tokens }
}

/** Tokenises a paragraph, joining surplus sentences; `warnings` says what its reader must know. */
export async function tokeniseParagraph(
  sentences: readonly string[],
  tokenizer: ModelTokenizer,
  { count, length, signal }: TextSize,
): Promise<TokenisedSentences & { warnings: string[]; reading: TextReading }> {
  const merged = mergeSentences(sentences, count)
  const tokenised = await tokeniseSentences(merged, tokenizer, { count, length, signal })
  const origins = originOf(sentences, merged)
  const warnings =
    merged.length < sentences.length
      ? [english`${sentences.length} sentences were joined into ${merged.length}, as many as the model reads at once.`]
      : []
  return {
    ...tokenised,
    reading: { sentences: sentences.length, tokens: tokenised.tokens, limit: length },
    warnings: [
      ...warnings,
      ...cutWarnings(
        tokenised.cut.map(index => origins[index] ?? ''),
        length,
      ),
    ],
  }
}

/**
 * One warning that names the sentences (numbers from 1, or ranges of them) of which the model reads only the beginning.
 */
export function cutWarnings(sentences: readonly string[], length: number): string[] {
  if (sentences.length === 0) return []
  const single = sentences.length === 1 && !sentences[0]?.includes('–')
  return [
    single
      ? english`Sentence ${sentences.join(', ')} is longer than the ${length} tokens that the model reads; the rest was left out.`
      : english`Sentences ${sentences.join(', ')} are longer than the ${length} tokens that the model reads; the rest was left out.`,
  ]
}

/** For each merged sentence, the numbers (from 1) of the sentences it was joined from, as `3` or `3–5`. */
function originOf(sentences: readonly string[], merged: readonly string[]): string[] {
  let next = 0
  return merged.map(joined => {
    const first = next
    let length = sentences[next]?.length ?? 0
    for (next++; length < joined.length && next < sentences.length; next++) length += 1 + (sentences[next]?.length ?? 0)
    return next - first === 1 ? `${first + 1}` : `${first + 1}–${next}`
  })
}
