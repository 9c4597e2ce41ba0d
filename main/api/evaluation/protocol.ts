import { z } from 'zod'
import { protocolNames } from '../common/rules.ts'
import { share } from './survivors.ts'

export const protocolName = z.enum(protocolNames)

/** Which published protocol an evaluation is of, and how much of it. */
export const evaluatedProtocol = z.object({
  /** Null where the rows are not those of a published one. */
  name: protocolName.nullable(),
  /** How many of the protocol's were evaluated; of no protocol, how many of all that the split names. */
  queries: share,
  videos: share,
  /** Whether every query and video of the protocol was evaluated. */
  complete: z.boolean(),
  /** What is reported of it, as papers call it. */
  metrics: z.array(z.string()),
  /** Published ones that a part of the split's files are: what can be asked for. */
  among: z.array(protocolName),
  /** The same in words. */
  sentence: z.string(),
})
export type EvaluatedProtocol = z.infer<typeof evaluatedProtocol>
