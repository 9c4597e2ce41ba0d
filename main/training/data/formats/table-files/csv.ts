import { relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { tasks } from '../../../../api/common/rules.ts'
import { isVideoFile } from '../../../../library/folders/video-files.ts'
import type { RowProblem } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitNamed, splitOfFile } from '../reading/format.ts'
import type { Format, RowRead } from '../reading/format.ts'
import { classReading } from '../tables/class-labels.ts'
import type { ClassReading, LabelCell } from '../tables/class-labels.ts'
import { listedTexts } from '../tables/listed-texts.ts'
import { choicesOf } from '../tables/named-choices.ts'
import {
  delimiterNames,
  doubtsOf,
  namedColumns,
  quoted,
  teaches,
  wantedColumns,
  withUnit,
} from '../tables/table-columns.ts'
import type { Column, Columns } from '../tables/table-columns.ts'
import { rowsOfTable } from '../tables/table-rows.ts'
import type { NamedCells } from '../tables/table-rows.ts'
import { openTable } from '../tables/table.ts'
import type { Table } from '../tables/table.ts'
import { videoPaths } from './video-paths.ts'

const tables = (folder: LabelledFolder) => folder.annotations.filter(file => /\.(csv|tsv)$/i.test(file))
/** Excel's ‘Unicode text’ is a table too; of other texts nothing is expected. */
const candidates = (folder: LabelledFolder) => folder.annotations.filter(file => /\.(csv|tsv|txt)$/i.test(file))

async function* cellsOf(
  folder: LabelledFolder,
  { text, columns, rows }: Table,
): AsyncGenerator<NamedCells | RowProblem> {
  for await (const { line, cells, problem } of rows()) {
    const source = sourceOf(folder, text.path, line)
    const cell = (column: Column) =>
      column === 'video' && columns.ofVideo !== null
        ? columns.ofVideo
        : withUnit(columns, column, cells[columns.places[column] ?? -1] ?? '')
    if (problem !== null) {
      yield { source, problem }
    } else {
      const listed = listedTexts(cell('text'), cell('spans'))
      if ('problem' in listed) {
        yield { source, problem: listed.problem }
        continue
      }
      yield {
        source,
        cell,
        ...listed,
        choices: choicesOf(columns, place => cells[place] ?? ''),
        labels: labelsOf(columns, cells),
      }
    }
  }
}

function labelsOf({ labels, header }: Columns, cells: readonly string[]): LabelCell[] {
  return labels.map(place => ({ name: header[place] ?? '', text: cells[place] ?? '' }))
}

const classColumns = ({ labels, header }: Columns): string => JSON.stringify(labels.map(place => header[place]))

/** How tables are read that have several columns for the class: those of one split with others that have the same. */
async function classReadings(folder: LabelledFolder, signal: AbortSignal): Promise<Map<string, ClassReading>> {
  const said = new Map<string, Map<string, { readonly labels: readonly LabelCell[] }>>()
  for (const file of candidates(folder)) {
    const table = await openTable(folder, file, signal).catch(() => null)
    if (!table || !teaches(table.columns) || table.columns.labels.length < 2) continue
    const rows = said.get(classColumns(table.columns)) ?? new Map<string, { readonly labels: readonly LabelCell[] }>()
    said.set(classColumns(table.columns), rows)
    for await (const { cells, problem } of table.rows()) {
      signal.throwIfAborted()
      const labels = labelsOf(table.columns, cells)
      if (problem === null) rows.set(JSON.stringify(labels), { labels })
    }
  }
  return new Map([...said].map(([columns, rows]) => [columns, classReading([...rows.values()])]))
}

/** Why the tables of a folder are none that can be read, with the columns that they have; null when there are none. */
export async function unknownTables(folder: LabelledFolder, signal: AbortSignal): Promise<string | null> {
  const found: string[] = []
  const namesVideo = (name = '') => isVideoFile(name) || folder.videos.find({ name }).files.length > 0
  for (const file of candidates(folder)) {
    const table = await openTable(folder, file, signal).catch(() => null)
    const isTable = tables(folder).includes(file) || namesVideo(table?.columns.header[0]?.split(/\s/)[0])
    if (table && isTable && !teaches(table.columns)) {
      found.push(english`${relative(folder.path, file)} has the columns ${quoted(table.columns.header)}`)
    }
  }
  return found.length === 0 ? null : english`${found.slice(0, 3).join('; ')}. A table needs ${wantedColumns}`
}

/** The rows of a table, after how it was read. */
export async function* rowsOfFile(
  folder: LabelledFolder,
  file: string,
  {
    table,
    classes,
    signal,
  }: { readonly table: Table; readonly classes?: ClassReading | undefined; readonly signal: AbortSignal },
): AsyncGenerator<RowRead> {
  const { text, delimiter, columns } = table
  const named = namedColumns(columns)
  yield* fileNotes(folder, text, { delimiter: delimiterNames[delimiter] ?? delimiter, columns: named })
  if (!table.hasHeader) {
    const told = Object.entries(named).map(([column, name]) => english`${name} is the ${column}`)
    const sentence = english`The table has no header; what its columns hold tells them: ${told.join(', ')}. If that is wrong, put a first line that names them.`
    yield { source: relative(folder.path, file), note: { kind: 'table', sentence } }
  }
  for (const sentence of doubtsOf(columns)) {
    yield { source: relative(folder.path, file), note: { kind: 'table', sentence } }
  }
  yield* rowsOfTable(
    folder,
    {
      split: columns.ofVideo === null ? splitOfFile(folder, file) : splitNamed(nearOf(folder, file)),
      near: nearOf(folder, file),
      clips: columns.clips,
      classes,
      pathOf: await videoPaths(folder, signal),
    },
    cellsOf(folder, table),
  )
}

/** The tables of a folder that name videos and texts. */
export async function* captionTables(
  folder: LabelledFolder,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; table: Table }> {
  for (const file of tables(folder)) {
    const table = await openTable(folder, file, signal)
    if (table && teaches(table.columns) && table.columns.places.text !== undefined) yield { file, table }
  }
}

/**
 * A table whose header names a video and its text, its label, or a question and its answer; without a header, one whose
 * columns leave no doubt.
 */
export const csv: Format = {
  id: 'csv',
  tasks,
  fits: (folder, signal) =>
    anyFits(candidates(folder), async file => {
      const table = await openTable(folder, file, signal).catch(() => null)
      return table !== null && teaches(table.columns)
    }),
  async *read(folder, signal) {
    const readings = await classReadings(folder, signal)
    for (const file of candidates(folder)) {
      const name = relative(folder.path, file)
      try {
        const table = await openTable(folder, file, signal)
        if (!table || !teaches(table.columns)) {
          if (table && tables(folder).includes(file)) {
            yield {
              source: `${name}: ${quoted(table.columns.header)}`,
              note: { kind: 'table', sentence: english`The table is not read; it would need ${wantedColumns}.` },
            }
          }
          continue
        }
        yield* rowsOfFile(folder, file, { table, classes: readings.get(classColumns(table.columns)), signal })
      } catch (error) {
        signal.throwIfAborted()
        yield {
          source: name,
          problem: english`cannot be read as a table: ${error instanceof Error ? error.message : String(error)}`,
        }
      }
    }
  },
}
