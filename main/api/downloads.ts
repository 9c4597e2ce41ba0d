import { oc } from '@orpc/contract'
import { z } from 'zod'
import { fileRoles } from './common/rules.ts'

/**
 * What a published file is to an import: weights of the whole model, weights to begin a training with, or a file beside
 * them.
 */
export const fileRole = z.enum(fileRoles)
export type FileRole = z.infer<typeof fileRole>

export const downloadableFile = z.object({
  name: z.string(),
  role: fileRole,
  url: z.string(),
  /** Bytes; null: the publisher states none and the server has not been asked. */
  size: z.number().nullable(),
  /** Hexadecimal, as published or, when `recorded`, as computed at the first download; null: neither. */
  sha256: z.string().nullable(),
  recorded: z.boolean(),
  /** Where it will lie. */
  path: z.string(),
  /** Bytes that are here: all of them, or what an interrupted download has left. */
  received: z.number(),
  complete: z.boolean(),
})
export type DownloadableFile = z.infer<typeof downloadableFile>

/** Published files that belong together, or a model of Hugging Face. */
export const download = z.object({
  /** Of a model, `hf:OWNER/NAME`, with `@REVISION` and `#VARIANT`. */
  id: z.string(),
  title: z.string(),
  text: z.string(),
  licence: z.string(),
  /** The publisher's page, to be read in a browser. */
  page: z.string(),
  /** Empty as long as the hub has not been asked what a model's repository holds. */
  files: z.array(downloadableFile),
  /** Whether its download ends with a model that is registered and in use. */
  becomesModel: z.boolean(),
  /** The models that were made of it. */
  models: z.array(z.string()),
  /** Bytes, roughly, for as long as `files` do not say; null where nobody knows. */
  about: z.number().nullable(),
  /** When the publisher's link expires, in milliseconds since the epoch; null: never, or nobody says. */
  until: z.number().nullable(),
  /** The commit that was listed; null before that, and for files that are no repository. */
  commit: z.string().nullable(),
  /** The newest job that fetches or has fetched it, or null. */
  jobId: z.number().int().nullable(),
})
export type Download = z.infer<typeof download>

const one = z.object({ id: z.string() })

export const downloadsContract = {
  /** Touches no network. `free`: bytes free on the disk that the files go to; null when the system does not tell. */
  list: oc.output(z.object({ downloads: z.array(download), free: z.number().nullable() })),
  /** Asks the servers for the sizes that are not known. */
  measure: oc.input(one).output(download),
  /**
   * Fetches what is missing, going on where an earlier attempt was interrupted. A model of Hugging Face need not be in
   * the list: its name will do.
   */
  start: oc.input(one).output(z.object({ jobId: z.number().int() })),
  /** Deletes the files and what is left of an interrupted download. */
  remove: oc.input(one).output(z.void()),
}
