/** Where a table has the answers to choose from. */
export interface ChoiceColumns {
  /** Their places, in their own order. */
  readonly places: readonly number[]
  /** How their names count: NExT-QA's `a0` to `a4` and EgoSchema's `option 0` to `option 4` from 0. */
  readonly counting: ChoiceCounting
}
export type ChoiceCounting = 'zero' | 'one' | 'letters'

const numbered = /^(a|ans|answer|opt|option|choice|candidate|answerchoice|answeroption)(\d{1,2})$/
const lettered = /^(|ans|answer|opt|option|choice|candidate|answerchoice|answeroption)([a-j])$/
const speaksOfChoices = /^(opt|option|choice|candidate|distractor|distractors|wrong|incorrect)/
/** One column that holds all answers to choose from, as a list. */
export const choiceLists = ['choices', 'options', 'candidates', 'answerchoices', 'answeroptions']

/**
 * Finds the columns of the answers to choose from: those of one name that count from 0, from 1, or from A.
 * @param header names without case, spaces and signs.
 * @returns `unclear` where columns speak of choices but do not count; null where there are none.
 */
export function choiceColumns(header: readonly string[]): ChoiceColumns | 'unclear' | null {
  const families = new Map<string, Map<number, number>>()
  for (const [place, name] of header.entries()) {
    const [, numberedName, number] = numbered.exec(name) ?? []
    const [, letteredName, letter] = lettered.exec(name) ?? []
    const [family, count] =
      number !== undefined
        ? [`${numberedName} number`, Number(number)]
        : letter !== undefined
          ? [`${letteredName} letter`, letter.charCodeAt(0) - 'a'.charCodeAt(0)]
          : [null, 0]
    if (family === null) continue
    const members = families.get(family) ?? new Map<number, number>()
    families.set(family, members.set(count, place))
  }
  const several = [...families].filter(([, { size }]) => size >= 2)
  const isMeant = (place: number) => several.some(([, members]) => [...members.values()].includes(place))
  const others = header.filter(
    (name, place) => speaksOfChoices.test(name) && !choiceLists.includes(name) && !isMeant(place),
  )
  const [found, ...more] = several
  if (found === undefined) return others.length >= 2 ? 'unclear' : null
  const [family, members] = found
  const first = Math.min(...members.keys())
  const isWhole = Array.from({ length: members.size }, (_, index) => first + index).every(count => members.has(count))
  const isLettered = family.endsWith('letter')
  if (more.length > 0 || others.length > 0 || !isWhole || first > (isLettered ? 0 : 1)) return 'unclear'
  return {
    places: [...members].sort(([a], [b]) => a - b).map(([, place]) => place),
    counting: isLettered ? 'letters' : first === 0 ? 'zero' : 'one',
  }
}
