import { oc } from '@orpc/contract'
import { z } from 'zod'
import { longestReportTitle, passes, wordLanguages } from '../common/rules.ts'

/** A report on how a video answers a paragraph, as one HTML file that needs nothing beside it. */
export const reportInput = z.object({
  videoId: z.number().int(),
  /** Split into sentences; null takes the captions beside the video. */
  text: z.string().nullable(),
  pass: z.enum(passes).default('dense'),
  /** Null for the name of the video. */
  title: z.string().trim().max(longestReportTitle).nullable(),
  /** Of the report's own words. */
  language: z.enum(wordLanguages),
  /** File, absolute. */
  path: z.string().min(1),
  overwrite: z.boolean(),
})
export type ReportInput = z.infer<typeof reportInput>

export const reportsContract = {
  start: oc.input(reportInput).output(z.object({ jobId: z.number().int() })),
}
