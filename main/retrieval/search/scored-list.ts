import { ExpectedError } from '../../../native-models/expected-error.ts'
import { splitSentences } from '../../../native-models/tokenizer/sentences.ts'
import type { VideoRules } from '../../api/library/video-rules.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { KeyedSettings } from '../vectors/embedding-key.ts'
import type { EmbeddingLedger } from '../vectors/embedding-ledger.ts'
import { wholeSegment } from '../vectors/vector-rows.ts'
import type { VectorStore } from '../vectors/vectors.ts'

export interface ScoringParts {
  readonly store: VectorStore
  readonly ledger: EmbeddingLedger
  readonly library: { ready(id: number): { readonly path: string; readonly contentId: string } }
  encoder(): Promise<VideoTextEncoder>
  settings(): KeyedSettings
}

type Scores = ReadonlyMap<string, number>

/**
 * The similarity of every indexed video to one of them, or to a text, by which a list is sorted: the vectors that
 * search ranks by. The last answer is kept, since a list is read page by page.
 */
export class ListScores {
  readonly #parts: ScoringParts
  #last: { readonly name: string; readonly scores: Promise<Scores> } | null = null

  constructor(parts: ScoringParts) {
    this.#parts = parts
  }

  /** Cosine similarities by content; undefined where the rules sort by something else. @throws ExpectedError */
  async of(
    rules: Pick<VideoRules, 'sort' | 'similarTo' | 'scoreOf'>,
    signal?: AbortSignal,
  ): Promise<Scores | undefined> {
    if (rules.sort !== 'similar' && rules.sort !== 'score') return undefined
    const { ledger, settings } = this.#parts
    const encoder = await this.#parts.encoder()
    const key = embeddingKeys(encoder, settings()).overview
    const complete = ledger.complete(key).size
    const name = JSON.stringify([key, complete, rules.sort === 'similar' ? rules.similarTo : rules.scoreOf, rules.sort])
    if (this.#last?.name !== name) {
      // Not aborted with the page that asked first: the other pages wait for the same.
      const scores = this.#score(rules, { encoder, key, complete })
      this.#last = { name, scores }
      scores.catch(() => {
        if (this.#last?.scores === scores) this.#last = null
      })
    }
    const scores = await this.#last.scores
    signal?.throwIfAborted()
    return scores
  }

  async #score(
    { sort, similarTo, scoreOf }: Pick<VideoRules, 'sort' | 'similarTo' | 'scoreOf'>,
    { encoder, key, complete }: { readonly encoder: VideoTextEncoder; readonly key: string; readonly complete: number },
  ): Promise<Scores> {
    const vector = sort === 'similar' ? await this.#vectorOf(similarTo, key) : await textVector(encoder, scoreOf)
    if (!vector || complete === 0) return new Map()
    const [hits = []] = await this.#parts.store.search([vector], {
      pass: 'overview',
      key,
      level: 'segment',
      top: complete,
    })
    return new Map(hits.map(({ contentId, score }) => [contentId, score]))
  }

  async #vectorOf(videoId: number | null, key: string): Promise<Float32Array | null> {
    if (videoId === null) return null
    const { path, contentId } = this.#parts.library.ready(videoId)
    const rows = await this.#parts.store.get({ pass: 'overview', key, contentId })
    const whole = rows.find(({ clip }) => clip === wholeSegment)
    if (whole) return whole.vector
    throw new ExpectedError(
      'video-not-indexed',
      `${path} is not indexed with the model in use, so nothing can be compared with it: index it first.`,
    )
  }
}

async function textVector(encoder: VideoTextEncoder, text: string): Promise<Float32Array | null> {
  const sentences = splitSentences(text)
  return sentences.length === 0 ? null : (await encoder.encodeParagraph(sentences)).embedding
}
