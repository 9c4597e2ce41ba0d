import { basename } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { CaptionDraft, CaptionFileContent, CaptionsSaved } from '../../api/library/captions.ts'
import type { Caption } from '../../api/library/library.ts'
import type { CaptionDrafts, FileState, KeptDraft } from '../captions/caption-drafts.ts'
import { composeCaptions } from '../captions/writing/compose-captions.ts'
import { saySame } from '../captions/writing/match-sentences.ts'
import { findFile } from '../folders/walk.ts'
import type { Library } from '../videos/library.ts'
import { captionsNow, hashOf } from './caption-file.ts'
import type { CaptionsNow } from './caption-file.ts'
import { writeCaptions } from './write-captions.ts'

/** What a window keeps; `revision` and `fileHash` say what it was made of. */
export type EditedCaptions = Pick<CaptionDraft, 'videoId' | 'revision' | 'sentences' | 'done' | 'undone' | 'fileHash'>

/** Edits the captions of videos: they are kept in the workspace, and written to the user's files only by `save`. */
export class CaptionEditing {
  readonly #library: Library
  readonly #drafts: CaptionDrafts

  constructor(library: Library) {
    this.#library = library
    this.#drafts = library.drafts
  }

  /** @throws ExpectedError `video-unknown`. */
  async draft(videoId: number): Promise<CaptionDraft> {
    const path = this.#library.pathOf(videoId)
    const now = await this.#now(path)
    return this.#told(videoId, this.#current(path, now), now)
  }

  /** @throws ExpectedError `video-unknown`. */
  async file(videoId: number): Promise<CaptionFileContent> {
    const { state } = await this.#now(this.#library.pathOf(videoId))
    return { file: state.file, fileHash: state.hash, sentences: [...state.sentences] }
  }

  /**
   * Takes up what a window has edited. @throws ExpectedError `video-unknown`, `captions-elsewhere` when another has
   * edited them since.
   */
  async keep(edited: EditedCaptions): Promise<Pick<CaptionDraft, 'revision' | 'edited' | 'fileChanged'>> {
    const path = this.#library.pathOf(edited.videoId)
    const now = await this.#now(path)
    const before = this.#current(path, now)
    assertNewest(path, before, edited.revision)
    const base = before.base.hash === edited.fileHash ? before.base : { ...now.state, hash: edited.fileHash }
    const draft: KeptDraft = {
      revision: before.revision + 1,
      sentences: edited.sentences.map(plain),
      done: edited.done,
      undone: edited.undone,
      edited: !saySame(edited.sentences, base.sentences),
      base,
      writtenHash: before.writtenHash,
    }
    this.#put(path, { draft, before })
    return { revision: draft.revision, edited: draft.edited, fileChanged: isChanged(draft, now) }
  }

  /**
   * Writes what is kept beside the video. @throws ExpectedError `video-unknown`, `captions-elsewhere`,
   * `captions-empty`, `not-writable`, `disk-full`.
   */
  async save(videoId: number, { revision, over }: { revision: number; over: boolean }): Promise<CaptionsSaved> {
    const path = this.#library.pathOf(videoId)
    const now = await this.#now(path)
    const before = this.#current(path, now)
    assertNewest(path, before, revision)
    if (before.sentences.length === 0) {
      throw new ExpectedError(
        'captions-empty',
        `There is no sentence of ${basename(path)} to save: add one, or delete the caption file yourself.`,
      )
    }
    if (!before.edited && now.state.file !== null) {
      const { file } = now.state
      return { outcome: 'saved', file, backup: null, remarks: [], draft: this.#told(videoId, before, now) }
    }
    if (isChanged(before, now) && !over) return { outcome: 'changed', file: now.state.file ?? before.base.file ?? path }
    const composed = composeCaptions(path, before.sentences, now.source)
    const written = await writeCaptions(composed, {
      expected: composed.file === now.state.file ? now.state.hash : null,
      own: before.writtenHash,
      over,
    })
    if (written.outcome === 'changed') return written
    const after = await this.#now(path)
    const draft: KeptDraft = {
      ...before,
      revision: before.revision + 1,
      edited: !saySame(before.sentences, after.state.sentences),
      base: after.state,
      writtenHash: hashOf(composed.bytes),
    }
    this.#put(path, { draft, before })
    const found = await findFile(path).catch(() => null)
    if (found) await this.#library.readCaptions(this.#library.records.byPath(path), found)
    this.#library.changed()
    const { file, remarks } = composed
    return { ...written, file, remarks, draft: this.#told(videoId, draft, after) }
  }

  #now(path: string): Promise<CaptionsNow> {
    return captionsNow(path, this.#library.frameRateOf(this.#library.records.byPath(path)))
  }

  /** What is kept of a video, or what its file says where nothing is, or where nothing was edited and the file was. */
  #current(path: string, { state }: CaptionsNow): KeptDraft {
    const kept = this.#drafts.of(path)
    if (!kept) return fresh(state, 0, null)
    if (kept.base.hash === state.hash) return kept
    if (!kept.edited) return fresh(state, kept.revision, kept.writtenHash)
    // The file says the same by now, as when the workbench was ended while it saved.
    if (saySame(kept.sentences, state.sentences)) return { ...kept, edited: false, base: state }
    return kept
  }

  #put(path: string, { draft, before }: { draft: KeptDraft; before: KeptDraft }): void {
    this.#drafts.put(path, draft)
    // Whether captions were edited is told of in lists; how they are, only where they are edited.
    if (draft.edited !== before.edited) this.#library.changed()
  }

  #told(videoId: number, draft: KeptDraft, now: CaptionsNow): CaptionDraft {
    const { revision, sentences, done, undone, edited, base } = draft
    const file = { file: base.file, fileHash: base.hash, fileChanged: isChanged(draft, now) }
    return { videoId, revision, sentences, done, undone, edited, ...file }
  }
}

function fresh(base: FileState, revision: number, writtenHash: string | null): KeptDraft {
  return { revision, sentences: [...base.sentences], done: [], undone: [], edited: false, base, writtenHash }
}

/** Whether the file holds anything else than what the edits began with. One that was deleted holds nothing to lose. */
function isChanged({ base }: KeptDraft, { state }: CaptionsNow): boolean {
  return state.hash !== null && state.hash !== base.hash
}

function plain({ text, start, end }: Caption): Caption {
  return { text: text.replace(/\s+/g, ' ').trim(), start, end }
}

function assertNewest(path: string, draft: KeptDraft, revision: number): void {
  if (draft.revision === revision) return
  throw new ExpectedError(
    'captions-elsewhere',
    `The captions of ${basename(path)} were edited in another window meanwhile: they are shown now as that left them.`,
  )
}
