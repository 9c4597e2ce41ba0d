import { basename, extname, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { tasks } from '../../../../api/common/rules.ts'
import { readApart } from '../../../../reading-process/reading-process.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { ParsedLine } from '../../files/lines.ts'
import { anyFits, nearOf, splitOfFile, unreadable } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { choicePlaces, columnsOf, namedColumns, teaches } from '../tables/table-columns.ts'
import type { Columns } from '../tables/table-columns.ts'
import { rowsOfTable } from '../tables/table-rows.ts'
import { namedCells } from './json-table.ts'
import { videoPaths } from './video-paths.ts'

/** Rows that are read at once. */
const rowsTogether = 5000

const files = (folder: LabelledFolder) => folder.annotations.filter(file => extname(file).toLowerCase() === '.parquet')

interface Opened {
  readonly path: string
  readonly columns: Columns
  readonly rows: number
}

async function open(path: string, signal: AbortSignal): Promise<Opened> {
  const { columns, rows } = await readApart('parquet', { path }, { file: basename(path), signal })
  return { path, columns: columnsOf(columns), rows }
}

/** The places of the columns that say something; others, which may be large, are not read. */
function wanted(columns: Columns): string[] {
  const { header, places, labels, choiceList } = columns
  const used = [
    ...Object.values(places),
    ...labels,
    ...choicePlaces(columns),
    ...(choiceList === null ? [] : [choiceList]),
  ]
  return [...new Set(used)].flatMap(place => header[place] ?? [])
}

/** The rows as objects; where one cannot be read, those before it stay. */
async function* valuesOf({ path, columns, rows }: Opened, signal: AbortSignal): AsyncGenerator<ParsedLine> {
  const names = wanted(columns)
  const file = basename(path)
  for (let start = 0; start < rows; start += rowsTogether) {
    const end = Math.min(start + rowsTogether, rows)
    try {
      const read = await readApart('parquetRows', { path, columns: names, start, end }, { file, signal })
      for (const [index, value] of read.entries()) yield { line: start + index + 1, value, problem: null }
      if (read.length < end - start) throw new ExpectedError('annotations-malformed', 'the file has fewer than it says')
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError)) throw error
      const why = error.message.replaceAll(path, file).replace(/\.$/, '')
      yield { line: start + 1, value: null, problem: english`and those behind it cannot be read: ${why}` }
      return
    }
  }
}

/** Tables in Parquet files, with columns as in a table of text: Hugging Face's `data/train-00000-of-00001.parquet`. */
export const parquet: Format = {
  id: 'parquet',
  tasks,
  fits: (folder, signal) =>
    anyFits(files(folder), async path => {
      const opened = await open(path, signal).catch((error: unknown) => {
        if (error instanceof ExpectedError) return null
        throw error
      })
      return opened !== null && teaches(opened.columns)
    }),
  async *read(folder, signal) {
    for (const path of files(folder)) {
      const name = relative(folder.path, path)
      try {
        const opened = await open(path, signal)
        if (!teaches(opened.columns)) {
          const sentence = english`The table is not read: no columns of it name a video and say something of it.`
          yield { source: `${name}: ${opened.columns.header.join(', ')}`, note: { kind: 'table', sentence } }
          continue
        }
        yield { file: { file: name, encoding: 'utf-8', delimiter: null, columns: namedColumns(opened.columns) } }
        yield* rowsOfTable(
          folder,
          {
            split: splitOfFile(folder, path),
            near: nearOf(folder, path),
            clips: opened.columns.clips,
            pathOf: await videoPaths(folder, signal),
          },
          namedCells(valuesOf(opened, signal), line => `${name}:${line}`),
        )
      } catch (error) {
        signal.throwIfAborted()
        yield unreadable(error, { path, name })
      }
    }
  },
}
