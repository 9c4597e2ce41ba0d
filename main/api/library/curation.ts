import { z } from 'zod'
import { longestTag, longestViewName } from '../common/rules.ts'
import { videoRules } from './video-rules.ts'

/** A tag and how many videos of the list have it. */
export const usedTag = z.object({ tag: z.string(), videos: z.number().int() })
export type UsedTag = z.infer<typeof usedTag>

/** A tag that these videos get, or lose. What really changed has the same shape, so that it can be undone. */
export const tagChange = z.object({
  tag: z.string().max(4 * longestTag),
  videoIds: z.array(z.number().int()),
  tagged: z.boolean(),
})
export type TagChange = z.infer<typeof tagChange>

export const viewName = z.string().trim().min(1).max(longestViewName)

/** Named rules; what they select now is counted anew whenever it is asked for. */
export const savedView = z.object({
  id: z.number().int(),
  name: z.string(),
  rules: videoRules,
  videos: z.number().int(),
})
export type SavedView = z.infer<typeof savedView>

/** A video that was taken off the list; its file is untouched. */
export const removedVideo = z.object({ path: z.string(), folderId: z.number().int().nullable() })
export type RemovedVideo = z.infer<typeof removedVideo>
