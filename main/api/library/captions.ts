import { oc } from '@orpc/contract'
import { z } from 'zod'
import { captionEdits, captionRemarks, mostSentences, rememberedEdits } from '../common/rules.ts'
import { caption } from './library.ts'

const sentences = z.array(caption.extend({ text: z.string().trim().min(1) })).max(mostSentences)

/** A change of the sentences: at place `at`, `inserted` took the place of `removed`. The other way round undoes it. */
export const captionStep = z.object({
  what: z.enum(captionEdits),
  at: z.number().int().min(0),
  removed: sentences,
  inserted: sentences,
})
export type CaptionStep = z.infer<typeof captionStep>

export const captionSteps = z.array(captionStep).max(rememberedEdits)

/** The sentences of a video as they are being edited. They are kept in the workspace until they are saved. */
export const captionDraft = z.object({
  videoId: z.number().int(),
  /** Counts what was kept; from 0, when nothing was. */
  revision: z.number().int(),
  sentences,
  /** What can be undone, and what was, the last at the end. */
  done: captionSteps,
  undone: captionSteps,
  /** Whether the file says something else. */
  edited: z.boolean(),
  /** Where they came from, and the SHA-256 of that file; null where there was none. */
  file: z.string().nullable(),
  fileHash: z.string().nullable(),
  /** Whether the file was written, deleted or replaced by another since. */
  fileChanged: z.boolean(),
})
export type CaptionDraft = z.infer<typeof captionDraft>

/** What a caption file says now. */
export const captionFileContent = captionDraft.pick({ file: true, fileHash: true, sentences: true })
export type CaptionFileContent = z.infer<typeof captionFileContent>

/** What becomes of saving. `changed`: nothing was written, because `file` is not as it was when it was read. */
export const captionsSaved = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('saved'),
    file: z.string(),
    /** Where the user's file lies as it was before; null when there was none, or the workbench wrote it. */
    backup: z.string().nullable(),
    remarks: z.array(z.enum(captionRemarks)),
    draft: captionDraft,
  }),
  z.object({ outcome: z.literal('changed'), file: z.string() }),
])
export type CaptionsSaved = z.infer<typeof captionsSaved>
export type CaptionRemark = (typeof captionRemarks)[number]
export type CaptionEdit = (typeof captionEdits)[number]

const video = z.object({ videoId: z.number().int() })
const revision = z.number().int().min(0)

export const captionsContract = {
  draft: oc.input(video).output(captionDraft),
  /** The captions as they lie beside the video, whatever was edited. */
  file: oc.input(video).output(captionFileContent),
  /**
   * Keeps edited sentences in the workspace. `revision` is what they were made of, and `fileHash` the state of the file
   * that they go back to; a window that comes too late is refused.
   */
  keep: oc
    .input(
      captionDraft
        .pick({ videoId: true, sentences: true, done: true, undone: true, fileHash: true })
        .extend({ revision }),
    )
    .output(captionDraft.pick({ revision: true, edited: true, fileChanged: true })),
  /**
   * Writes the kept sentences beside the video: as the file is, where that loses nothing, else as a file that is read
   * before it. `over`: also over a file that has changed since; a copy of that is kept as well.
   */
  save: oc.input(video.extend({ revision, over: z.boolean().default(false) })).output(captionsSaved),
  /** Every video whose sentences were edited and not saved. */
  edited: oc.output(z.array(z.object({ path: z.string(), file: z.string().nullable(), sentences: z.number().int() }))),
}
