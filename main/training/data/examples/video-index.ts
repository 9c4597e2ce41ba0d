import { isAbsolute, normalize, posix, relative as relativePath, sep } from 'node:path'
import type { NameDifference } from '../../../api/training/datasets.ts'
import { isVideoFile } from '../../../library/folders/video-files.ts'

/** The files that a name can mean, all of equal right, and in what they differ from it. */
export interface FoundVideos {
  readonly files: readonly string[]
  /** In the order of the contract; empty for an exact name. */
  readonly differences: readonly NameDifference[]
  /** Seconds of the video that the name means, where it names a part of it by its times. */
  readonly part?: { readonly start: number; readonly end: number }
}

/** A part of a video: QVHighlights' `ID_60.0_210.0`, VATEX's `ID_000122_000132`. */
const partName = /^(.*[^_])_(\d+(?:\.\d+)?)_(\d+(?:\.\d+)?)$/

const uploadName = /^[\da-f]{8}-(.+)$/

interface Name {
  /**
   * As an annotation has it: an absolute path, a path inside the folder, or a file name, each with or without its
   * extension.
   */
  readonly name: string
  /** Seconds of the part that the row tells of. */
  readonly start?: number | null
  readonly end?: number | null
  /** The folder where the name may begin, inside the labelled folder. */
  readonly near?: string
}

interface IndexedFile {
  readonly path: string
  /** Inside the folder of the videos, with `/`. */
  readonly relative: string
}

/** The video files of a folder by the names that annotations give them. */
export class VideoIndex {
  /** By absolute path, and by the path inside the folder with and without the extension. */
  readonly #byPath = new Map<string, string[]>()
  /** By the least that can be left of a file name. */
  readonly #byStem = new Map<string, IndexedFile[]>()

  /** @param files absolute paths inside `folder`. */
  constructor(folder: string, files: readonly string[]) {
    for (const file of files) {
      const indexed = { path: file, relative: relativePath(folder, file).split(sep).join('/') }
      const name = posix.basename(indexed.relative)
      for (const key of [file, indexed.relative, withoutExtension(indexed.relative)]) add(this.#byPath, key, file)
      for (const stem of new Set([loosest(name), loosest(withoutExtension(name))])) add(this.#byStem, stem, indexed)
    }
  }

  /**
   * The files that a name can mean: none, one, or several of equal right. What lies exactly where the name says is
   * meant before all else; of other files each that no other one is nearer to the name than. An absolute path that is
   * not there was written on another machine: its folders are others. Of an address its path counts, of one of YouTube
   * the video's id. What `%20` and the like stand for is looked for as well, unless a file has the name as it is.
   */
  find(wanted: Name): FoundVideos {
    const found = this.#named(wanted)
    const decoded = withoutPercent(wanted.name)
    const isExact = found.files.length > 0 && found.differences.every(difference => difference === 'unicode')
    if (isExact || decoded === null) return found
    const other = this.#named({ ...wanted, name: decoded })
    if (other.files.length === 0) return found
    // Of the two readings of the name none is the better one where both fit, and not exactly.
    return {
      ...other,
      files: [...new Set([...found.files, ...other.files])],
      differences: [...other.differences, 'percent'],
    }
  }

  #named({ name: written, start = null, end = null, near = '' }: Name): FoundVideos {
    const name = withoutAddress(written.trim())
    const there = isAbsolute(name) ? this.#byPath.get(normalize(name)) : undefined
    if (there) return { files: there, differences: [] }
    const tidy = posix.normalize(name.split('\\').join('/')).replace(/^(?:\/|\.\.?\/)+/, '')
    const found = this.#nearest(tidy, near)
    if (found.files.length > 0) return found
    const before = this.#beforeUpload(tidy, near)
    if (before) return before
    if (start === null || end === null) return this.#partOf(tidy, near) ?? found
    // Clips that were cut out of a video are named for their times: MSVD `ID_33_46`, Kinetics `ID_000033_000043`.
    for (const digits of [1, 6]) {
      const clip = this.#nearest(
        `${isVideoFile(tidy) ? withoutExtension(tidy) : tidy}_${padded(start, digits)}_${padded(end, digits)}`,
        near,
      )
      if (clip.files.length > 0) return { files: clip.files, differences: [...clip.differences, 'times'] }
    }
    return this.#partOf(tidy, near) ?? found
  }

  /** The file that Label Studio has called `0f3c9a1b-NAME` since it was uploaded; null for another name. */
  #beforeUpload(name: string, near: string): FoundVideos | null {
    const [, given] = uploadName.exec(name) ?? []
    const { files, differences } = given === undefined ? { files: [], differences: [] } : this.#nearest(given, near)
    return files.length === 0 ? null : { files, differences: [...differences, 'upload'] }
  }

  /** The whole video of a name that ends in the times of a part; null for another name. */
  #partOf(name: string, near: string): FoundVideos | null {
    const [, whole, from, to] = partName.exec(isVideoFile(name) ? withoutExtension(name) : name) ?? []
    const part = { start: Number(from), end: Number(to) }
    if (whole === undefined || part.end <= part.start) return null
    const { files, differences } = this.#nearest(whole, near)
    return files.length === 0 ? null : { files, differences: [...differences, 'part'], part }
  }

  #nearest(name: string, near: string): FoundVideos {
    const there = [name, posix.join(near, name)].flatMap(place => this.#byPath.get(place) ?? [])
    if (there.length > 0) return { files: [...new Set(there)], differences: [] }
    const base = posix.basename(name)
    const stems = new Set([loosest(base), ...(isVideoFile(base) ? [loosest(withoutExtension(base))] : [])])
    const candidates = new Map<string, { differences: NameDifference[]; files: Set<string> }>()
    for (const { path: file, relative } of [...stems].flatMap(stem => this.#byStem.get(stem) ?? [])) {
      const differences = differencesOf(name, relative, near)
      const alike = candidates.get(differences.join()) ?? { differences, files: new Set() }
      alike.files.add(file)
      candidates.set(differences.join(), alike)
    }
    const all = [...candidates.values()]
    const nearest = all.filter(({ differences }) => !all.some(other => isNearer(other.differences, differences)))
    return { files: nearest.flatMap(({ files }) => [...files]), differences: nearest[0]?.differences ?? [] }
  }
}

/** The path of an address, also one of a file, or the id of a video of YouTube; other names as they are. */
function withoutAddress(name: string): string {
  if (!/^(?:https?|file):/i.test(name)) return name
  try {
    const { hostname, pathname, searchParams } = new URL(name)
    const id = /(^|\.)youtube\.com$/i.test(hostname) ? searchParams.get('v') : null
    return id ?? decodeURIComponent(pathname)
  } catch {
    // It is no address, or has a sign of percent that begins no character.
    return name
  }
}

/** A name that is encoded as parts of addresses are, decoded; null for one that has nothing to decode. */
function withoutPercent(name: string): string | null {
  if (!/%[\da-f]{2}/i.test(name) || /^(?:https?|file):/i.test(name)) return null
  try {
    return decodeURIComponent(name)
  } catch {
    // Its signs of percent are signs of percent.
    return null
  }
}

function add<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const values = index.get(key)
  if (values) values.push(value)
  else index.set(key, [value])
}

/**
 * Whether one file is nearer to a name than another: it differs in less of the same; how letters are composed makes no
 * other name.
 */
function isNearer(one: readonly NameDifference[], other: readonly NameDifference[]): boolean {
  const [loose, otherLoose] = [one, other].map(differences =>
    differences.filter(difference => difference !== 'unicode'),
  )
  if (!loose?.every(difference => otherLoose?.includes(difference))) return false
  return loose.length < (otherLoose?.length ?? 0) || one.length < other.length
}

const loosenings: readonly [readonly NameDifference[], (name: string) => string][] = [
  [[], name => name],
  [['unicode'], name => name.normalize('NFC')],
  [['prefix'], name => withoutPrefix(name.normalize('NFC'))],
  [['case'], name => name.normalize('NFC').toLowerCase()],
  [['case', 'prefix'], loosest],
]

/** In what a name differs from a file that is loosely of the same name. */
function differencesOf(name: string, relative: string, near: string): NameDifference[] {
  const [wanted, file] = [posix.basename(name), posix.basename(relative)]
  const [stem, fileStem] = [withoutExtension(wanted), withoutExtension(file)]
  const folder: NameDifference[] = isInFolder(name, relative, near) ? [] : ['folder']
  for (const [differences, loosen] of loosenings) {
    if ([file, fileStem].some(other => loosen(other) === loosen(wanted))) return [...differences, ...folder]
    if ([file, fileStem].some(other => loosen(other) === loosen(stem))) return [...differences, 'extension', ...folder]
  }
  throw new Error(`${relative} is not of the name ${name}`)
}

/**
 * Whether a file lies where its name says: in that folder from the labelled folder or from the annotation's; anywhere
 * for a bare file name.
 */
function isInFolder(name: string, relative: string, near: string): boolean {
  const wanted = posix.dirname(name).normalize('NFC')
  const folder = posix.dirname(relative).normalize('NFC')
  if (wanted === '.') return true
  return folder === wanted || folder.endsWith(`/${wanted}`) || folder === posix.normalize(posix.join(near, wanted))
}

function loosest(name: string): string {
  return withoutPrefix(name.normalize('NFC').toLowerCase())
}

/** ActivityNet's `v_`, which some of its annotations and files have and others have not. */
function withoutPrefix(name: string): string {
  return name.replace(/^v_(?=.)/i, '')
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - posix.extname(name).length)
}

function padded(seconds: number, digits: number): string {
  return String(seconds).padStart(digits, '0')
}
