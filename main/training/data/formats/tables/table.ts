import { parse } from 'node:path'
import type { LabelledFolder } from '../../examples/folder.ts'
import { tableRecords } from '../../files/delimited.ts'
import type { TableRecord } from '../../files/delimited.ts'
import type { TextFile } from '../../files/text-file.ts'
import { columnsOf, delimiterOf } from './table-columns.ts'
import type { Columns } from './table-columns.ts'

/** A delimited text with a header. */
export interface Table {
  readonly text: TextFile
  /** Decided once, from the header. */
  readonly delimiter: string
  readonly columns: Columns
  /** The records below the header; one with another number of cells than the header has says so. */
  rows(): AsyncGenerator<TableRecord>
}

/** Rows by which one of several columns is taken for the video's. */
const rowsTried = 50
/** A header is no longer than this. */
const longestHeader = 64 * 1024
/** Excel's own way to say what delimits. */
const separatorLine = /^"?sep=(.)"?$/i

/** Opens a file as a table; null for an empty one. @throws the file system's error. */
export async function openTable(folder: LabelledFolder, file: string, signal: AbortSignal): Promise<Table | null> {
  const text = await folder.text(file, signal)
  const [first, second] = await firstLines(text)
  if (first === undefined) return null
  const told = separatorLine.exec(first)?.[1]
  const delimiter = told ?? delimiterOf(first)
  if (told !== undefined && second === undefined) return null
  const records = async function* () {
    for await (const record of tableRecords(text.chunks(), delimiter)) {
      if (told === undefined || record.line > 1) yield record
    }
  }
  const header = await firstOf(records())
  if (!header) return null
  const columns = columnsOf(header.cells)
  const rows = async function* (): AsyncGenerator<TableRecord> {
    let isHeader = true
    for await (const record of records()) {
      if (!isHeader) yield fitted(record, columns.header.length)
      isHeader = false
    }
  }
  return {
    text,
    delimiter,
    columns:
      columns.videos.length > 1
        ? await withVideoColumn(columns, rows(), folder)
        : { ...columns, ofVideo: videoOfFile(file, columns, folder) },
    rows,
  }
}

/** The video that a table of captions with times is named for, if no column names one. */
function videoOfFile(file: string, { places, videos }: Columns, folder: LabelledFolder): string | null {
  const { text, start, end } = places
  if (videos.length > 0 || text === undefined || start === undefined || end === undefined) return null
  const { name } = parse(file)
  return folder.videos.find({ name }).files.length > 0 ? name : null
}

/** The first of them; what they are read from is closed. */
async function firstOf(records: AsyncGenerator<TableRecord>): Promise<TableRecord | null> {
  for await (const record of records) return record
  return null
}

/** Empty cells behind the last column are no more than a spreadsheet's. */
function fitted(record: TableRecord, columns: number): TableRecord {
  const { line, cells, problem } = record
  if (problem !== null || cells.length === columns) return record
  if (cells.length > columns && cells.slice(columns).every(cell => cell === '')) {
    return { line, cells: cells.slice(0, columns), problem: null }
  }
  return {
    line,
    cells,
    problem: `has ${cells.length} columns where the header has ${columns}; put cells that hold the delimiter in quotes`,
  }
}

/** Takes the column whose names are those of files; without any, the likeliest. */
async function withVideoColumn(
  columns: Columns,
  rows: AsyncGenerator<TableRecord>,
  { videos }: LabelledFolder,
): Promise<Columns> {
  const found = new Map(columns.videos.map(index => [index, 0]))
  let tried = 0
  for await (const { cells } of rows) {
    for (const [place, count] of found) {
      if (videos.find({ name: cells[place] ?? '' }).files.length > 0) found.set(place, count + 1)
    }
    if (++tried === rowsTried) break
  }
  const [video] = [...found].sort(([, a], [, b]) => b - a)[0] ?? []
  const { text, ...places } = columns.places
  return {
    ...columns,
    places: {
      ...places,
      ...(text === undefined || text === video ? {} : { text }),
      ...(video === undefined ? {} : { video }),
    },
  }
}

async function firstLines(text: TextFile): Promise<string[]> {
  let head = ''
  for await (const chunk of text.chunks()) {
    head += chunk
    if (head.length >= longestHeader || head.trim().split(/[\r\n]+/).length > 2) break
  }
  return head
    .split(/[\r\n]+/)
    .filter(line => line.trim() !== '')
    .map(line => line.slice(0, longestHeader))
}
