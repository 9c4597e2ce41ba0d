import path from 'node:path'
import { watch, type FSWatcher } from 'chokidar'
import { isCaptionFile } from './captions.ts'
import { fileErrorCode } from './file-problem.ts'
import type { Library } from './library.ts'
import type { ScannedDirectory } from './scan.ts'
import { isHidden, isInside, isVideoFile } from './video-files.ts'

export interface WatchHooks {
  /** Told, once it has become quiet, which directories are to be scanned. */
  readonly onChange: (within: ScannedDirectory[]) => void
  /** Told why changes may go unnoticed. */
  readonly onProblem: (sentence: string) => void
  /** Milliseconds without a further change before `onChange` is told; a file must have kept its size for twice as long. 1000 by default. */
  readonly quiet?: number
}

/** More changed directories than this are better scanned as whole folders. */
const MOST_DIRECTORIES = 50

/** Watches the opened folders for videos and captions that come, change or go. Links are not followed: what they lead to is found by a scan. */
export class LibraryWatcher {
  readonly #library: Library
  readonly #hooks: WatchHooks
  readonly #quiet: number
  readonly #stopListening: () => void
  /** One per opened folder that is not inside another. */
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher, readonly ready: Promise<void> }>()
  readonly #directories = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(library: Library, hooks: WatchHooks) {
    this.#library = library
    this.#hooks = hooks
    this.#quiet = hooks.quiet ?? 1000
    this.#stopListening = library.onChange(() => this.#followFolders())
    this.#followFolders()
  }

  /** Resolves when all folders opened so far are watched. */
  async ready(): Promise<void> {
    await Promise.all([...this.#watchers.values()].map(({ ready }) => ready))
  }

  async close(): Promise<void> {
    this.#stopListening()
    clearTimeout(this.#timer)
    await Promise.all([...this.#watchers.values()].map(({ watcher }) => watcher.close()))
    this.#watchers.clear()
  }

  /** Watches what is opened, and no more what was removed. */
  #followFolders(): void {
    const paths = this.#library.opened.opened().map((folder) => folder.path)
    const roots = new Set(paths.filter((folder) => !paths.some((other) => other !== folder && isInside(folder, other))))
    for (const [root, { watcher }] of this.#watchers) {
      if (roots.has(root)) continue
      this.#watchers.delete(root)
      void watcher.close()
    }
    for (const root of roots) {
      if (!this.#watchers.has(root)) this.#watchers.set(root, this.#watch(root))
    }
  }

  #watch(root: string): { watcher: FSWatcher, ready: Promise<void> } {
    const watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      awaitWriteFinish: { stabilityThreshold: 2 * this.#quiet, pollInterval: Math.min(500, this.#quiet) },
      ignored: (file, stats) => {
        if (file === root) return false
        const name = path.basename(file)
        return isHidden(name) || (stats?.isFile() === true && !isVideoFile(name) && !isCaptionFile(name))
      },
    })
    for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, (file) => this.#noteChange(path.dirname(file)))
    watcher.on('unlinkDir', (folder) => {
      if (folder === root) this.#noteChange(root)
    })
    watcher.on('error', (error) => this.#hooks.onProblem(watchProblem(root, error)))
    return { watcher, ready: new Promise((resolve) => { watcher.once('ready', () => resolve()) }) }
  }

  #noteChange(directory: string): void {
    this.#directories.add(directory)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tell(), this.#quiet)
  }

  #tell(): void {
    const directories = [...this.#directories]
    this.#directories.clear()
    this.#hooks.onChange(directories.length > MOST_DIRECTORIES
      ? [...this.#watchers.keys()].map((directory) => ({ directory, recursive: true }))
      : directories.map((directory) => ({ directory, recursive: false })))
  }
}

function watchProblem(root: string, error: unknown): string {
  switch (fileErrorCode(error)) {
    case 'ENOSPC': return `Not all of ${root} can be watched because the system's limit of watched files is reached: raise fs.inotify.max_user_watches, or rescan after changes.`
    case 'EMFILE': return `Not all of ${root} can be watched because too many files are open: rescan after changes.`
    default: return `${root} cannot be watched (${error instanceof Error ? error.message : String(error)}): rescan after changes.`
  }
}
