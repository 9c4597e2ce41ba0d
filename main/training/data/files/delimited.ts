import { english } from '../../../../native-models/english.ts'
/** One record of a table, or what is wrong with the line where it begins. */
export interface TableRecord {
  /** The line it begins at, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** The end of a sentence that begins with the line; null for a record that is whole. */
  readonly problem: string | null
}

/** The real tables have paragraphs of some kilobytes. */
const longestRecord = 1024 * 1024

/**
 * Reads a delimited text by RFC 4180: cells in quotes may hold the delimiter, line breaks and doubled quotes; lines end
 * by LF, CRLF or CR. White space around a cell is no part of it; lines without a cell that says anything are passed
 * over. A quote that begins a cell and is never closed, or closed on another line amid text, was meant as a letter:
 * only its own line is lost, and told. (A reader that trusts the quote goes on to the next one, and takes the rows in
 * between for one cell.)
 */
export async function* tableRecords(chunks: AsyncIterable<string>, delimiter: string): AsyncGenerator<TableRecord> {
  let [text, line] = ['', 1]
  for await (const chunk of chunks) {
    text += chunk
    const read = readRecords(text, { firstLine: line, delimiter, ended: false })
    yield* read.records
    text = text.slice(read.end)
    line = read.line
  }
  yield* readRecords(text, { firstLine: line, delimiter, ended: true }).records
}

interface RecordForm {
  readonly firstLine: number
  readonly delimiter: string
  /** Whether nothing follows: before that, a record that reaches the end of the text may go on. */
  readonly ended: boolean
}

function readRecords(
  text: string,
  { firstLine, delimiter, ended }: RecordForm,
): { records: TableRecord[]; end: number; line: number } {
  const records: TableRecord[] = []
  let [end, line] = [0, firstLine]
  while (end < text.length) {
    const record = readRecord(text, { start: end, delimiter, ended })
    if (record === null) break
    if (record.problem !== null || record.cells.some(cell => cell !== '')) {
      records.push({ line, cells: record.cells, problem: record.problem })
    }
    line += lineBreaks(text, end, record.end)
    end = record.end
  }
  return { records, end, line }
}

/** The record that begins at a place; null when its end is not there yet. */
function readRecord(
  text: string,
  { start, delimiter, ended }: { readonly start: number; readonly delimiter: string; readonly ended: boolean },
): { cells: string[]; end: number; problem: string | null } | null {
  const cells: string[] = []
  for (let at = start; ;) {
    const cell = readCell(text, at, delimiter)
    // A quote or CR at the very end may be the first of two.
    const open =
      !ended && (cell.end >= text.length || cell.unclosed || (text[cell.end] === '\r' && cell.end + 1 >= text.length))
    if (open && text.length - start <= longestRecord) return null
    if (cell.unclosed || open) {
      const next = nextLine(text, lineEnd(text, start))
      const problem = cell.unclosed
        ? english`has a quote that is not closed; double the quotes inside a cell`
        : english`is longer than ${longestRecord} characters`
      return { cells: [], end: next, problem }
    }
    cells.push(cell.text)
    if (text[cell.end] !== delimiter) return { cells, end: nextLine(text, cell.end), problem: null }
    at = cell.end + 1
  }
}

/** `end`: the place of the delimiter or line break after the cell, or the end of the text. */
function readCell(text: string, start: number, delimiter: string): { text: string; end: number; unclosed: boolean } {
  const quote = afterSpaces(text, start, delimiter)
  if (text[quote] !== '"') {
    const end = cellEnd(text, start, delimiter)
    return { text: text.slice(start, end).trim(), end, unclosed: false }
  }
  let closing = quote
  do closing = text.indexOf('"', closing + 1)
  while (closing >= 0 && text[closing + 1] === '"' && ++closing)
  if (closing < 0) return { text: '', end: text.length, unclosed: true }
  const end = cellEnd(text, closing + 1, delimiter)
  const quoted = text.slice(quote + 1, closing)
  if (text.slice(closing + 1, end).trim() === '') {
    return { text: quoted.replaceAll('""', '"').trim(), end, unclosed: false }
  }
  // «"Hi" he said» is no quoted cell; it is as it stands.
  return { text: text.slice(start, end).trim(), end, unclosed: /[\r\n]/.test(quoted) }
}

function afterSpaces(text: string, start: number, delimiter: string): number {
  let at = start
  while (text[at] !== delimiter && (text[at] === ' ' || text[at] === '\t')) at += 1
  return at
}

function cellEnd(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === delimiter || text[at] === '\n' || text[at] === '\r') return at
  }
  return text.length
}

function lineEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) if (text[at] === '\n' || text[at] === '\r') return at
  return text.length
}

/** The place after the line break at a place. */
function nextLine(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : Math.min(at + 1, text.length)
}

function lineBreaks(text: string, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count += 1
  return count
}
