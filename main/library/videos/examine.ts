import { setTimeout as sleep } from 'node:timers/promises'
import { english } from '../../../native-models/english.ts'
import type { ErrorCode } from '../../../native-models/error-codes.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { contentIdentity, fileStamp, stampText } from '../../storage/files/file-identity.ts'
import type { FileStamp } from '../../storage/files/file-identity.ts'
import { fileErrorCode, fileProblem, isGone } from '../../storage/files/file-problem.ts'
import type { FoundFile } from '../folders/walk.ts'
import type { VideoRecord } from './video-records.ts'

/** Reads what a video file is, without decoding it. */
export type Probe = (path: string, options: { readonly signal?: AbortSignal | undefined }) => Promise<MediaInfo>

/** What a usable file holds. */
export interface ReadyExamination {
  readonly kind: 'ready'
  readonly file: FoundFile
  readonly contentId: string
  readonly info: MediaInfo
}

/** What is in a file: `gone` when it is not there any more, `failed` when it is of no use, each with its sentence. */
export type Examination =
  | ReadyExamination
  | { readonly kind: 'failed'; readonly file: FoundFile; readonly code: ErrorCode; readonly problem: string }
  | { readonly kind: 'gone'; readonly problem: string }

export interface ExamineOptions {
  readonly probe: Probe
  /** What is known of a content already. */
  readonly infoOf: (contentId: string) => MediaInfo | null
  readonly signal?: AbortSignal | undefined
}

/** Conditions of the machine that would meet every file alike. */
const fatal: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ffmpeg-missing',
  'ffmpeg-broken',
  'disk-full',
  'database-busy',
  'database-unusable',
  'database-corrupt',
])

/** A file that is being written is looked at again after this pause, in milliseconds, this many times. */
const writingPause = 1000
const writingPatience = 30

/**
 * Finds out what is in a file. One that changes meanwhile is still being written and is waited for, half a minute at
 * most.
 * @throws ExpectedError for what is wrong with the machine rather than the file; the abort reason.
 */
export async function examine(
  found: FoundFile,
  record: VideoRecord | undefined,
  options: ExamineOptions,
): Promise<Examination> {
  let file = found
  for (let looks = 1; ; looks += 1) {
    const examination = await examineOnce(file, record, options)
    if (examination.kind === 'gone') return examination
    let now: FoundFile
    try {
      now = { ...found, ...(await fileStamp(found.path)) }
    } catch (error) {
      return failure(file, error, options.signal)
    }
    if (isUnchanged(now, file)) return examination
    if (looks > writingPatience) {
      return {
        kind: 'failed',
        file: now,
        code: 'still-written',
        problem: english`${found.path} is still being written: rescan when it is complete.`,
      }
    }
    await sleep(writingPause, undefined, { signal: options.signal })
    file = now
  }
}

async function examineOnce(
  file: FoundFile,
  record: VideoRecord | undefined,
  { probe, infoOf, signal }: ExamineOptions,
): Promise<Examination> {
  if (file.size === 0) {
    return {
      kind: 'failed',
      file,
      code: 'video-empty',
      problem: english`${file.path} is empty (0 bytes): copy or download it again.`,
    }
  }
  try {
    const known = record?.stamp === stampText(file) ? record.contentId : null
    const contentId = known ?? (await contentIdentity(file.path, signal))
    const info = infoOf(contentId) ?? (await probe(file.path, { signal }))
    return { kind: 'ready', file, contentId, info }
  } catch (error) {
    return failure(file, error, signal)
  }
}

function failure(file: FoundFile, error: unknown, signal: AbortSignal | undefined): Examination {
  signal?.throwIfAborted()
  if (error instanceof ExpectedError) {
    if (fatal.has(error.code)) throw error
    return error.code === 'video-missing'
      ? { kind: 'gone', problem: error.message }
      : { kind: 'failed', file, code: error.code, problem: error.message }
  }
  if (isGone(error)) return { kind: 'gone', problem: fileProblem(file.path, error) }
  if (fileErrorCode(error) !== undefined) {
    return { kind: 'failed', file, code: 'video-unreadable', problem: fileProblem(file.path, error) }
  }
  // One odd file must not stop the scan of the others, even where the fault is ours.
  const message = error instanceof Error ? error.message : String(error)
  return {
    kind: 'failed',
    file,
    code: 'program-error',
    problem: english`${file.path} could not be examined because of an error in the program (${message}): please report it with the file.`,
  }
}

function isUnchanged(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.modifiedNs === b.modifiedNs
}
