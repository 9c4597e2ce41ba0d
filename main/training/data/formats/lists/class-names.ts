import { dirname, parse } from 'node:path'
import { isVideoFile } from '../../../../library/folders/video-files.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { TextFile } from '../../files/text-file.ts'
import { textLines } from '../../files/text-lines.ts'

/** The names of classes by their numbers, from a file beside the lists of videos. */
export interface ClassNames {
  readonly text: TextFile
  readonly names: ReadonlyMap<number, string>
}

/** What such files are called: mmaction2's `label_map_k400.txt`, UCF101's `classInd.txt`. */
const called = /label_?map|^class_?ind|^class(?:es|_?names?|_?list|_?labels?)$|^labels?$|^categories$/i
const numberFirst = /^(\d{1,6})[\s,:;]+(\S.*)$/
const numberLast = /^(\S.*?)[\s,:;]+(\d{1,6})$/
/** More classes than any set has. */
const mostNames = 100_000

/** The files of a folder that name classes; one for all its lists, or several of which none can be taken. */
export async function classNames(folder: LabelledFolder, signal: AbortSignal): Promise<ClassNames[]> {
  const found: ClassNames[] = []
  const candidates = folder.annotations.filter(file => /\.txt$/i.test(file) && called.test(parse(file).name))
  for (const file of candidates) {
    const text = await folder.text(file, signal)
    const names = await namesIn(text)
    if (names !== null) found.push({ text, names })
  }
  // A file in the folder itself is before those in the folders below.
  const outer = found.filter(({ text }) => dirname(text.path) === folder.path)
  return outer.length > 0 ? outer : found
}

/** A name a line, counted from 0, or a number with each; null for what is neither, as a list of videos. */
async function namesIn(text: TextFile): Promise<ReadonlyMap<number, string> | null> {
  const lines: string[] = []
  for await (const { said } of textLines(text)) {
    if (lines.push(said) > mostNames || said.length > 200) return null
  }
  const numbered =
    pairsOf(lines, numberFirst, ([number, name]) => [number, name]) ??
    pairsOf(lines, numberLast, ([name, number]) => [number, name])
  const names = new Map(numbered ?? lines.map((name, number) => [number, name] as const))
  const isList = [...names.values()].some(isVideoFile)
  return !isList && names.size === lines.length && new Set(names.values()).size === names.size ? names : null
}

function pairsOf(
  lines: readonly string[],
  form: RegExp,
  order: (found: readonly [string, string]) => readonly [string, string],
): (readonly [number, string])[] | null {
  const pairs = lines.flatMap(line => {
    const [, first, second] = form.exec(line) ?? []
    if (first === undefined || second === undefined) return []
    const [number, name] = order([first, second])
    return [[Number(number), name.trim()] as const]
  })
  return pairs.length === lines.length && lines.length > 0 ? pairs : null
}
