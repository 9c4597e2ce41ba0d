import { basename, parse, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { isVideoFile } from '../../../../library/folders/video-files.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { TextFile } from '../../files/text-file.ts'
import { textLines } from '../../files/text-lines.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format, RowRead } from '../reading/format.ts'
import { classNames } from './class-names.ts'
import type { ClassNames } from './class-names.ts'

/**
 * Lists of videos as mmaction2 has them (`VideoDataset`: `some/path.mp4 3`; `RawframeDataset`: `some/folder 120 3`, the
 * frames and the class), and UCF101's (`Class/video.avi 1`, those of the test without a number).
 */
const row = /^(\S.*?)((?:[\t ,]+\d{1,9})*)$/
const longestRow = 4096

interface ListRow {
  readonly line: number
  /** Null for a line that is no row. */
  readonly video: string | null
  readonly numbers: readonly number[]
}

interface VideoListFile {
  readonly text: TextFile
  readonly near: string
  readonly rows: readonly ListRow[]
}

/** A first line that names columns. */
const header = /^[a-z_]+(?:[\s,]+[a-z_]+)+$/i

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.txt$/i.test(name))

/** Lines to look at before saying that a file is of another form: a first line may be broken. */
const linesToTry = 5

function rowIn(line: number, said: string): ListRow {
  const [, video, numbers = ''] = (said.length > longestRow ? null : row.exec(said)) ?? []
  if (video === undefined || said.startsWith('#')) return { line, video: null, numbers: [] }
  return {
    line,
    video: video.replace(/[\s,]+$/, ''),
    numbers: numbers.split(/[\s,]+/).flatMap(number => (number === '' ? [] : [Number(number)])),
  }
}

/** Whether a name is that of a video, or of a folder of its frames. */
function isNamed(folder: LabelledFolder, near: string, { video, numbers }: ListRow): boolean {
  if (video === null) return false
  if (isVideoFile(video) || folder.videos.find({ name: video, near }).files.length > 0) return true
  const isFolder = folder.folders.some(path => basename(path) === basename(video))
  return numbers.length === 2 && isFolder
}

/** A list whose first rows name videos and numbers, or, beside others, videos alone. */
async function opened(
  folder: LabelledFolder,
  file: string,
  { needsNumbers, signal }: { readonly needsNumbers: boolean; readonly signal: AbortSignal },
): Promise<VideoListFile | null> {
  const [text, near] = [await folder.text(file, signal), nearOf(folder, file)]
  const rows: ListRow[] = []
  let fits = false
  for await (const { line, said } of textLines(text)) {
    if (said.startsWith('#')) continue
    const read = rowIn(line, said)
    if (rows.length === 0 && header.test(said) && !isNamed(folder, near, read)) continue
    fits ||= (read.numbers.length > 0 || !needsNumbers) && isNamed(folder, near, read)
    if (!fits && rows.length + 1 === linesToTry) return null
    rows.push(read)
  }
  return fits ? { text, near, rows } : null
}

export const openMmLab: Format = {
  id: 'openmmlab',
  tasks: ['video-classification'],
  fits: (folder, signal) => anyFits(candidates(folder), file => opened(folder, file, { needsNumbers: true, signal })),
  async *read(folder, signal) {
    const named = await classNames(folder, signal)
    const lists: VideoListFile[] = []
    for (const file of candidates(folder)) {
      const list = await opened(folder, file, { needsNumbers: named.length !== 1, signal })
      if (list) lists.push(list)
    }
    const refused = lists.map(list => refusal(list, lists, named.length === 1 ? named[0]?.names : undefined))
    const read = lists.filter((_, place) => refused[place] === null)
    const most = read
      .flatMap(({ rows }) => rows.map(({ numbers }) => numbers.at(-1) ?? -1))
      .reduce((largest, number) => Math.max(largest, number), -1)
    const names = namesFor(read, named)
    for (const { text } of named) yield* fileNotes(folder, text)
    if (names === null && named.length > 0 && most >= 0) {
      yield {
        source: named.map(({ text }) => relative(folder.path, text.path)).join(', '),
        note: {
          kind: 'labels',
          sentence: english`The file does not name every class number of the lists, or is not the only one; the classes are called by their numbers.`,
        },
      }
    }
    for (const [place, list] of lists.entries()) {
      yield* fileNotes(folder, list.text)
      const problem = refused[place] ?? null
      if (problem === null) yield* rowsOf(folder, list, names)
      else yield { source: relative(folder.path, list.text.path), problem }
    }
  },
}

/** The names of all numbers; null where a number has none, or several files name them. */
function namesFor(lists: readonly VideoListFile[], named: readonly ClassNames[]): ReadonlyMap<number, string> | null {
  const [only, ...others] = named
  if (!only || others.length > 0) return null
  const isWhole = lists.every(({ rows }) =>
    rows.every(({ numbers }) => numbers.length === 0 || only.names.has(numbers.at(-1) ?? -1)),
  )
  return isWhole ? only.names : null
}

/** Why a list cannot be read as one of a class a video: the end of a sentence; null where it can. */
function refusal(
  { text, rows }: VideoListFile,
  lists: readonly VideoListFile[],
  names: ReadonlyMap<number, string> | undefined,
): string | null {
  if (/_test_split\d+$/i.test(parse(text.path).name)) {
    return english`is one of HMDB51, whose numbers say 1 for training and 2 for the test, and not the class; write a table with the columns video, label and split`
  }
  const splits = [...new Set(lists.flatMap(list => splitNumber(list) ?? []))].sort()
  if (splits.length > 1 && splitNumber({ text }) !== null) {
    return english`is one of several splits of the same videos (${splits.join(', ')}); keep the lists of one of them in the folder`
  }
  const counts = new Set(rows.flatMap(({ video, numbers }) => (video === null ? [] : [numbers.length])))
  const most = Math.max(...counts)
  if (most <= 1) return null
  if (counts.size > 1) {
    return english`has several class numbers behind some videos, and a video has one class here; leave one number behind each`
  }
  if (most === 2 && areFrames(rows, names)) return null
  return english`has ${most} numbers behind each video, which may be its frames and its class as well as several classes; leave the one number of its class`
}

/** UCF101 has `trainlist01.txt`, `trainlist02.txt`, … */
function splitNumber({ text }: Pick<VideoListFile, 'text'>): string | null {
  return /(?:train|test|val)list_?(\d+)$/i.exec(parse(text.path).name)?.[1] ?? null
}

/** Whether the first of two numbers is how many frames there are: in lists of folders, or where no class has it. */
function areFrames(rows: readonly ListRow[], names: ReadonlyMap<number, string> | undefined): boolean {
  const read = rows.filter(({ video }) => video !== null)
  if (read.every(({ video }) => !isVideoFile(video ?? ''))) return true
  return (
    names !== undefined &&
    read.every(({ numbers }) => names.has(numbers[1] ?? -1)) &&
    read.some(({ numbers }) => !names.has(numbers[0] ?? -1))
  )
}

function* rowsOf(
  folder: LabelledFolder,
  { text, near, rows }: VideoListFile,
  names: ReadonlyMap<number, string> | null,
): Generator<RowRead> {
  const split = splitOfFile(folder, text.path)
  const byName = new Set(names?.values())
  if (rows.some(({ numbers }) => numbers.length === 2)) {
    const sentence = english`The first number of a row is taken for how many frames there are, the second for the class.`
    yield { source: relative(folder.path, text.path), note: { kind: 'table', sentence } }
  }
  for (const { line, video, numbers } of rows) {
    const source = sourceOf(folder, text.path, line)
    const number = numbers.at(-1)
    // A list without numbers names the class by the folder.
    const outer = (video ?? '').split(/[/\\]/)[0] ?? ''
    const label = number === undefined ? (byName.has(outer) ? outer : null) : (names?.get(number) ?? number)
    if (video === null || label === null) {
      yield { source, problem: english`is no line of a video and the number of its class, as ‘clip.mp4 3’` }
    } else {
      yield { source, split, near, content: { type: 'class', video: wholeVideo(video), label } }
    }
  }
}
