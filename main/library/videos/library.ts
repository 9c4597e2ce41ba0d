import { resolve } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Folder, LibrarySummary, SelectionSummary, Video, VideoDetail } from '../../api/library/library.ts'
import type { VideoQuery, VideoRules } from '../../api/library/video-rules.ts'
import type { Database } from '../../storage/database.ts'
import { stampText } from '../../storage/files/file-identity.ts'
import { fileProblem } from '../../storage/files/file-problem.ts'
import { CaptionDrafts } from '../captions/caption-drafts.ts'
import { readFirstCaptions } from '../captions/captions.ts'
import { RemovedVideos } from '../curation/removed-videos.ts'
import { Tags } from '../curation/tags.ts'
import { Views } from '../curation/views.ts'
import { Folders } from '../folders/folders.ts'
import { findFile } from '../folders/walk.ts'
import type { FoundFile } from '../folders/walk.ts'
import { examine } from './examine.ts'
import type { ExamineOptions, Probe } from './examine.ts'
import { LibraryChanges } from './library-changes.ts'
import type { IndexKeys, RuleAnswers } from './video-filter.ts'
import { VideoList } from './video-list.ts'
import type { LibraryVideo, VideoPage } from './video-list.ts'
import { VideoRecords } from './video-records.ts'
import type { VideoRecord } from './video-records.ts'

/**
 * The opened folders and their videos. Reading is synchronous and quick; files are touched only where a promise is
 * returned.
 */
export class Library {
  /** For the scan. */
  readonly opened: Folders
  readonly records: VideoRecords
  /** What the user makes of it, to be changed within `changing`. */
  readonly tags: Tags
  readonly views: Views
  readonly removed: RemovedVideos
  readonly drafts: CaptionDrafts
  readonly #list: VideoList
  readonly #changes: LibraryChanges
  readonly #probe: Probe

  constructor(database: Database, media: { readonly probe: Probe }) {
    this.opened = new Folders(database)
    this.records = new VideoRecords(database)
    this.tags = new Tags(database)
    this.views = new Views(database)
    this.removed = new RemovedVideos(database)
    this.drafts = new CaptionDrafts(database)
    this.#list = new VideoList(database)
    this.#changes = new LibraryChanges(database)
    this.#probe = media.probe
  }

  folders(): Folder[] {
    return this.opened.list()
  }

  /**
   * Opens a folder; its videos are found by a scan job. A folder that is open already is returned as it is.
   * @throws ExpectedError `folder-unreadable`.
   */
  async addFolder(directory: string): Promise<Folder> {
    const folder = await this.opened.add(directory)
    this.changed()
    return folder
  }

  /**
   * Forgets a folder, its videos and their embeddings; files stay untouched, and so do videos that another opened
   * folder holds or that were opened by themselves.
   * @returns identities of the contents no video is left of: their vectors are to be removed from the vector store.
   * @throws ExpectedError `folder-unknown`.
   */
  async removeFolder(id: number): Promise<string[]> {
    const contents = await this.opened.remove(id)
    this.changed()
    return contents
  }

  /**
   * Opens one file and examines it at once.
   * @returns the video's id.
   * @throws ExpectedError when the file cannot be used; the library is then as before.
   */
  async openVideo(file: string, signal?: AbortSignal): Promise<number> {
    let named: Awaited<ReturnType<Folders['nameFor']>>
    let found: FoundFile
    try {
      named = await this.opened.nameFor(file)
      found = await findFile(named.path)
    } catch (error) {
      throw new ExpectedError('video-missing', fileProblem(resolve(file), error), { cause: error })
    }
    const record = this.records.byPath(named.path)
    if (!record || record.state !== 'ready' || record.stamp !== stampText(found)) {
      const examination = await examine(found, record, this.examineOptions(signal))
      if (examination.kind !== 'ready') {
        throw new ExpectedError(examination.kind === 'gone' ? 'video-missing' : examination.code, examination.problem)
      }
      this.records.together(() => {
        this.records.add(named.folderId, found, true)
        this.records.markReady(this.#id(named.path), {
          file: examination.file,
          contentId: examination.contentId,
          info: examination.info,
        })
      })
    } else {
      this.records.add(named.folderId, found, true)
    }
    // Whoever opens a file by itself wants it in the list again.
    this.removed.forget([named.path])
    await this.readCaptions(this.records.byPath(named.path), found)
    this.changed()
    return this.#id(named.path)
  }

  /** One page of videos in the shape of the contract; IndexStates refer to `keys`. */
  list(query: VideoQuery, keys: IndexKeys, answers?: RuleAnswers): VideoPage {
    return this.#list.page(query, keys, answers)
  }

  /** All videos that the rules select, in their order. */
  ids(rules: VideoRules, keys: IndexKeys, answers?: RuleAnswers): number[] {
    return this.#list.ids(rules, keys, answers)
  }

  count(rules: VideoRules, keys: IndexKeys, answers?: RuleAnswers): number {
    return this.#list.count(rules, keys, answers)
  }

  /** @throws ExpectedError `video-unknown`. */
  video(id: number, keys: IndexKeys): VideoDetail {
    const video = this.#list.video(id, keys)
    if (!video) throw unknownVideo(id)
    return { ...video, captions: this.drafts.editedOf(video.path) ?? video.captions }
  }

  /** The file of a video. @throws ExpectedError `video-unknown`. */
  pathOf(id: number): string {
    const known = this.records.problemOf(id)
    if (!known) throw unknownVideo(id)
    return known.path
  }

  /** Several videos in the order of `ids`; unknown ones are left out. */
  videos(ids: readonly number[], keys: IndexKeys): Video[] {
    return this.#list.videos(ids, keys)
  }

  /** The video of a file, when it is in the library and can be decoded. */
  videoByPath(file: string): LibraryVideo | null {
    const record = this.records.byPath(resolve(file))
    return record ? (this.readyVideos([record.id])[0] ?? null) : null
  }

  describe(ids: readonly number[], keys: IndexKeys): SelectionSummary {
    return this.#list.describe(ids, keys)
  }

  summary(keys: IndexKeys): LibrarySummary {
    return this.#list.summary(keys)
  }

  /** The videos that can be decoded, by path; of these only, when named. */
  readyVideos(ids: readonly number[] | null): LibraryVideo[] {
    return this.#list.ready(ids)
  }

  /**
   * A video that can be decoded. @throws ExpectedError `video-unknown`, or `video-not-ready` with what is wrong with
   * it.
   */
  ready(id: number): LibraryVideo {
    const [video] = this.readyVideos([id])
    if (video) return video
    const known = this.records.problemOf(id)
    if (!known) throw unknownVideo(id)
    throw new ExpectedError(
      'video-not-ready',
      known.problem ?? `${known.path} is not ready: wait until the scan has looked at it, or scan again.`,
    )
  }

  /** For a file that was found unusable after the scan: shown with the video until a scan finds otherwise. */
  markFailed(id: number, reason: string): void {
    this.records.markFailed(id, reason)
    this.changed()
  }

  /**
   * Listeners hear, a few times a second at most, that videos, folders or embeddings changed, here or in another
   * process. Returns how to stop.
   */
  onChange(listener: () => void): () => void {
    return this.#changes.onChange(listener)
  }

  /** To be called by whoever writes embeddings. */
  changed(): void {
    this.#changes.changed()
  }

  /** Does what changes tags, views or the list, and tells of it. */
  changing<Result>(work: () => Result): Result {
    const result = work()
    this.changed()
    return result
  }

  close(): void {
    this.#changes.close()
  }

  /** Reads the captions of a video if they are not as last read. */
  async readCaptions(record: VideoRecord | undefined, file: FoundFile): Promise<void> {
    if (!record || record.captionStamp === file.captionStamp) return
    const captions = await readFirstCaptions(file.captionFiles, this.frameRateOf(record))
    // Without a stamp the next scan reads them again, as when a drive has come back or permissions were changed.
    this.records.found(() =>
      this.records.setCaptions(record.id, captions, captions.isUnread ? null : file.captionStamp),
    )
  }

  /** Frames a second of a video, as its captions may count; null while that is not known. */
  frameRateOf(record: VideoRecord | undefined): number | null {
    const info = record?.contentId == null ? null : this.records.infoOf(record.contentId)
    return info?.frameRate ?? null
  }

  examineOptions(signal?: AbortSignal): ExamineOptions {
    return { probe: this.#probe, infoOf: contentId => this.records.infoOf(contentId), signal }
  }

  #id(file: string): number {
    const id = this.records.byPath(file)?.id
    if (id === undefined) throw new Error(`The video just added is not in the library: ${file}`)
    return id
  }
}

function unknownVideo(id: number): ExpectedError {
  return new ExpectedError('video-unknown', `There is no video ${id} in the library: its folder was removed.`)
}
