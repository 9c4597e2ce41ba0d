import { basename, dirname, join, relative } from 'node:path'
import { watch } from 'chokidar'
import type { FSWatcher } from 'chokidar'
import { english } from '../../../native-models/english.ts'
import { fileErrorCode } from '../../storage/files/file-problem.ts'
import { isCaptionFile } from '../captions/captions.ts'
import type { OpenedFolder } from '../folders/folders.ts'
import { isHidden, isInside, isVideoFile } from '../folders/video-files.ts'
import type { Library } from '../videos/library.ts'
import { changedDirectories } from './catch-up.ts'
import type { ScannedDirectory } from './scan.ts'

export interface WatchHooks {
  /** Told, once it has become quiet, which directories are to be scanned. */
  readonly onChange: (within: ScannedDirectory[]) => void
  /** Told why changes may go unnoticed. */
  readonly onProblem: (sentence: string) => void
  /**
   * Milliseconds without a further change before `onChange` is told; a file must have kept its size for twice as long.
   * 1000 by default.
   */
  readonly quiet?: number
}

/** More changed directories than this are better scanned as whole folders. */
const mostDirectories = 50
/** Changes that do not end are told after so many times the quiet. */
const mostQuiets = 10

/**
 * Watches the opened folders for videos and captions that come, change or go. Links are not followed: what they lead to
 * is found by a scan.
 */
export class LibraryWatcher {
  readonly #library: Library
  readonly #hooks: WatchHooks
  readonly #quiet: number
  readonly #stopListening: () => void
  /** One per opened folder that is not inside another. */
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly ready: Promise<void> }>()
  readonly #changed = new Map<string, ScannedDirectory>()
  readonly #closing = new AbortController()
  readonly #caughtUp: Promise<void>
  #timer: NodeJS.Timeout | undefined
  #changingSince = 0

  constructor(library: Library, hooks: WatchHooks) {
    this.#library = library
    this.#hooks = hooks
    this.#quiet = hooks.quiet ?? 1000
    this.#stopListening = library.onChange(() => this.#followFolders())
    this.#followFolders()
    this.#caughtUp = this.#catchUp()
  }

  /** Resolves when all folders opened so far are watched, and what happened before is noted. */
  async ready(): Promise<void> {
    await Promise.all([...this.#watchers.values()].map(({ ready }) => ready))
    await this.#caughtUp
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#stopListening()
    await this.#caughtUp
    clearTimeout(this.#timer)
    await Promise.all([...this.#watchers.values()].map(({ watcher }) => watcher.close()))
    this.#watchers.clear()
  }

  /** Looks for what changed while nobody watched, once watching has begun so that nothing falls in between. */
  async #catchUp(): Promise<void> {
    try {
      await Promise.all(
        [...this.#watchers.values()].map(({ ready }) => Promise.race([ready, aborted(this.#closing.signal)])),
      )
      for (const directory of await changedDirectories(this.#library, this.#closing.signal)) this.#noteChange(directory)
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        this.#hooks.onProblem(
          english`What changed in the opened folders since the last start could not be found out (${error instanceof Error ? error.message : String(error)}): rescan to be sure.`,
        )
      }
    }
  }

  /** Watches what is opened, and no more what was removed. */
  #followFolders(): void {
    const opened = this.#library.opened.opened()
    const outermost = new Map(
      opened
        .filter(folder => !opened.some(other => other.id !== folder.id && isInside(folder.realPath, other.realPath)))
        .map(folder => [folder.path, folder]),
    )
    for (const [root, { watcher }] of this.#watchers) {
      if (outermost.has(root)) continue
      this.#watchers.delete(root)
      void watcher.close()
    }
    for (const [root, folder] of outermost) {
      if (!this.#watchers.has(root)) this.#watchers.set(root, this.#watch(folder))
    }
  }

  /** Under its real path: a folder that is itself a link would be taken for a file. */
  #watch({ path: root, realPath }: OpenedFolder): { watcher: FSWatcher; ready: Promise<void> } {
    const watcher = watch(realPath, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      awaitWriteFinish: { stabilityThreshold: 2 * this.#quiet, pollInterval: Math.min(500, this.#quiet) },
      ignored: (file, stats) => {
        if (file === realPath) return false
        const name = basename(file)
        return isHidden(name) || (stats?.isFile() === true && !isVideoFile(name) && !isCaptionFile(name))
      },
    })
    for (const event of ['add', 'change', 'unlink'] as const) {
      watcher.on(event, file =>
        this.#noteChange({ directory: join(root, relative(realPath, dirname(file))), recursive: false }),
      )
    }
    watcher.on('unlinkDir', folder => {
      if (folder === realPath) this.#noteChange({ directory: root, recursive: true })
    })
    watcher.on('error', error => this.#hooks.onProblem(watchProblem(root, error)))
    return {
      watcher,
      ready: new Promise(resolve => {
        watcher.once('ready', () => resolve())
      }),
    }
  }

  #noteChange(change: ScannedDirectory): void {
    if (this.#closing.signal.aborted) return
    const recursive = change.recursive || this.#changed.get(change.directory)?.recursive === true
    if (this.#changed.size === 0) this.#changingSince = performance.now()
    this.#changed.set(change.directory, { ...change, recursive })
    clearTimeout(this.#timer)
    // Where it never becomes quiet, as when a whole disk is copied, what came so far is told now and then.
    const patience = this.#changingSince + mostQuiets * this.#quiet - performance.now()
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, Math.min(this.#quiet, patience)))
  }

  #tell(): void {
    const changed = [...this.#changed.values()]
    this.#changed.clear()
    this.#hooks.onChange(
      changed.length > mostDirectories
        ? [...this.#watchers.keys()].map(directory => ({ directory, recursive: true }))
        : changed,
    )
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function watchProblem(root: string, error: unknown): string {
  switch (fileErrorCode(error)) {
    case 'ENOSPC':
      return english`Not all of ${root} can be watched because the system's limit of watched files is reached: raise fs.inotify.max_user_watches, or rescan after changes.`
    case 'EMFILE':
      return english`Not all of ${root} can be watched because too many files are open: rescan after changes.`
    default:
      return english`${root} cannot be watched (${error instanceof Error ? error.message : String(error)}): rescan after changes.`
  }
}
