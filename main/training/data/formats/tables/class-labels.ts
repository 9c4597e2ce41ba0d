import { english } from '../../../../../native-models/english.ts'
import type { Split } from '../../../../api/training/datasets.ts'
import type { VideoName } from '../../examples/example.ts'
import type { RowRead } from '../reading/format.ts'

/** What a column that may tell the class says in a row. */
export interface LabelCell {
  /** Of the column. */
  readonly name: string
  readonly text: string
}

/** A row that tells a class: which of its cells does is known when all rows are read. */
export interface ClassRow {
  readonly source: string
  readonly split: Split | null
  readonly near: string
  readonly video: VideoName
  /** The likelier first. */
  readonly labels: readonly LabelCell[]
}

/** Which column is the class, and which one marks with 1 and -1 whether it occurs. */
export interface ClassReading {
  readonly label: string
  readonly mark: string | null
  /** How it was decided, where there was something to decide. */
  readonly sentence: string | null
}

/** Tables that once had gaps have whole numbers as `2.0`. */
const wholeNumber = /^[+-]?\d+(\.0+)?$/

/** The rows with their class. */
export function* settledClasses(
  rows: readonly ClassRow[],
  { label, mark, sentence }: ClassReading,
): Generator<RowRead> {
  const [first] = rows
  if (!first) return
  if (sentence !== null) yield { source: first.source, note: { kind: 'table', sentence } }
  for (const row of rows) {
    const { source, split, near, video } = row
    const [text, marked] = [textOf(row, label), mark === null ? '1' : textOf(row, mark)]
    if (text === '') {
      yield { source, problem: english`names no class` }
    } else if (marked === '') {
      yield { source, problem: english`does not say with 1 or -1 in ‘${mark}’ whether its class occurs` }
    } else if (Number(marked) === -1) {
      const absent = english`The row says with -1 in ‘${mark}’ that its class does not occur there; it is left out.`
      yield { source, note: { kind: 'labels', sentence: absent } }
    } else {
      yield { source, split, near, content: { type: 'class', video, label: numberOrName(text) } }
    }
  }
}

/** A class or an answer as its number, where it is one. */
export function numberOrName(text: string): number | string {
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text
}

function textOf({ labels }: Pick<ClassRow, 'labels'>, column: string): string {
  return labels.find(({ name }) => name === column)?.text ?? ''
}

/**
 * Where tables have both the name of a class and a number, all rows together show what the number is: that of the name,
 * or a mark: in HACS Clips a class with -1 was looked for in the clip and is not there, which teaches no other class.
 */
export function classReading(rows: readonly Pick<ClassRow, 'labels'>[]): ClassReading {
  const columns = [...new Set(rows.flatMap(({ labels }) => labels.map(({ name }) => name)))]
  const [likelier = '', ...others] = columns
  if (others.length === 0) return { label: likelier, mark: null, sentence: null }
  const isNumbers = (column: string) =>
    rows.every(row => textOf(row, column) === '' || wholeNumber.test(textOf(row, column)))
  const number = columns.find(isNumbers)
  const name = columns.find(column => !isNumbers(column))
  const left = others.map(column => `‘${column}’`).join(', ')
  if (number === undefined || name === undefined) {
    return { label: likelier, mark: null, sentence: english`‘${likelier}’ was taken for the class, not ${left}.` }
  }
  const pairs = rows.map(row => ({ named: textOf(row, name), counted: textOf(row, number) })).filter(isWhole)
  const numbers = new Set(pairs.map(({ counted }) => Number(counted)))
  const isOneToOne = areOneToOne(pairs)
  if (numbers.has(1) && numbers.size <= 2 && (numbers.has(-1) || (numbers.size === 1 && !isOneToOne))) {
    const sentence = english`‘${name}’ was taken for the class, and the 1 and -1 of ‘${number}’ for whether it occurs.`
    return { label: name, mark: number, sentence }
  }
  const why = isOneToOne
    ? english`‘${number}’ has one number for each class that ‘${name}’ names`
    : english`the numbers of ‘${number}’ are neither those of the classes in ‘${name}’ nor 1 and -1; remove the column that is not meant`
  return { label: likelier, mark: null, sentence: english`‘${likelier}’ was taken for the class, not ${left}: ${why}.` }
}

interface NamedAndCounted {
  readonly named: string
  readonly counted: string
}

function isWhole({ named, counted }: NamedAndCounted): boolean {
  return named !== '' && counted !== ''
}

/** Whether each name has a number of its own. */
function areOneToOne(pairs: readonly NamedAndCounted[]): boolean {
  const [numberOf, nameOf] = [new Map<string, number>(), new Map<number, string>()]
  return pairs.every(({ named, counted }) => {
    const number = Number(counted)
    if (!numberOf.has(named)) numberOf.set(named, number)
    if (!nameOf.has(number)) nameOf.set(number, named)
    return numberOf.get(named) === number && nameOf.get(number) === named
  })
}
