import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { parseLiteral } from '../../files/literal.ts'
import type { Choice } from './choice-answers.ts'
import type { ChoiceCounting } from './choice-columns.ts'
import type { Columns } from './table-columns.ts'

/** The answers to choose from of a row, or why they cannot be known: the end of a sentence. */
export type NamedChoices =
  { readonly counting: ChoiceCounting; readonly choices: readonly Choice[] } | { readonly problem: string }

const list = z.array(z.string())

/** @param at the cell at a place, or the list that it holds. @returns null where a row has none to choose from. */
export function choicesOf(
  { header, choices, choiceList }: Pick<Columns, 'header' | 'choices' | 'choiceList'>,
  at: (place: number) => string | readonly string[],
): NamedChoices | null {
  if (choices === 'unclear') {
    return {
      problem: english`has columns for choices that do not count one by one; call them a0, a1, … as in NExT-QA, or option 0, option 1, …`,
    }
  }
  if (choices !== null) {
    const textAt = (place: number) => {
      const cell = at(place)
      return typeof cell === 'string' ? cell : ''
    }
    return {
      counting: choices.counting,
      choices: choices.places.map(place => ({ name: header[place] ?? '', text: textAt(place) })),
    }
  }
  if (choiceList === null) return null
  const cell = at(choiceList)
  const texts = typeof cell === 'string' ? listIn(cell) : cell
  if (!texts || texts.length < 2) {
    return { problem: english`has a cell ‘${header[choiceList]}’ that is no list of choices` }
  }
  return {
    counting: 'zero',
    choices: texts.map((text, index) => ({ name: `${header[choiceList]}[${index}]`, text: text.trim() })),
  }
}

function listIn(cell: string): readonly string[] | null {
  try {
    return list.parse(parseLiteral(cell))
  } catch {
    return null
  }
}
