import { createReadStream } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse'
import { z } from 'zod'
import type { Row, RowContent, RowProblem, TimedSentence, VideoName } from '../example.ts'
import type { LabelledFolder } from '../folder.ts'
import { sourceOf, splitNamed, splitOfFile } from './format.ts'
import type { Format } from './format.ts'

/** What the columns of the header may be called. */
const columns = {
  video: ['video', 'video_id', 'video_name', 'clip_id', 'path', 'file', 'filename', 'vid'],
  text: ['text', 'caption', 'sentence', 'paragraph', 'description', 'query'],
  label: ['label', 'class', 'category', 'recipe_type'],
  question: ['question', 'text_q'],
  answer: ['answer'],
  start: ['start', 'start_time', 'start_sec'],
  end: ['end', 'end_time', 'end_sec'],
  split: ['split', 'subset', 'set', 'partition'],
} as const
type Column = keyof typeof columns

const record = z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) })

interface Table {
  readonly file: string
  readonly column: (name: Column) => number | null
}

const tables = (folder: LabelledFolder) => folder.annotations.filter(file => /\.(csv|tsv)$/i.test(file))

async function* records(file: string, signal: AbortSignal): AsyncGenerator<{ line: number, cells: string[] }> {
  const parser = createReadStream(file, { signal }).pipe(parse({
    bom: true, info: true, trim: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true,
    delimiter: file.toLowerCase().endsWith('.tsv') ? '\t' : [',', ';'], max_record_size: 1024 * 1024,
  }))
  try {
    for await (const item of parser) {
      const { info, record: cells } = record.parse(item)
      yield { line: info.lines, cells }
    }
  } finally {
    parser.destroy()
  }
}

/** The header of a table that names a video and something to learn; null for any other. */
function tableWith(file: string, header: readonly string[]): Table | null {
  const names = header.map(name => name.toLowerCase())
  const column = (name: Column) => {
    const place = names.findIndex(candidate => (columns[name] as readonly string[]).includes(candidate))
    return place < 0 ? null : place
  }
  const learns = column('text') !== null || column('label') !== null || (column('question') !== null && column('answer') !== null)
  return column('video') !== null && learns ? { file, column } : null
}

async function tableOf(file: string, signal: AbortSignal): Promise<Table | null> {
  for await (const { cells } of records(file, signal)) return tableWith(file, cells)
  return null
}

async function* rowsOf(folder: LabelledFolder, table: Table, signal: AbortSignal): AsyncGenerator<Row | RowProblem> {
  const { file, column } = table
  const ofFile = splitOfFile(folder, file)
  const paragraphs = new Map<string, { source: string, split: Row['split'], video: string, sentences: TimedSentence[] }>()
  let header = true
  for await (const { line, cells } of records(file, signal)) {
    if (header) {
      header = false
      continue
    }
    const cell = (name: Column) => cells[column(name) ?? -1] ?? ''
    const source = sourceOf(folder, file, line)
    const split = splitNamed(cell('split')) ?? ofFile
    const video = cell('video')
    if (video === '') {
      yield { source, problem: 'names no video' }
      continue
    }
    const [start, end] = [seconds(cell('start')), seconds(cell('end'))]
    const content = labelled({ name: video, start, end }, cell)
    if (content) {
      yield { source, split, content }
      continue
    }
    // A table of sentences has several rows for one video: together they are its paragraph.
    const key = JSON.stringify([split, video])
    const paragraph = paragraphs.get(key) ?? { source, split, video, sentences: [] }
    paragraphs.set(key, paragraph)
    if (cell('text') !== '') paragraph.sentences.push({ text: cell('text'), start, end })
  }
  for (const { source, split, video, sentences } of paragraphs.values()) {
    const inOrder = sentences.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
    yield { source, split, content: { type: 'paragraph', video: { name: video, start: null, end: null }, sentences: inOrder } }
  }
}

function labelled(video: VideoName, cell: (name: Column) => string): RowContent<VideoName> | null {
  if (cell('question') !== '' && cell('answer') !== '') return { type: 'question', video, question: cell('question'), subtitles: [], label: numberOrName(cell('answer')) }
  return cell('label') === '' ? null : { type: 'class', video, label: numberOrName(cell('label')) }
}

function numberOrName(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

function seconds(text: string): number | null {
  const value = Number(text)
  return text === '' || !Number.isFinite(value) || value < 0 ? null : value
}

/** A table with a header that names a video and its text, its label, or a question and its answer. */
export const csv: Format = {
  id: 'csv', tasks: ['retrieval', 'qa-classification', 'video-classification', 'pretrain-stage1', 'pretrain-stage2'],
  async fits(folder, signal) {
    for (const file of tables(folder)) if (await tableOf(file, signal).catch(() => null)) return true
    return false
  },
  async * read(folder, signal) {
    for (const file of tables(folder)) {
      try {
        const table = await tableOf(file, signal)
        if (table) yield* rowsOf(folder, table, signal)
      } catch (error) {
        signal.throwIfAborted()
        yield { source: path.relative(folder.path, file), problem: `cannot be read as a table: ${error instanceof Error ? error.message : String(error)}` }
      }
    }
  },
}
