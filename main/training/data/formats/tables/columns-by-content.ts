import { timeIn } from '../../files/time-cell.ts'
import { columnsOf } from './table-columns.ts'
import type { Column, Columns } from './table-columns.ts'

type Kind = 'video' | 'number' | 'split' | 'text' | 'empty'

const splitCell = /^(train|training|val|valid|validation|dev|test|testing|eval)$/i
/** Words of a text; languages that do not part them have one a character. */
const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}'’]+/gu
/** A sentence has so many words on average, a class at most so many, and classes come again in so many rows. */
const sentenceWords = 3
const classWords = 5
const classRows = 4

/**
 * The columns of a table without a header, where its rows leave no doubt: one that names videos which are there, from
 * the first row on, or times alone in a file that is named for a video; two of times or none; and one that is a text
 * or a class. Null otherwise.
 */
export function columnsByContent(
  rows: readonly (readonly string[])[],
  { ofVideo, isVideo }: { readonly ofVideo: string | null; readonly isVideo: (name: string) => boolean },
): Columns | null {
  const [first] = rows
  if (!first || rows.some(row => row.length !== first.length)) return null
  // A name that a header may have makes it one.
  if (Object.keys(columnsOf(first).places).length > 0) return null
  const cellsAt = (place: number) => rows.map(row => row[place] ?? '')
  const kinds = first.map((_, place) => kindOf(cellsAt(place), isVideo))
  const placesOf = (kind: Kind) => kinds.flatMap((found, place) => (found === kind ? [place] : []))
  const [videos, splits] = [placesOf('video'), placesOf('split')]
  if (videos.length > 1 || (videos.length === 0 && ofVideo === null) || splits.length > 1) return null
  const said = saidBy({ numbers: placesOf('number'), texts: placesOf('text') }, cellsAt)
  if (said === null || (videos.length === 0 && said.start === undefined)) return null
  const places: Partial<Record<Column, number>> = {
    ...(videos[0] !== undefined && { video: videos[0] }),
    ...(splits[0] !== undefined && { split: splits[0] }),
    ...said,
  }
  return {
    header: first.map((_, place) => `column ${place + 1}`),
    places,
    videos,
    labels: said.label === undefined ? [] : [said.label],
    choices: null,
    choiceList: null,
    ofVideo: videos.length === 0 ? ofVideo : null,
    clips: false,
  }
}

function kindOf(cells: readonly string[], isVideo: (name: string) => boolean): Kind {
  if (cells.every(cell => cell === '')) return 'empty'
  if (isVideo(cells[0] ?? '')) return 'video'
  if (cells.every(cell => splitCell.test(cell))) return 'split'
  return cells.every(cell => typeof timeIn(cell) === 'number') ? 'number' : 'text'
}

/** The columns of times, and that of the text or the class; null where they could be something else. */
function saidBy(
  { numbers, texts }: { readonly numbers: readonly number[]; readonly texts: readonly number[] },
  cellsAt: (place: number) => readonly string[],
): Partial<Record<'start' | 'end' | 'text' | 'label', number>> | null {
  const [text, ...others] = texts
  const [start, end, ...more] = numbers
  if (others.length > 0 || more.length > 0) return null
  if (text === undefined) {
    const isNumberOfClass = start !== undefined && end === undefined && cellsAt(start).every(cell => /^\d+$/.test(cell))
    return isNumberOfClass ? { label: start } : null
  }
  const column = meaningOf(cellsAt(text))
  if (column === null) return null
  if (start === undefined) return { [column]: text }
  if (end === undefined || !areSpans(cellsAt(start), cellsAt(end))) return null
  return { start, end, [column]: text }
}

function areSpans(starts: readonly string[], ends: readonly string[]): boolean {
  const [from, to] = [starts, ends].map(cells => cells.map(cell => timeIn(cell) ?? 0))
  return from?.every((time, row) => time >= 0 && time <= (to?.[row] ?? -1)) === true
}

/** Sentences differ from row to row, classes come again and are short. */
function meaningOf(cells: readonly string[]): 'text' | 'label' | null {
  const distinct = new Set(cells).size
  const length = cells.reduce((sum, cell) => sum + (cell.match(words)?.length ?? 0), 0) / cells.length
  if (distinct > 0.9 * cells.length && length >= sentenceWords) return 'text'
  const areClasses = cells.length >= classRows && distinct <= cells.length / 2 && length <= classWords
  return areClasses && !cells.includes('') ? 'label' : null
}
