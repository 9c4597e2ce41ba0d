import { basename, isAbsolute, join, relative } from 'node:path'
import type {
  AnnotationTier,
  DatasetFile,
  NameDifference,
  NameMatch,
  TextsRule,
} from '../../../../api/training/datasets.ts'
import { pathToTell } from '../../../../storage/files/packed-file.ts'
import { textOf, videosOf } from '../../examples/example.ts'
import type { Row, RowContent, VideoName, VideoSpan } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { Format } from '../../formats/reading/format.ts'
import { publishedClips, withPossibleTimes } from './impossible-times.ts'
import { makeOfFrames, namesOfFrames, warnOfArchives } from './packed-videos.ts'
import type { Problems } from './problems.ts'
import { warnOfRepeatedEntries } from './repeated-entries.ts'
import { settleTexts } from './several-texts.ts'
import { unreadFiles } from './unread-files.ts'

export type FoundRow = Omit<Row, 'content' | 'near' | 'texts'> & { readonly content: RowContent<VideoSpan> }

/** A row that is left out because a video of it is not there, or is not the only one of its name. */
export interface RowWithoutVideo {
  readonly row: Row
  /** As the annotation has them. */
  readonly videos: readonly string[]
}

export interface UsableRows {
  readonly rows: readonly FoundRow[]
  readonly withoutVideo: readonly RowWithoutVideo[]
  readonly files: readonly DatasetFile[]
  /** By name, over all files. */
  readonly tiers: readonly AnnotationTier[]
  readonly matches: readonly NameMatch[]
  /** The videos as the annotation has them, by path. */
  readonly names: ReadonlyMap<string, string>
}

/** Of rows that say the same. */
export const sameRow = { severity: 'warning', sentence: 'The same row was there before; it counts once.' } as const
const repeatedRow = {
  severity: 'warning',
  sentence:
    'The same row was in this file before; of validation and test it counts as often as it is there, as in published evaluations.',
} as const

interface Claim {
  readonly name: string
  readonly file: string
  readonly differences: readonly NameDifference[]
}

/** The rows whose videos are there and whose text says something, once each; what is wrong with the others is told. */
export async function usableRows(
  folder: LabelledFolder,
  format: Format,
  {
    problems,
    texts,
    needsVideos = true,
    clips = publishedClips,
    signal,
  }: {
    readonly problems: Problems
    readonly texts: TextsRule | null
    /** Where not, a video counts as being where its name says unless it is there. Not given: it must be there. */
    readonly needsVideos?: boolean
    /** See {@link RowUse}. */
    readonly clips?: number
    readonly signal: AbortSignal
  },
): Promise<UsableRows> {
  /** With how many files had been begun when each was read: rows of one file have the same. */
  const given: (Row & { readonly filesBefore: number })[] = []
  const files: DatasetFile[] = []
  const tiers = new Map<string, AnnotationTier>()
  for await (const read of format.read(folder, signal)) {
    if ('problem' in read) {
      problems.add('row', {
        severity: 'error',
        sentence: `The row ${read.problem}; it is left out.`,
        example: read.source,
      })
    } else if ('note' in read) {
      problems.add(read.note.kind, { severity: 'warning', sentence: read.note.sentence, example: read.source })
    } else if ('file' in read) {
      files.push(read.file)
    } else if ('tier' in read) {
      const { name, count, taken } = read.tier
      const known = tiers.get(name)
      tiers.set(name, { name, count: count + (known?.count ?? 0), taken: taken || known?.taken === true })
    } else {
      given.push({ ...read, filesBefore: files.length })
    }
  }
  const read = new Set(files.map(({ file }) => file))
  for await (const { source, problem } of unreadFiles(folder, read, signal)) {
    problems.add('row', { severity: 'error', sentence: `The row ${problem}; it is left out.`, example: source })
  }
  await warnOfRepeatedEntries(folder, { read, problems, signal })
  const frames = await namesOfFrames(folder, given, signal)
  for (const example of needsVideos ? [] : frames) {
    const sentence = `The video is a folder of extracted frames. To look at it: ${makeOfFrames}`
    problems.add('missing-video', { severity: 'warning', sentence, example })
  }
  const withoutVideo: RowWithoutVideo[] = []
  const found = settleTexts(given, texts).flatMap(row => {
    const wanted = videosOf(row.content)
    const claims = wanted.map(video =>
      needsVideos ? findVideo(folder, { video, row, frames, problems }) : asNamed(folder, video),
    )
    if (claims.every(claim => claim !== null)) return [{ row: withVideos(row, claims), claims, given: row }]
    withoutVideo.push({ row, videos: wanted.flatMap(({ name }, place) => (claims[place] ? [] : [name])) })
    return []
  })
  warnOfArchives(
    folder,
    found.flatMap(({ claims }) => claims.map(({ file }) => file)),
    problems,
  )
  const contested = contestedNames(found.flatMap(({ claims }) => claims))
  const rows: FoundRow[] = []
  const names = new Map<string, string>()
  const seen = new Map<string, number>()
  for (const { row, claims, given: asGiven } of found) {
    const doubtful = claims.find(claim => contested.has(keyOf(claim)))
    if (doubtful) {
      problems.add('ambiguous-video', {
        severity: 'error',
        sentence:
          'The name fits a video only loosely that other rows name otherwise; its row is left out. Give the names that the files have.',
        example: `${row.source}: ${doubtful.name} → ${basename(doubtful.file)}`,
      })
      withoutVideo.push({ row: asGiven, videos: [doubtful.name] })
      continue
    }
    for (const { name, file } of claims) names.set(file, isAbsolute(name) ? relative(folder.path, name) : name)
    const key = JSON.stringify([row.split, row.content])
    const content = withPossibleTimes(row.content, { source: row.source, lengths: new Map(), problems })
    if (content === null) continue
    const isRepeated = seen.has(key)
    const file = asGiven.filesBefore
    const isHeldOut = row.split === 'validation' || row.split === 'test'
    if (isRepeated && !(isHeldOut && seen.get(key) === file)) {
      problems.add('duplicate', { ...sameRow, example: row.source })
    } else if (hasNoText(content)) {
      problems.add('empty-text', {
        severity: 'error',
        sentence: 'The row has no text; it is left out.',
        example: row.source,
      })
    } else if (content.type === 'clips' && content.clips.length < clips) {
      problems.add('row', {
        severity: 'error',
        sentence: `The row has fewer than ${clips} clips; it is left out.`,
        example: row.source,
      })
    } else {
      if (isRepeated) problems.add('duplicate', { ...repeatedRow, example: row.source })
      rows.push({ ...row, content })
    }
    if (!isRepeated) seen.set(key, file)
  }
  return {
    rows,
    withoutVideo,
    files,
    tiers: [...tiers.values()],
    names,
    matches: matchesOf(
      found.flatMap(({ claims }) => claims.filter(claim => !contested.has(keyOf(claim)))),
      folder,
    ),
  }
}

function asNamed(folder: LabelledFolder, { name, start, end }: VideoName): Found {
  const {
    files: [there, ...others],
    differences: looseness,
  } = folder.videos.find({ name, start, end })
  const isThere = there !== undefined && others.length === 0 && looseness.length === 0
  const file = isThere ? there : join(folder.path, name)
  return { name, file, differences: [], offset: 0, span: { path: file, start, end } }
}

type Found = Claim & { readonly span: VideoSpan; readonly offset: number }

function findVideo(
  folder: LabelledFolder,
  {
    video: { name, start, end },
    row: { source, near },
    frames,
    problems,
  }: {
    readonly video: VideoName
    readonly row: Row
    readonly frames: ReadonlySet<string>
    readonly problems: Problems
  },
): Found | null {
  const {
    files: [file, ...more],
    differences,
    part,
  } = folder.videos.find({ name, start, end, ...(near === undefined ? {} : { near }) })
  if (file === undefined) {
    problems.add('missing-video', {
      severity: 'error',
      sentence: frames.has(name)
        ? `The video is a folder of extracted frames; its row is left out. ${makeOfFrames}`
        : 'The video is not there; its row is left out. If the videos lie elsewhere, say where.',
      example: `${source}: ${name}`,
    })
  } else if (more.length > 0 && differences.every(difference => difference === 'part')) {
    problems.add('ambiguous-video', {
      severity: 'error',
      sentence: 'Several videos have this name; its row is left out. Give the path inside the folder.',
      example: `${source}: ${name}`,
    })
  } else if (more.length > 0) {
    problems.add('ambiguous-video', {
      severity: 'error',
      sentence: 'No video has this name, but several nearly; its row is left out. Give the name that the file has.',
      example: `${source}: ${name} (${[file, ...more]
        .slice(0, 3)
        .map(path => pathInside(folder, path))
        .join(', ')}${more.length > 2 ? ', …' : ''})`,
    })
  }
  // A clip that is named for its times is the part itself.
  else {
    return {
      name,
      file,
      differences,
      offset: part?.start ?? 0,
      span: {
        path: file,
        ...(differences.includes('times')
          ? { start: null, end: null }
          : part
            ? within(part, start, end)
            : { start, end }),
      },
    }
  }
  return null
}

/** Seconds of a whole video that times of its part mean. */
function within(part: { readonly start: number; readonly end: number }, start: number | null, end: number | null) {
  return { start: part.start + (start ?? 0), end: end === null ? part.end : Math.min(part.end, part.start + end) }
}

/** What a row says with times of the whole video, where it names a part of it that begins at `offset`. */
function later<Content extends Exclude<RowContent<unknown>, { type: 'clips' }>>(
  content: Content,
  offset: number,
): Content {
  if (offset === 0) return content
  const moved = (time: number | null) => (time === null ? null : time + offset)
  if (content.type === 'paragraph') {
    const sentences = content.sentences.map(({ text, start, end }) => ({ text, start: moved(start), end: moved(end) }))
    return { ...content, sentences }
  }
  if (content.type === 'moments') {
    return { ...content, windows: content.windows.map(([start, end]) => [start + offset, end + offset] as const) }
  }
  if (content.type === 'choices' && content.span) {
    return { ...content, span: [content.span[0] + offset, content.span[1] + offset] }
  }
  return content
}

function withVideos(row: Row, claims: readonly { readonly span: VideoSpan; readonly offset: number }[]): FoundRow {
  const { source, split, content, group } = row
  const found = { source, split, ...(group !== undefined && { group }) }
  const video = claims[0]?.span
  if (!video) throw new Error(`${source} has no video`)
  if (content.type === 'clips') {
    return {
      ...found,
      content: {
        type: 'clips',
        clips: content.clips.map(({ text }, index) => ({ text, video: claims[index]?.span ?? video })),
      },
    }
  }
  return { ...found, content: { ...later(content, claims[0]?.offset ?? 0), video } }
}

const keyOf = ({ name, file }: Claim) => JSON.stringify([name, file])
/** Differences by which another video may be taken for the one that is meant. */
const isLoose = ({ differences }: Claim) =>
  differences.some(difference => !['unicode', 'times', 'part', 'percent'].includes(difference))

/**
 * Names that fit a file loosely while another name fits the same file: of two videos one is not there, and which is not
 * known.
 */
function contestedNames(claims: readonly Claim[]): Set<string> {
  const byFile = new Map<string, Map<string, Claim>>()
  for (const claim of claims) {
    const ofFile = byFile.get(claim.file) ?? new Map<string, Claim>()
    byFile.set(claim.file, ofFile)
    ofFile.set(claim.name, claim)
  }
  return new Set(
    [...byFile.values()]
      .filter(({ size }) => size > 1)
      .flatMap(ofFile => [...ofFile.values()].filter(isLoose).map(keyOf)),
  )
}

/** At most so many examples of one kind of match. */
const examplesShown = 10

function matchesOf(claims: readonly Claim[], folder: LabelledFolder): NameMatch[] {
  const distinct = new Map(claims.map(claim => [keyOf(claim), claim]))
  const kinds = new Map<string, NameMatch>()
  for (const { name, file, differences } of distinct.values()) {
    const kind = kinds.get(differences.join()) ?? { differences: [...differences], count: 0, examples: [] }
    const examples =
      differences.length === 0 || kind.count >= examplesShown
        ? kind.examples
        : [...kind.examples, `${name} → ${pathInside(folder, file)}`]
    kinds.set(differences.join(), { ...kind, count: kind.count + 1, examples })
  }
  return [...kinds.values()].sort((a, b) => a.differences.length - b.differences.length || b.count - a.count)
}

function pathInside(folder: LabelledFolder, file: string): string {
  return pathToTell(relative(folder.path, file))
}

function hasNoText(content: RowContent<unknown>): boolean {
  return content.type !== 'class' && textOf(content).every(text => text.trim() === '')
}
