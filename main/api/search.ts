import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { mediaPath } from './common/media.ts'
import { limits, longestViewName, searchLevels, uploadPart } from './common/rules.ts'
import { within } from './common/within.ts'
import { whyNot, whyNotQuestion } from './inspection/why-not.ts'
import { video } from './library/library.ts'

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
  /** Videos that were searched, and those of the folder or the library. */
  searched: z.number().int(),
  total: z.number().int(),
  /** Every embedding was compared; false when an index proposed those that were. */
  exact: z.boolean(),
  milliseconds: z.number(),
})
export type SearchResponse = z.infer<typeof searchResponse>

/** The model that searches; null for the one in use. Each searches its own index. */
const searchingModel = z.string().nullable().default(null)

/** The opened folder that is searched; null for all of the library. */
const searchedFolder = z.number().int().nullable().default(null)

/** What is searched with in the place of a text; `start` and `end` in seconds, null for all of it. */
export const similarQuery = z.object({
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('video'), videoId: z.number().int() }),
    z.object({ kind: z.literal('upload'), upload: z.string().max(64) }),
  ]),
  start: within(limits.seconds).nullable().default(null),
  end: within(limits.seconds).nullable().default(null),
  level: z.enum(searchLevels).default('video'),
  top: within(limits.searchResults).default(24),
  folderId: searchedFolder,
  model: searchingModel,
})
export type SimilarQuery = z.infer<typeof similarQuery>

/** A query as it is shown: its pictures are media paths, or `data:` addresses where the file is not in the library. */
export const shownQuery = z.object({
  name: z.string(),
  /** A still picture has no length. */
  duration: z.number().nullable(),
  start: z.number().nullable(),
  end: z.number().nullable(),
  pictures: z.array(z.string()),
})
export type ShownQuery = z.infer<typeof shownQuery>

export const similarResponse = searchResponse.extend({ query: shownQuery })
export type SimilarResponse = z.infer<typeof similarResponse>

/** A video in the place of a text, by which it can be searched for again; seconds, null for its beginning and end. */
const rememberedLike = z.object({
  videoId: z.number().int(),
  start: within(limits.seconds).nullable(),
  end: within(limits.seconds).nullable(),
})

/** A search by a text, or by a video of the library; a file that was brought has no name to find it by again. */
export const rememberedSearch = z
  .object({ text: z.string(), level: z.enum(searchLevels), like: rememberedLike.nullable().default(null) })
  .refine(({ text, like }) => like !== null || text !== '', { error: 'a text or a video' })
export type RememberedSearch = z.infer<typeof rememberedSearch>

/** A search that was made; `name` null for one that is only remembered. `at`: milliseconds since the epoch. */
export const pastSearch = z.object({
  id: z.number().int(),
  /** Empty where a video stands in its place. */
  text: z.string(),
  like: rememberedLike.extend({ name: z.string() }).nullable(),
  level: z.enum(searchLevels),
  name: z.string().nullable(),
  at: z.number(),
})
export type PastSearch = z.infer<typeof pastSearch>

const searchName = z.string().trim().min(1).max(longestViewName)

export const searchContract = {
  /**
   * The smallest change, found greedily, of the text or of the videos' clips that puts one video above another; told
   * again after every few trials.
   */
  whyNot: oc.input(whyNotQuestion).output(eventIterator(whyNot)),
  /** A video, a span of one, or a file that was brought, against whole videos or their clips. */
  similar: oc.input(similarQuery).output(similarResponse),
  /**
   * A part of a file that is to be searched with, as base64, in the order of the file; the first has no `upload` yet.
   * It is kept while the workbench runs, the last few.
   */
  upload: oc
    .input(
      z.object({
        upload: z.string().max(64).nullable(),
        name: z.string().max(300),
        kind: z.enum(['image', 'video']),
        data: z.string().max(2 * uploadPart),
        last: z.boolean(),
      }),
    )
    .output(z.object({ upload: z.string() })),
  /** Saved searches by name, then those that are remembered, the last first. */
  history: oc.output(z.array(pastSearch)),
  remember: oc.input(rememberedSearch).output(z.array(pastSearch)),
  /** Null for a search that is to be remembered only. */
  name: oc.input(z.object({ id: z.number().int(), name: searchName.nullable() })).output(z.array(pastSearch)),
  /** All that have no name when `id` is null. */
  forget: oc.input(z.object({ id: z.number().int().nullable() })).output(z.array(pastSearch)),
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
        folderId: searchedFolder,
        model: searchingModel,
      }),
    )
    .output(searchResponse),
}
