import { oc } from '@orpc/contract'
import { z } from 'zod'
import { mapSubjects } from './common/rules.ts'

export const mapSubject = z.enum(mapSubjects)
export type MapSubject = z.infer<typeof mapSubject>

/** Numbers of four bytes each, little-endian, in base64: a hundred thousand points cross in a moment. */
const packedNumbers = z.string()

/** The videos that points belong to, column by column. */
const mapVideos = z.object({
  id: z.array(z.number().int()),
  path: z.array(z.string()),
  /** As the picture's address has it, so that the window drops a picture of what the file was before. */
  thumbnail: z.array(z.string()),
  /** Seconds. */
  duration: z.array(z.number()),
  /** Pixels of the shorter side. */
  lines: z.array(z.number().int()),
  /** Caption sentences. */
  sentences: z.array(z.number().int()),
  tags: z.array(z.array(z.string())),
})
export type MapVideos = z.infer<typeof mapVideos>

/**
 * The map of an index. Coordinates are from −1 to 1. A content that two files hold has a point for each.
 */
export const videoMap = z.object({
  /** Of the stored map: scores of the same number belong to it. */
  id: z.string(),
  subject: mapSubject,
  model: z.string(),
  points: z.number().int(),
  /** float32 [points × 2], by the first two principal components. */
  principal: packedNumbers,
  /** float32 [points × 2], by UMAP; null while it is computed, and for too few points. */
  neighbours: packedNumbers.nullable(),
  /** int32 [points], a place in `videos`. */
  video: packedNumbers,
  /** float32 [points], seconds. */
  start: packedNumbers,
  end: packedNumbers,
  /** int32 [points], a place in the stored map, by which scores are told. */
  row: packedNumbers,
  videos: mapVideos,
  /** Whether nothing was indexed or forgotten since. */
  isCurrent: z.boolean(),
  /** Whether all was computed that can be; otherwise it is under way, or was given up. */
  isFinished: z.boolean(),
  /** Milliseconds since the epoch. */
  computedAt: z.number(),
})
export type VideoMap = z.infer<typeof videoMap>

export const mapAnswer = z.object({
  model: z.string(),
  /** Null when none was computed yet. */
  map: videoMap.nullable(),
  /** Videos that can be on the map, and all that can be watched. */
  indexed: z.number().int(),
  total: z.number().int(),
})
export type MapAnswer = z.infer<typeof mapAnswer>

export const mapScores = z.object({
  /** `id` of the map whose rows they are. */
  map: z.string(),
  /** float32 [rows of the stored map], cosine similarity; NaN where a row is not indexed any more. */
  scores: packedNumbers,
  /** What the reader must know, as that the text was shortened. */
  warnings: z.array(z.string()),
})
export type MapScores = z.infer<typeof mapScores>

const whichMap = z.object({ subject: mapSubject })

export const mapContract = {
  /** The map of the model in use as it was computed last. */
  get: oc.input(whichMap).output(mapAnswer),
  /**
   * Computes it, which is a job; nothing is left to do where it is current. What was on the map before stays about
   * where it was, unless it is computed `anew`, from the embeddings alone.
   */
  start: oc.input(whichMap.extend({ anew: z.boolean().default(false) })).output(z.object({ jobId: z.number().int() })),
  /** How similar a text is to each row of the stored map: a paragraph to videos, its best sentence to clips. */
  scores: oc.input(whichMap.extend({ text: z.string() })).output(mapScores),
}
