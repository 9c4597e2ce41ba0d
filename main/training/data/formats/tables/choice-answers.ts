import { english } from '../../../../../native-models/english.ts'
import type { Split } from '../../../../api/training/datasets.ts'
import type { VideoName } from '../../examples/example.ts'
import type { RowRead } from '../reading/format.ts'
import type { ChoiceCounting } from './choice-columns.ts'
import { tidyName } from './table-columns.ts'

/** One answer to choose from, with the name of its column. */
export interface Choice {
  readonly name: string
  /** '' where the row has none there: the others keep their numbers. */
  readonly text: string
}

/** A question with its choices as a table has it: what its answer means is known when all rows are read. */
export interface ChoiceRow {
  readonly source: string
  readonly split: Split | null
  readonly near: string
  readonly video: VideoName
  readonly question: string
  readonly answer: string
  readonly choices: readonly Choice[]
  readonly counting: ChoiceCounting
}

/** What the answers of a file are: the text or the column of the right choice, or its number from 0 or from 1. */
type Reading = 'said' | 'from 0' | 'from 1'

/** Whole numbers; tables that once had gaps have them as `2.0`. */
const wholeNumber = /^\d+(\.0+)?$/

/**
 * The rows with the number of the right choice, counted from 0. An answer that is a number is the number of its
 * column where columns count from 0, as in NExT-QA and EgoSchema; where they count from 1 or by letters, the answers
 * of the whole file have to show from where these count. What could be read in two ways is not read.
 */
export function* settledChoices(rows: readonly ChoiceRow[]): Generator<RowRead> {
  const reading = readingOf(rows)
  const counted = rows.find(({ answer, counting }) => wholeNumber.test(answer) && counting !== 'zero')
  if (counted && reading !== null && reading !== 'said') {
    const sentence =
      reading === 'from 0'
        ? english`The answers are numbers that count from 0, as the whole table shows.`
        : english`The answers are numbers that count from 1, as the whole table shows.`
    yield { source: counted.source, note: { kind: 'table', sentence } }
  }
  for (const row of rows) yield* settled(row, reading)
}

function* settled(row: ChoiceRow, reading: Reading | null): Generator<RowRead> {
  const { source, split, near, video, question, answer, choices } = row
  const isNumber = wholeNumber.test(answer)
  const answered = `${source}: ‘${answer}’`
  if (isNumber && reading === null) {
    const problem = english`has a number for an answer, and nothing shows whether the answers count from 0, count from 1, or are texts; write the text of the right choice, or the name of its column`
    yield { source: answered, problem }
    return
  }
  const places =
    isNumber && reading !== 'said' ? [Number(answer) - (reading === 'from 0' ? 0 : 1)] : said(answer, choices)
  const right = choices[places[0] ?? -1]
  if (places.length > 1) {
    yield { source: answered, problem: english`has an answer that several of its choices say` }
  } else if (right === undefined) {
    yield { source: answered, problem: english`has an answer that is none of its ${choices.length} choices` }
  } else if (right.text === '') {
    yield { source: answered, problem: english`has an empty choice for its answer, ‘${right.name}’` }
  } else {
    const given = choices.filter(({ text }) => text !== '')
    if (given.length < choices.length) {
      const sentence = english`The row has an empty choice; it is a question with fewer choices.`
      yield { source, note: { kind: 'table', sentence } }
    }
    yield {
      source,
      split,
      near,
      content: {
        type: 'choices',
        video,
        question,
        answers: given.map(({ text }) => text),
        subtitles: [],
        label: given.indexOf(right),
        span: null,
      },
    }
  }
}

/** The choices that an answer says by their text, their column, or their letter. */
function said(answer: string, choices: readonly Choice[]): number[] {
  const letter = /^\(?([a-j])[).:]?$/i.exec(answer)?.[1]
  const byLetter = letter === undefined ? -1 : letter.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0)
  return choices.flatMap(({ name, text }, place) =>
    (text !== '' && text.toLowerCase() === answer.toLowerCase()) ||
    place === byLetter ||
    (tidyName(name) === tidyName(answer) && tidyName(answer) !== '')
      ? [place]
      : [],
  )
}

/** What the answers that are numbers mean; null when that could be more than one thing. */
function readingOf(rows: readonly ChoiceRow[]): Reading | null {
  const numbers = rows.filter(({ answer }) => wholeNumber.test(answer))
  const others = rows.filter(({ answer }) => !wholeNumber.test(answer))
  const sayTexts = numbers.every(({ answer, choices }) => said(answer, choices).length > 0)
  if (sayTexts && others.some(({ answer, choices }) => said(answer, choices).length > 0)) return 'said'
  const reading = countingOf(numbers)
  return reading !== null && numbers.length > 0 && numbers.every(row => saysAnother(row, reading)) ? null : reading
}

function countingOf(numbers: readonly ChoiceRow[]): 'from 0' | 'from 1' | null {
  const hasZero = numbers.some(({ answer }) => Number(answer) === 0)
  const hasLast = numbers.some(({ answer, choices }) => Number(answer) === choices.length)
  // Columns from 0 whose answers never are 0, but one more than the last: somebody counted otherwise.
  if (numbers.every(({ counting }) => counting === 'zero')) return hasLast && !hasZero ? null : 'from 0'
  if (hasZero === hasLast) return null
  return hasZero ? 'from 0' : 'from 1'
}

/** Whether an answer that is a number is the text of another choice than the one it counts to. */
function saysAnother({ answer, choices }: ChoiceRow, reading: 'from 0' | 'from 1'): boolean {
  const place = choices.findIndex(({ text }) => text === answer)
  return place >= 0 && place !== Number(answer) - (reading === 'from 0' ? 0 : 1)
}
