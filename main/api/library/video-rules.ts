import { z } from 'zod'
import { limits, videoFilters, videoOrders } from '../common/rules.ts'
import type { Limits } from '../common/rules.ts'
import { within } from '../common/within.ts'

/** From and to, both included; null for no bound. */
const range = (limit: Limits) => z.object({ min: within(limit).nullable(), max: within(limit).nullable() })
const anything = { min: null, max: null }

/** Which videos, and in which order: what a list shows, and what a saved view keeps. All of it must be so. */
export const videoRules = z.object({
  /** Part of the file name or of a caption; empty for all. */
  text: z.string().default(''),
  folderId: z.number().int().nullable().default(null),
  state: z.enum(videoFilters).default('all'),
  /** Tags that a video must have, and those that it must not. */
  tags: z.array(z.string()).default([]),
  withoutTags: z.array(z.string()).default([]),
  /** Indexed with this model as it is now, by either pass. */
  model: z.string().nullable().default(null),
  /** Seconds. */
  duration: range(limits.seconds).default(anything),
  /** Pixels of the shorter side: 1080 whichever way the picture stands. */
  lines: range(limits.pictureLines).default(anything),
  captions: z.boolean().nullable().default(null),
  /** Damaged frames under the model in use, or a caption file with something wrong. */
  warnings: z.boolean().nullable().default(null),
  sort: z.enum(videoOrders).default('name'),
  reverse: z.boolean().default(false),
  /** The video for order `similar`, the text for order `score`, the evaluation for order `evaluation`. */
  similarTo: z.number().int().nullable().default(null),
  scoreOf: z.string().default(''),
  evaluation: z.string().nullable().default(null),
})
export type VideoRules = z.infer<typeof videoRules>
/** As it is asked for: what is left out is not asked. */
export type AskedVideoRules = z.input<typeof videoRules>

export const videoQuery = videoRules.extend({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(200),
})
export type VideoQuery = z.infer<typeof videoQuery>
