import { availableParallelism } from 'node:os'
import { dirname, relative } from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { english } from '../../../native-models/english.ts'
import type { ProgressReport } from '../../jobs/progress-meter.ts'
import { stampText } from '../../storage/files/file-identity.ts'
import { fileProblem, isGone } from '../../storage/files/file-problem.ts'
import type { OpenedFolder } from '../folders/folders.ts'
import { isInside, videoExtensions } from '../folders/video-files.ts'
import { findFile, walk } from '../folders/walk.ts'
import type { FoundFile, Walked } from '../folders/walk.ts'
import { examine } from '../videos/examine.ts'
import type { ReadyExamination } from '../videos/examine.ts'
import type { Library } from '../videos/library.ts'
import type { Scope, VideoRecord } from '../videos/video-records.ts'
import { firstWithVideos } from './video-archives.ts'

/** A folder to look at; `recursive`: with everything in it. */
export interface ScannedDirectory {
  readonly directory: string
  readonly recursive: boolean
}

export interface ScanHooks {
  readonly signal: AbortSignal
  readonly progress: (report: ProgressReport) => void
  readonly fail: (path: string, reason: string) => void
}

/**
 * Files examined at the same time. One that ffprobe must look at takes a start of a process, 20 to 300 ms of a core as
 * it was built, and on a machine that others keep busy two for each core get twice the share; a window stays quick all
 * the same.
 */
export const together = Math.max(2, Math.min(8, 2 * availableParallelism()))
/** Rows written, and read, at once; in between others get their turn. */
const batchSize = 500
const readBatch = 5000

/**
 * Makes the library agree with the disk. What is unchanged is not read again, so that a scan cut off anywhere goes on
 * where it was.
 */
export class Scan {
  readonly #library: Library
  readonly #hooks: ScanHooks
  readonly #changed: FoundFile[] = []
  #found = 0
  #done = 0

  constructor(library: Library, hooks: ScanHooks) {
    this.#library = library
    this.#hooks = hooks
  }

  /** Scans opened folders (all, and the files opened by themselves, when null), or only some directories in them. */
  async run(folderIds: readonly number[] | null, within: readonly ScannedDirectory[] | null): Promise<void> {
    this.#report(null, null)
    for (const folder of this.#library.opened.opened()) {
      if (folderIds !== null && !folderIds.includes(folder.id)) continue
      const directories = within?.filter(
        ({ directory }) => this.#library.opened.nearestByPath(directory)?.id === folder.id,
      ) ?? [{ directory: folder.path, recursive: true }]
      for (const directory of directories) await this.#survey(folder, directory)
    }
    if (folderIds === null && within === null) await this.#surveyFilesOpenedByThemselves()
    this.#report(this.#found, null)
    await this.#examineChanged()
  }

  async #survey(folder: OpenedFolder, { directory, recursive }: ScannedDirectory): Promise<void> {
    const scope: Scope = { folderId: folder.id, directory, recursive }
    const isWhole = directory === folder.path
    let walked: Walked
    try {
      walked = await walk(directory, {
        home: folder.realPath,
        recursive,
        belongsElsewhere: this.#library.opened.belongsElsewhere(folder.id),
        signal: this.#hooks.signal,
        onFolder: entered => this.#report(null, entered),
      })
    } catch (error) {
      this.#hooks.signal.throwIfAborted()
      if (!isWhole && isGone(error)) {
        return this.#compare({ ...scope, recursive: true }, { files: [], problems: [], archives: [] })
      }
      const reason = fileProblem(directory, error)
      this.#hooks.fail(directory, reason)
      if (!isWhole) return
      this.#library.opened.setProblem(folder.id, reason)
      // The drive may be away: its videos are missing until it is back, and nothing of them is forgotten.
      if (isGone(error)) {
        await this.#compare({ ...scope, recursive: true }, { files: [], problems: [], archives: [] }, false)
      }
      this.#library.changed()
      return
    }
    if (isWhole) this.#library.opened.setProblem(folder.id, null)
    for (const problem of walked.problems) this.#hooks.fail(problem.path, problem.reason)
    const archive = isWhole && recursive ? await firstWithVideos(walked.archives, this.#hooks.signal) : null
    if (archive !== null) {
      this.#hooks.fail(
        folder.path,
        english`${folder.path} holds videos in tar archives, as ${relative(folder.path, archive)}, which a library does not list: unpack them to search and play them; as labelled data they are read in place.`,
      )
    }
    if (
      isWhole &&
      recursive &&
      walked.files.length === 0 &&
      walked.problems.length === 0 &&
      archive === null &&
      !this.#holdsAnother(folder)
    ) {
      this.#hooks.fail(
        folder.path,
        english`No videos found in ${folder.path} (looked for ${videoExtensions.join(', ')}).`,
      )
    }
    await this.#compare(scope, walked)
  }

  async #surveyFilesOpenedByThemselves(): Promise<void> {
    const walked: Walked = { files: [], problems: [], archives: [] }
    for (const record of await this.#remembered({ folderId: null })) {
      this.#hooks.signal.throwIfAborted()
      try {
        walked.files.push(await findFile(record.path))
      } catch (error) {
        if (isGone(error)) continue
        const reason = fileProblem(record.path, error)
        walked.problems.push({ path: record.path, reason, hides: true })
        this.#hooks.fail(record.path, reason)
      }
    }
    await this.#compare({ folderId: null }, walked)
  }

  /** Compares what lies on the disk with what is remembered; what is new or changed is put aside for examination. */
  async #compare(scope: Scope, walked: Walked, forget = true): Promise<void> {
    const { records, opened } = this.#library
    const remembered = new Map((await this.#remembered(scope)).map(record => [record.path, record]))
    const removed = this.#library.removed.paths()
    for (let start = 0; start < walked.files.length; start += batchSize) {
      this.#hooks.signal.throwIfAborted()
      records.found(() => {
        // The user may have removed the folder meanwhile.
        if (scope.folderId !== null && !opened.opened().some(folder => folder.id === scope.folderId)) return
        for (const file of walked.files.slice(start, start + batchSize)) {
          if (removed.has(file.path)) continue
          this.#compareFile(scope.folderId, file, remembered.get(file.path))
        }
      })
      this.#library.changed()
      await yieldToOthers()
    }
    const present = new Set(walked.files.map(file => file.path))
    const hidden = walked.problems.filter(problem => problem.hides).map(problem => problem.path)
    const absent = [...remembered.values()].filter(
      record => !present.has(record.path) && !hidden.some(place => isInside(record.path, place)),
    )
    for (let start = 0; start < absent.length; start += batchSize) {
      const batch = absent.slice(start, start + batchSize)
      records.found(() => {
        if (forget) records.forgetNeedless(batch.filter(record => record.state === 'missing').map(record => record.id))
        for (const record of batch) {
          if (record.state !== 'missing') {
            records.markMissing(
              record.id,
              english`${record.path} is not there any more: it was deleted, moved or renamed.`,
            )
          }
        }
      })
      this.#library.changed()
      await yieldToOthers()
    }
  }

  async #remembered(scope: Scope): Promise<VideoRecord[]> {
    const remembered: VideoRecord[] = []
    for (;;) {
      const batch = this.#library.records.in(scope, remembered.at(-1)?.path ?? '', readBatch)
      remembered.push(...batch)
      if (batch.length < readBatch) break
      await yieldToOthers()
    }
    return scope.folderId === null || scope.recursive
      ? remembered
      : remembered.filter(record => dirname(record.path) === scope.directory)
  }

  #compareFile(folderId: number | null, file: FoundFile, record: VideoRecord | undefined): void {
    const { records } = this.#library
    this.#found += 1
    const isKnown = record !== undefined && record.contentId !== null && record.stamp === stampText(file)
    if (!record) records.add(folderId, file)
    if (record?.state === 'missing') records.markBack(record.id, isKnown)
    const isSettled = isKnown && (record.state === 'ready' || record.state === 'missing')
    if (isSettled && record.captionStamp === file.captionStamp) this.#done += 1
    else this.#changed.push(file)
  }

  async #examineChanged(): Promise<void> {
    const waiting = this.#changed.values()
    // When one meets what would meet all, the other must not go on behind a job that has ended.
    const broken = new AbortController()
    const signal = AbortSignal.any([this.#hooks.signal, broken.signal])
    const work = async (): Promise<void> => {
      for (const file of waiting) {
        signal.throwIfAborted()
        this.#report(this.#found, file.path)
        await this.#examine(file, signal)
        this.#done += 1
        this.#report(this.#found, file.path)
        this.#library.changed()
      }
    }
    const outcomes = await Promise.allSettled(
      Array.from({ length: together }, () =>
        work().catch((error: unknown) => {
          broken.abort(error)
          throw error
        }),
      ),
    )
    const failed = outcomes.find(outcome => outcome.status === 'rejected')
    if (failed) throw signal.reason
  }

  async #examine(found: FoundFile, signal: AbortSignal): Promise<void> {
    const { records } = this.#library
    const record = records.byPath(found.path)
    if (!record) return
    if (record.state !== 'ready' || record.stamp !== stampText(found)) {
      const examination = await examine(found, record, this.#library.examineOptions(signal))
      if (examination.kind !== 'ready') this.#hooks.fail(found.path, examination.problem)
      if (examination.kind === 'gone') return records.markMissing(record.id, examination.problem)
      if (examination.kind === 'failed') records.markUnusable(record.id, examination.file, examination.problem)
      else this.#takeUp(record, examination)
    }
    await this.#library.readCaptions(records.byPath(found.path), found)
  }

  /** A file just found whose content a missing video had was moved: it goes on as that video. */
  #takeUp(record: VideoRecord, { file, contentId, info }: ReadyExamination): void {
    const { records } = this.#library
    records.found(() => {
      const moved = record.contentId === null ? records.missingWith(contentId) : undefined
      if (moved) records.move(moved.id, record.id)
      records.markReady(moved?.id ?? record.id, { file, contentId, info })
    })
  }

  /** Whether a folder opened by itself lies in this one, with videos that are not counted here. */
  #holdsAnother(folder: OpenedFolder): boolean {
    return this.#library.opened
      .opened()
      .some(other => other.id !== folder.id && isInside(other.realPath, folder.realPath))
  }

  #report(total: number | null, current: string | null): void {
    this.#hooks.progress({ done: this.#done, total, unit: 'videos', current })
  }
}
