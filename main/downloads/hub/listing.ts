import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { transfer } from '../transfer/transfer.ts'
import type { TransferOptions } from '../transfer/transfer.ts'
import { commitName, hubAccess, pageOf } from './hub-access.ts'
import type { HubServer } from './hub-server.ts'
import type { Repository } from './repository.ts'

/** A file of a repository, as the hub states it. */
export const hubFile = z.object({
  /** With slashes, below the repository. */
  path: z.string(),
  size: z.number().int().nonnegative().nullable(),
  sha256: z.string().nullable(),
  /** Git's own hash, of files that are no large ones. */
  gitHash: z.string().nullable(),
})
export type HubFile = z.infer<typeof hubFile>

export const hubListing = z.object({
  /** `OWNER/NAME` as the hub writes it; another than was asked for where it was renamed. */
  name: z.string(),
  commit: z.string(),
  licence: z.string().nullable(),
  files: z.array(hubFile),
})
export type HubListing = z.infer<typeof hubListing>

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))
const whole = z.number().int().nonnegative()

/** `GET /api/models/OWNER/NAME/revision/REVISION?blobs=true`, as far as it matters here. */
const answer = z.looseObject({
  id: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  sha: z.string().regex(commitName),
  tags: z.array(z.string()).nullish(),
  cardData: z.looseObject({ license: z.string().nullish(), license_name: z.string().nullish() }).nullish(),
  siblings: z
    .array(
      z.looseObject({
        rfilename: z.string(),
        size: whole.nullish(),
        blobId: hex(40).nullish(),
        lfs: z.looseObject({ sha256: hex(64).nullish(), oid: hex(64).nullish(), size: whole.nullish() }).nullish(),
      }),
    )
    .max(100_000),
})

/** Bytes; repositories of models have some dozens of files. */
const largest = 32 * 2 ** 20

/** Paths that stay below a folder, on any system. */
const inside = (path: string): boolean =>
  !/[\\:\0]/.test(path) && path.split('/').every(name => name !== '' && name !== '.' && name !== '..')

/** Where the answer for a job lies while it arrives. */
export const listingFile = (jobId: number): string => `listing-${jobId}.json`

export interface ListingOptions extends TransferOptions {
  /** Where the answer lies meanwhile; it may not exist yet. */
  readonly folder: string
  readonly jobId: number
}

/**
 * Asks the hub what a repository holds at a revision, and which commit that is.
 * @throws ExpectedError as {@link hubAccess} explains refusals, or when the answer is not the hub's.
 */
export async function listRepository(
  server: HubServer,
  repository: Repository,
  { folder, jobId, ...options }: ListingOptions,
): Promise<HubListing> {
  const target = join(folder, listingFile(jobId))
  const revision = encodeURIComponent(repository.revision)
  await mkdir(folder, { recursive: true })
  await rm(target, { force: true })
  await transfer(
    {
      url: `${server.endpoint}/api/models/${repository.name}/revision/${revision}?blobs=true`,
      target,
      size: null,
      sha256: null,
      most: largest,
      access: hubAccess(server, repository, null),
      page: pageOf(repository),
      jobId,
    },
    options,
  ).catch((error: unknown) => {
    if (!(error instanceof ExpectedError)) throw error
    const named = error.message.replaceAll(listingFile(jobId), english`The list of files of ${repository.name}`)
    throw new ExpectedError(error.code, named, { cause: error })
  })
  try {
    return understood(await readFile(target, 'utf8'), server, repository)
  } finally {
    await rm(target, { force: true })
  }
}

function understood(text: string, { endpoint }: HubServer, repository: Repository): HubListing {
  const found = answer.safeParse(json(text))
  if (!found.success) {
    throw new ExpectedError(
      'hub-answer',
      `${new URL(endpoint).host} does not list ${repository.name} as Hugging Face does: leave the mirror (HF_ENDPOINT, or the settings) out, or import the folder from disk with \`model import\`.`,
      { cause: found.error },
    )
  }
  const { id, sha, siblings } = found.data
  return {
    name: id,
    commit: sha,
    licence: licenceOf(found.data)?.slice(0, 100) ?? null,
    files: siblings
      .filter(({ rfilename }) => inside(rfilename))
      .map(({ rfilename, size, blobId, lfs }) => ({
        path: rfilename,
        size: lfs?.size ?? size ?? null,
        sha256: lfs?.sha256 ?? lfs?.oid ?? null,
        // Of a large file it is the hash of the note that stands in for it.
        gitHash: lfs ? null : (blobId ?? null),
      })),
  }
}

function licenceOf({ cardData, tags }: z.infer<typeof answer>): string | null {
  const tag = tags?.find(one => one.startsWith('license:'))
  return cardData?.license_name ?? cardData?.license ?? tag?.slice('license:'.length) ?? null
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
