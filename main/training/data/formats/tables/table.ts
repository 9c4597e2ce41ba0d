import { extname, parse } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { tableRecords } from '../../files/delimited.ts'
import type { TableRecord } from '../../files/delimited.ts'
import type { TextFile } from '../../files/text-file.ts'
import { columnsByContent } from './columns-by-content.ts'
import { columnsOf, delimiterNames, delimiterOf, teaches } from './table-columns.ts'
import type { Columns } from './table-columns.ts'

/** A delimited text. */
export interface Table {
  readonly text: TextFile
  /** Decided once, from the header, or where there is none from what the columns hold. */
  readonly delimiter: string
  readonly columns: Columns
  readonly hasHeader: boolean
  /** The records, below the header if there is one; those of another number of cells than the first line say so. */
  rows(): AsyncGenerator<TableRecord>
}

/** Rows by which one of several columns is taken for the video's, and columns without a header are told. */
const rowsTried = 50
/** A header is no longer than this. */
const longestHeader = 64 * 1024
/** Excel's own way to say what delimits. */
const separatorLine = /^"?sep=(.)"?$/i

/** Opens a file as a table; null for an empty one. @throws the file system's error. */
export async function openTable(folder: LabelledFolder, file: string, signal: AbortSignal): Promise<Table | null> {
  const text = await folder.text(file, signal)
  const table = await tableWithHeader(folder, file, text)
  if (!table || teaches(table.columns) || !['.csv', '.tsv', '.txt'].includes(extname(file).toLowerCase())) return table
  return (await tableWithoutHeader(folder, file, text)) ?? table
}

async function tableWithHeader(folder: LabelledFolder, file: string, text: TextFile): Promise<Table | null> {
  const [first, second] = await firstLines(text)
  if (first === undefined) return null
  const told = separatorLine.exec(first)?.[1]
  const delimiter = told ?? delimiterOf(first)
  if (told !== undefined && second === undefined) return null
  const records = async function* () {
    let isBefore = true
    for await (const record of tableRecords(text.chunks(), delimiter)) {
      isBefore &&= isRemark(record.cells)
      if (!isBefore && (told === undefined || record.line > 1)) yield record
    }
  }
  const [header, ...below] = await firstOf(records(), rowsTried)
  if (!header) return null
  const columns = columnsOf(isCounted(header, below, folder) ? ['', ...header.cells] : header.cells)
  const rows = async function* (): AsyncGenerator<TableRecord> {
    let isHeader = true
    for await (const record of records()) {
      if (!isHeader) yield fitted(record, columns.header.length, 'header')
      isHeader = false
    }
  }
  return {
    text,
    delimiter,
    columns:
      columns.videos.length > 1
        ? await withVideoColumn(columns, rows(), folder)
        : { ...columns, ofVideo: hasTimedTexts(columns) ? videoOfFile(file, folder) : null },
    hasHeader: true,
    rows,
  }
}

/** A line before the header that begins with `#` and names no columns. */
function isRemark(cells: readonly string[]): boolean {
  return cells[0]?.startsWith('#') === true && !teaches(columnsOf(cells))
}

/**
 * Whether rows count themselves in a first cell that the header does not name, as R writes them: then the others name
 * videos that are there.
 */
function isCounted({ cells: header }: TableRecord, rows: readonly TableRecord[], { videos }: LabelledFolder): boolean {
  const first = Number(rows[0]?.cells[0])
  const video = columnsOf(header).places.video
  const name = video === undefined ? '' : (rows[0]?.cells[video + 1] ?? '')
  return (
    name !== '' &&
    rows.every(({ cells }, place) => cells.length === header.length + 1 && cells[0] === String(first + place)) &&
    videos.find({ name }).files.length > 0
  )
}

/** Null where no delimiter, or more than one, makes columns that can be told. */
async function tableWithoutHeader(folder: LabelledFolder, file: string, text: TextFile): Promise<Table | null> {
  const isVideo = (name: string) => name !== '' && folder.videos.find({ name }).files.length > 0
  const found: Table[] = []
  const isText = extname(file).toLowerCase() === '.txt'
  for (const delimiter of Object.keys(delimiterNames)) {
    // Words are parted by spaces in any text; lists of videos and numbers are a format of their own there.
    if (isText && delimiter === ' ') continue
    const tried = await firstOf(tableRecords(text.chunks(), delimiter), rowsTried)
    const columns = columnsByContent(
      tried.flatMap(({ cells, problem }) => (problem === null ? [cells] : [])),
      { ofVideo: videoOfFile(file, folder), isVideo },
    )
    // Spaces part words as well: they delimit a video and its class alone, as in the lists of SlowFast and VideoMAE.
    if (!columns || (delimiter === ' ' && (columns.header.length !== 2 || columns.labels.length === 0))) continue
    const rows = async function* (): AsyncGenerator<TableRecord> {
      for await (const record of tableRecords(text.chunks(), delimiter)) {
        yield fitted(record, columns.header.length, 'first line')
      }
    }
    found.push({ text, delimiter, columns, hasHeader: false, rows })
  }
  const [table, ...others] = found
  return others.length === 0 ? (table ?? null) : null
}

/** Whether a table is of captions with times, and no column names a video. */
function hasTimedTexts({ places: { text, start, end }, videos }: Columns): boolean {
  return videos.length === 0 && text !== undefined && start !== undefined && end !== undefined
}

/** The video that a table is named for. */
function videoOfFile(file: string, folder: LabelledFolder): string | null {
  const { name } = parse(file)
  return folder.videos.find({ name }).files.length > 0 ? name : null
}

/** The first of them; what they are read from is closed. */
async function firstOf(records: AsyncGenerator<TableRecord>, most: number): Promise<TableRecord[]> {
  const found: TableRecord[] = []
  for await (const record of records) {
    if (found.push(record) === most) break
  }
  return found
}

/** Empty cells behind the last column are no more than a spreadsheet's. */
function fitted(record: TableRecord, columns: number, told: 'header' | 'first line'): TableRecord {
  const { line, cells, problem } = record
  if (problem !== null || cells.length === columns) return record
  if (cells.length > columns && cells.slice(columns).every(cell => cell === '')) {
    return { line, cells: cells.slice(0, columns), problem: null }
  }
  if (cells[0]?.startsWith('#') === true) return { line, cells, problem: english`begins with #, as a remark does` }
  return {
    line,
    cells,
    problem:
      told === 'header'
        ? english`has ${cells.length} columns where the header has ${columns}; put cells that hold the delimiter in quotes`
        : english`has ${cells.length} columns where the first line has ${columns}; put cells that hold the delimiter in quotes`,
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
    if (head.length >= longestHeader || linesIn(head).length > 3) break
  }
  return linesIn(head).map(line => line.slice(0, longestHeader))
}

/** Lines that say something, without remarks before the header. */
function linesIn(head: string): string[] {
  return head
    .split(/[\r\n]+/)
    .filter(line => line.trim() !== '' && !isRemark(line.trim().split(delimiterOf(line.trim()))))
}
