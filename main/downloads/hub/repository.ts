import { ExpectedError } from '../../../native-models/expected-error.ts'

/** A model on Hugging Face as somebody asks for it. */
export interface Repository {
  /** `OWNER/NAME`. */
  readonly name: string
  /** A branch, a tag or a commit. */
  readonly revision: string
  /** Of the ONNX files, as in `fp16`; null for the plain ones. */
  readonly variant: string | null
}

const usualRevision = 'main'
const part = '[A-Za-z0-9](?:[\\w.-]{0,94}[\\w])?'
const form = new RegExp(
  `^(?<name>${part}/${part})(?:@(?<revision>[\\w.][\\w./-]{0,199}))?(?:#(?<variant>[\\w-]{1,40}))?$`,
)

/** What people paste: the page's address instead of the name. */
const address =
  /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/([^/?#@]+\/[^/?#@]+)(?:\/(?:tree|blob|resolve)\/([^/?#]+)[^#]*|\/)?(?:\?[^#]*)?(#.*)?$/

/** Whether a text names a model of the hub, well or badly, and not a published file of the list. */
export const namesRepository = (text: string): boolean => /^hf:/i.test(text) || text.includes('/')

/**
 * Understands `hf:OWNER/NAME`, with `@REVISION` and `#VARIANT`; also without `hf:`, and the address of the page.
 * @throws ExpectedError saying what is expected.
 */
export function parseRepository(text: string): Repository {
  const bare = text.trim().replace(/^hf:(\/\/)?/i, '')
  const [, page, revision, variant = ''] = address.exec(bare) ?? []
  const name = page === undefined ? bare : `${page}${revision ? `@${decodeURIComponent(revision)}` : ''}${variant}`
  const groups = form.exec(name)?.groups
  if (!groups?.name || /--|\.\.|\.git(?:[@#]|$)/.test(name)) {
    throw new ExpectedError(
      'hub-name',
      `‘${text}’ is no name of a model on Hugging Face: give it as hf:OWNER/NAME, with @REVISION for another branch, tag or commit, as in hf:Xenova/clip-vit-base-patch32@main.`,
    )
  }
  return {
    name: groups.name,
    revision: groups.revision ?? usualRevision,
    variant: groups.variant?.toLowerCase() ?? null,
  }
}

/** The same as a text, with nothing that is usual. */
export function repositoryId({ name, revision, variant }: Repository): string {
  return `hf:${name}${revision === usualRevision ? '' : `@${revision}`}${variant === null ? '' : `#${variant}`}`
}
