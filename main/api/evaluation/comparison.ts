import { z } from 'zod'
import { momentRecalls, recalls } from '../common/rules.ts'
import { evaluatedProtocol } from './protocol.ts'

/**
 * Two evaluations on the queries that both have, their videos alone in the gallery. `better`: queries whose right video
 * ranks higher in the second, or that it alone answers rightly; `chance` of so uneven a split (sign test).
 */
export const comparison = z.object({
  queries: z.object({ common: z.number().int(), first: z.number().int(), second: z.number().int() }),
  videos: z.number().int(),
  /** Which published protocol the queries that both have are; null where that was not found out of one of them. */
  protocol: evaluatedProtocol.nullable(),
  /** Recall (0–1) and ranks from text to video, or of moments that of the first window, or accuracy. */
  metrics: z.array(
    z.object({
      metric: z.enum([...recalls, 'medianRank', 'meanRank', ...momentRecalls, 'mIoU', 'accuracy']),
      first: z.number(),
      second: z.number(),
    }),
  ),
  better: z.number().int(),
  worse: z.number().int(),
  chance: z.number(),
})
export type Comparison = z.infer<typeof comparison>
