import { oc } from '@orpc/contract'
import { z } from 'zod'
import { longestTierName, mostSentences, mostTiers, tierForms } from '../common/rules.ts'
import { captionSteps } from './captions.ts'
import { caption } from './library.ts'

const spans = z
  .array(
    caption
      .extend({ text: z.string().trim().min(1) })
      .refine(
        ({ start, end }) => start !== null && end !== null && start >= 0 && end >= start,
        'a span needs its times',
      ),
  )
  .max(mostSentences)
const tierName = z.string().trim().min(1).max(longestTierName)

/** What a tier holds: labelled spans in seconds, and what can be undone and was, the last step at the end. */
const tierContent = z.object({ spans, done: captionSteps, undone: captionSteps })
export type TierContent = z.infer<typeof tierContent>

/** A row of a user's own spans of a video, beside its captions. It belongs to the content, whatever the file's name. */
export const tier = tierContent.extend({
  id: z.number().int(),
  name: z.string(),
  /** Counts what was kept, from 0. */
  revision: z.number().int(),
})
export type Tier = z.infer<typeof tier>

/** What a tier of ELAN would give. `left`: annotations without text or times, or after the end of the video. */
export const foundTier = z.object({ name: z.string(), spans: z.number().int(), left: z.number().int() })
export type FoundTier = z.infer<typeof foundTier>

/** What was taken of a session of ELAN; `note`: that it is about another video. */
export const tiersTaken = z.object({ tiers: z.array(foundTier), note: z.string().nullable() })
export type TiersTaken = z.infer<typeof tiersTaken>

/** `captions`: the sentences that have times are a tier as well. */
export const tierExport = z.object({
  videoId: z.number().int(),
  as: z.enum(tierForms),
  path: z.string(),
  overwrite: z.boolean().default(false),
  captions: z.boolean().default(false),
})
export type TierExport = z.infer<typeof tierExport>

export const tiersWritten = z.object({
  path: z.string(),
  tiers: z.number().int(),
  spans: z.number().int(),
  /** What a new project of Label Studio needs for it; null for other forms. */
  labellingInterface: z.string().nullable(),
})
export type TiersWritten = z.infer<typeof tiersWritten>

const ofVideo = z.object({ videoId: z.number().int() })
const ofTier = z.object({ id: z.number().int() })
const elanFile = ofVideo.extend({ path: z.string() })

export const tiersContract = {
  list: oc.input(ofVideo).output(z.array(tier)),
  /** A new tier, empty or with what one that was removed had. */
  add: oc.input(ofVideo.extend({ name: tierName, content: tierContent.optional() })).output(tier),
  rename: oc.input(ofTier.extend({ name: tierName })).output(tier),
  /** What it held is told, so that it can be put back. */
  remove: oc.input(ofTier).output(tier),
  /** Keeps the edited spans; a window whose `revision` is not the newest is refused. */
  keep: oc
    .input(tierContent.extend({ id: z.number().int(), revision: z.number().int().min(0) }))
    .output(tier.pick({ revision: true })),
  /** What the tiers of a session of ELAN (.eaf) would give; nothing is taken. */
  found: oc.input(elanFile).output(tiersTaken),
  /** Takes these tiers of a session as new ones; the file stays as it is. */
  read: oc.input(elanFile.extend({ names: z.array(z.string()).min(1).max(mostTiers) })).output(tiersTaken),
  /** Writes all tiers of a video as one file. */
  write: oc.input(tierExport).output(tiersWritten),
}
