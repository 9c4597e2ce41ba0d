import { dirname, extname, parse, relative, sep } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { DatasetFile, DatasetFormat, RowTask, Split } from '../../../../api/training/datasets.ts'
import type {
  FileNote,
  Row,
  RowContent,
  RowGroup,
  RowNote,
  RowProblem,
  TierNote,
  VideoName,
} from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { linesOf } from '../../files/lines.ts'
import type { LineNumber } from '../../files/lines.ts'
import type { TextFile } from '../../files/text-file.ts'

/** One way in which folders say what belongs to which video. */
export interface Format {
  readonly id: DatasetFormat
  /** What its rows can teach, the usual first. */
  readonly tasks: readonly RowTask[]
  /** Whether a folder looks like it, from names and first rows. */
  fits(folder: LabelledFolder, signal: AbortSignal): Promise<boolean>
  /** Every row, or what is wrong with it; and how the files were read. */
  read(folder: LabelledFolder, signal: AbortSignal): AsyncIterable<RowRead>
}
export type RowRead = Row | RowProblem | RowNote | FileNote | TierNote

const inName = (words: string) => new RegExp(`(^|[^a-z])(${words})([^a-z]|$)`, 'i')
const splitNames: readonly [RegExp, Split][] = [
  [inName('train|training|trainval|trainlist'), 'train'],
  [inName('val|valid|validate|validation|dev|vallist'), 'validation'],
  [inName('test|testing|eval|testlist'), 'test'],
]

/** The split that a name speaks of (`val_1.json`, `test`), or null. */
export function splitNamed(name: string): Split | null {
  return splitNames.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/**
 * Whether one of the files fits, looked at one by one: for it `fits` gives what counts as true, such as what was found
 * in it.
 */
export async function anyFits(files: readonly string[], fits: (file: string) => Promise<unknown>): Promise<boolean> {
  for (const file of files) if (await fits(file)) return true
  return false
}

/** What is told of a file that could not be read, under the `name` that it has in its folder. @throws what is a bug. */
export function unreadable(
  error: unknown,
  { path, name }: { readonly path: string; readonly name: string },
): RowProblem {
  if (!(error instanceof ExpectedError)) throw error
  return {
    source: name,
    problem: english`cannot be read: ${error.message.replaceAll(path, name).replace(/\.$/, '')}`,
  }
}

/** The split of an annotation file: by its own name, else its folder's. */
export function splitOfFile(folder: LabelledFolder, file: string): Split | null {
  return splitNamed(parse(file).name) ?? splitNamed(dirname(relative(folder.path, file)))
}

export function sourceOf(folder: LabelledFolder, file: string, line: LineNumber): string {
  return `${relative(folder.path, file)}:${line}`
}

/** The folder of an annotation file inside the labelled folder. */
export function nearOf(folder: LabelledFolder, file: string): string {
  return relative(folder.path, dirname(file)).split(sep).join('/')
}

/** Says of a text file how it was read, and warns when that may be wrong. */
export function* fileNotes(
  folder: LabelledFolder,
  { path: file, encoding, doubt }: TextFile,
  table: Pick<DatasetFile, 'delimiter' | 'columns'> | null = null,
): Generator<FileNote | RowNote> {
  const name = relative(folder.path, file)
  yield { file: { file: name, encoding, delimiter: table?.delimiter ?? null, columns: table?.columns ?? {} } }
  if (doubt !== null) yield { source: name, note: { kind: 'encoding', sentence: `The file ${doubt}` } }
}

/** Lines to look at before saying that a file is of another format: a first line may be broken. */
const linesToTry = 5

/** A format of one JSON value per line. `schema` tells its rows from those of the other formats. */
export function jsonLinesFormat<Fields>({
  id,
  tasks,
  extensions = ['.jsonl', '.json'],
  schema,
  fits = schema,
  content,
  note = () => null,
}: {
  id: DatasetFormat
  tasks: readonly RowTask[]
  extensions?: readonly string[]
  schema: z.ZodType<Fields>
  /** What a row of a file of the format is at least; not given: the same. */
  fits?: z.ZodType
  content: (fields: Fields) => RowContent<VideoName>
  /** What a reader should know of a row that is used. */
  note?: (fields: Fields) => RowNote['note'] | null
}): Format {
  const files = (folder: LabelledFolder) =>
    folder.annotations.filter(file => extensions.includes(extname(file).toLowerCase()))
  const fileFits = async (file: TextFile): Promise<boolean> => {
    let tried = 0
    for await (const { value } of linesOf(file)) {
      if (fits.safeParse(value).success) return true
      if (++tried === linesToTry) return false
    }
    return false
  }
  return {
    id,
    tasks,
    fits: (folder, signal) => anyFits(files(folder), async file => fileFits(await folder.text(file, signal))),
    async *read(folder, signal) {
      for (const file of files(folder)) {
        const text = await folder.text(file, signal)
        if (!(await fileFits(text))) continue
        const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
        yield* fileNotes(folder, text)
        for await (const { line, value, problem } of linesOf(text)) {
          const source = sourceOf(folder, file, line)
          const fields = schema.safeParse(value)
          if (problem !== null) {
            yield { source, problem }
          } else if (!fields.success) {
            yield { source, problem: whatIsWrong(fields.error) }
          } else {
            const told = note(fields.data)
            if (told) yield { source, note: told }
            yield {
              source,
              split: splitField(value) ?? split,
              near,
              content: content(fields.data),
              ...groupField(value),
            }
          }
        }
      }
    },
  }
}

const withSplit = z.object({ split: z.string() })

/** The split that a row states of itself. */
function splitField(value: unknown): Split | null {
  const row = withSplit.safeParse(value)
  return row.success ? splitNamed(row.data.split) : null
}

const withGroup = z.object({ group: z.string().min(1) })

/** The group that a row states of itself. */
export function groupField(value: unknown): { readonly group?: RowGroup } {
  const row = withGroup.safeParse(value)
  return row.success ? { group: row.data.group } : {}
}

/** The first thing that a schema found wrong, as the end of a sentence. */
export function whatIsWrong(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'has a fault'
  const field = issue.path.join('.')
  return field === ''
    ? `does not have the fields of its format: ${issue.message}`
    : `has a wrong or missing field ‘${field}’: ${issue.message}`
}

/** The texts of a field that is one text or a list of them; empty ones are left out. */
export const texts = z
  .union([z.string().transform(text => [text]), z.array(z.string())])
  .transform(list => list.map(text => text.trim()).filter(text => text !== ''))

/** A name, which some annotations write as a number. */
export const videoName = z.union([z.string().trim().min(1), z.number().transform(String)])
