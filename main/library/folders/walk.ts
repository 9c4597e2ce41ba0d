import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { fileStamp, stampText } from '../../storage/files/file-identity.ts'
import type { FileStamp } from '../../storage/files/file-identity.ts'
import { fileErrorCode, fileProblem, isGone } from '../../storage/files/file-problem.ts'
import { CaptionFiles } from '../captions/captions.ts'
import { isHidden, isInside, isVideoFile } from './video-files.ts'

/** A video file as it lies on the disk. */
export interface FoundFile extends FileStamp {
  readonly path: string
  /** Caption files beside it, the preferred first. */
  readonly captionFiles: readonly string[]
  /** Changes when any of them does. */
  readonly captionStamp: string
}

export interface WalkOptions {
  /** Real path of the opened folder that the walk is in. */
  readonly home: string
  /** False: this folder only, not what is inside its folders. */
  readonly recursive: boolean
  /** Whether a real path belongs to another opened folder: it is found there. */
  readonly belongsElsewhere: (realPath: string) => boolean
  readonly signal: AbortSignal
  /** Told of each folder as it is entered. */
  readonly onFolder?: (folder: string) => void
}

export interface Walked {
  readonly files: FoundFile[]
  readonly problems: WalkProblem[]
  /** Archives, which may hold videos. */
  readonly archives: string[]
}

export interface WalkProblem {
  readonly path: string
  readonly reason: string
  /** What lies at or below the path may well be there: nothing follows from not having found it. */
  readonly hides: boolean
}

/** Files looked at together: network drives answer slowly, but several at once. */
const statTogether = 16

/**
 * Finds the videos in a folder, sorted by path. Hidden entries are skipped. Links that lead out of the opened folder,
 * or into its hidden parts, are followed, and a folder or file that several of them reach is found once. Links to what
 * the walk finds anyway, or up to a folder that contains it, are not.
 * @throws the file system's error when the folder itself cannot be read; the abort reason.
 */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const walked: Walked = { files: [], problems: [], archives: [] }
  const links: { path: string; real: string }[] = []
  const seenFolders = new Set<string>()
  const seenFiles = new Set<string>()
  const pending = [{ folder: root, real: await realpath(root) }]
  const linkedFolders: typeof pending = []
  for (let next = pending.pop(); next; next = pending.pop() ?? linkedFolders.pop()) {
    options.signal.throwIfAborted()
    const { folder, real } = next
    if (seenFolders.has(real)) continue
    seenFolders.add(real)
    options.onFolder?.(folder)
    let entries: Dirent[]
    try {
      entries = await readdir(folder, { withFileTypes: true })
    } catch (error) {
      if (folder === root) throw error
      if (!isGone(error)) walked.problems.push({ path: folder, reason: fileProblem(folder, error), hides: true })
      continue
    }
    const captions = new CaptionFiles(entries.map(entry => entry.name))
    const files: string[] = []
    for (const entry of entries) {
      if (isHidden(entry.name)) continue
      const inside = { folder: join(folder, entry.name), real: join(real, entry.name) }
      if (entry.isSymbolicLink()) {
        const target = await resolveLink(inside.folder, walked)
        if (!target || options.belongsElsewhere(target.real) || isFoundAnyway(target, options.home)) continue
        if (target.isFolder && options.recursive) linkedFolders.push({ folder: inside.folder, real: target.real })
        if (target.isFile && isVideoFile(entry.name)) links.push({ path: inside.folder, real: target.real })
        else if (!target.isFolder && isVideoFile(entry.name)) noteNoFile(inside.folder, walked)
      } else if (entry.isDirectory()) {
        if (options.recursive && !options.belongsElsewhere(inside.real)) pending.push(inside)
      } else if (entry.isFile() && isVideoFile(entry.name)) {
        files.push(entry.name)
        seenFiles.add(inside.real)
      } else if (entry.isFile() && /\.tar$/i.test(entry.name)) {
        walked.archives.push(inside.folder)
      } else if (isVideoFile(entry.name)) {
        noteNoFile(inside.folder, walked)
      }
    }
    await examineFiles(folder, files, { captions, walked, signal: options.signal })
  }
  for (const link of links) {
    if (seenFiles.has(link.real)) continue
    seenFiles.add(link.real)
    const folder = dirname(link.path)
    const captions = new CaptionFiles(await readdir(folder))
    await examineFiles(folder, [basename(link.path)], { captions, walked, signal: options.signal })
  }
  walked.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  walked.archives.sort()
  return walked
}

/** A pipe, a socket or a device named like a video deserves a word. */
function noteNoFile(file: string, walked: Walked): void {
  walked.problems.push({
    path: file,
    reason: english`${file} is no ordinary file but a pipe, a socket or a device: remove it, or give it another name.`,
    hides: false,
  })
}

interface LinkTarget {
  readonly real: string
  readonly isFolder: boolean
  readonly isFile: boolean
}

function isFoundAnyway({ real, isFile }: LinkTarget, home: string): boolean {
  if (isInside(home, real)) return true
  if (!isInside(real, home)) return false
  return !relative(home, real).split(sep).some(isHidden) && (!isFile || isVideoFile(real))
}

async function resolveLink(link: string, walked: Walked): Promise<LinkTarget | null> {
  try {
    const real = await realpath(link)
    const entry = await stat(real)
    return { real, isFolder: entry.isDirectory(), isFile: entry.isFile() }
  } catch (error) {
    // A link to nothing is no video; one named like a video deserves a word.
    if (isVideoFile(link) || !isGone(error)) {
      walked.problems.push({ path: link, reason: fileProblem(link, error), hides: !isGone(error) })
    }
    return null
  }
}

async function examineFiles(
  folder: string,
  names: readonly string[],
  {
    captions,
    walked,
    signal,
  }: { readonly captions: CaptionFiles; readonly walked: Walked; readonly signal: AbortSignal },
): Promise<void> {
  for (let start = 0; start < names.length; start += statTogether) {
    signal.throwIfAborted()
    const found = await Promise.all(
      names.slice(start, start + statTogether).map(name => examineFile(join(folder, name), captions, walked)),
    )
    for (const file of found) if (file) walked.files.push(file)
  }
}

async function examineFile(file: string, captions: CaptionFiles, walked: Walked): Promise<FoundFile | null> {
  try {
    return await findFile(file, captions)
  } catch (error) {
    if (isGone(error) && !file.includes('\uFFFD')) return null
    // The system gave a name that we cannot give back: its bytes are no UTF-8.
    const reason = isGone(error)
      ? english`${file} has a name that is not valid UTF-8: rename it, then rescan.`
      : fileProblem(file, error)
    walked.problems.push({ path: file, reason, hides: true })
    return null
  }
}

/** Looks at one file and the captions beside it. @throws as `fileStamp`. */
export async function findFile(file: string, captions?: CaptionFiles): Promise<FoundFile> {
  const folder = dirname(file)
  const stamp = await fileStamp(file)
  const beside = captions ?? new CaptionFiles(await readdir(folder))
  const captionFiles = beside.of(basename(file)).map(name => join(folder, name))
  return { path: file, ...stamp, captionFiles, captionStamp: await captionStamp(captionFiles) }
}

async function captionStamp(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async file => {
      try {
        return `${basename(file)}:${stampText(await fileStamp(file))}`
      } catch (error) {
        return `${basename(file)}:${fileErrorCode(error) ?? 'unreadable'}`
      }
    }),
  )
  return stamps.join('\n')
}
