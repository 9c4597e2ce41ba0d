import { oc } from '@orpc/contract'
import { z } from 'zod'
import { mediaPath } from './common/media.ts'
import { limits, searchLevels } from './common/rules.ts'
import { within } from './common/within.ts'
import { video } from './library.ts'

export const searchResult = z.object({
  /** From 1. */
  rank: z.number().int(),
  video,
  /** Cosine similarity of the embeddings, −1 to 1. */
  score: z.number(),
  /** Seconds; the whole video at level `video`. */
  start: z.number(),
  end: z.number(),
  thumbnail: mediaPath,
})
export type SearchResult = z.infer<typeof searchResult>

export const searchResponse = z.object({
  results: z.array(searchResult),
  model: z.string(),
  /**
   * What the reader must know: an untrained model, videos not searched because they are not indexed or stale, a
   * shortened text.
   */
  warnings: z.array(z.string()),
  searched: z.number().int(),
  total: z.number().int(),
  milliseconds: z.number(),
})
export type SearchResponse = z.infer<typeof searchResponse>

export const searchContract = {
  /**
   * `video`: a paragraph against whole videos by global embeddings. `moment`: a sentence against clips by local
   * embeddings (dense pass).
   */
  query: oc
    .input(
      z.object({
        text: z.string(),
        level: z.enum(searchLevels).default('video'),
        top: within(limits.searchResults).default(24),
      }),
    )
    .output(searchResponse),
}
