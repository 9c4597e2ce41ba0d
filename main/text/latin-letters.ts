/** The letters beyond ASCII of a language; of those that are found in some places alone, whether this is one. */
interface Alphabet {
  readonly letters: string
  readonly isPlaced?: (stands: Standing) => boolean
}

/** A letter between its neighbours, '' where there are none. All are small. */
interface Standing {
  readonly letter: string
  readonly before: string
  readonly after: string
}

const isAsciiLetter = (character: string | undefined): boolean => character !== undefined && /[a-z]/i.test(character)

const isLetter = (character: string | undefined): boolean => character !== undefined && /\p{L}/u.test(character)

const isVowel = (character: string): boolean => /[aeiouáéíóú]/.test(character)

/** No word of English, French, Portuguese or Romanian ends in â. */
const isNotLast = ({ letter, after }: Standing): boolean => letter !== 'â' || isLetter(after)

const western: Readonly<Record<string, Alphabet>> = {
  /** The letters of words that it borrows. */
  english: { letters: 'éèêëïçñöüàâô', isPlaced: isNotLast },
  french: {
    letters: 'àâçéèêëîïôœùûüæ',
    isPlaced: stands =>
      isNotLast(stands) && (stands.letter !== 'ù' || (stands.before === 'o' && !isLetter(stands.after))),
  },
  german: { letters: 'äöüßéàèê' },
  spanish: { letters: 'áéíóúñü', isPlaced: ({ letter, after }) => letter !== 'ñ' || isVowel(after) },
  italian: { letters: 'àèéìòùî', isPlaced: ({ after }) => !isLetter(after) },
  portuguese: {
    letters: 'áâãàçéêíóôõúü',
    isPlaced: stands => {
      const { letter, after } = stands
      if (letter === 'ã') return !isLetter(after) || /[oeisz]/.test(after)
      return letter === 'õ' ? after === 'e' : isNotLast(stands)
    },
  },
  catalan: { letters: 'àèéíïòóúüç' },
  swedish: { letters: 'åäöéàü' },
  danishAndNorwegian: { letters: 'æøåéèêòóôäöü' },
  icelandic: {
    letters: 'áéíóúýðþæö',
    isPlaced: ({ letter, before }) => (letter === 'þ' ? !isLetter(before) : letter !== 'ð' || isLetter(before)),
  },
  dutch: { letters: 'áéëïíóöúüèêç' },
  estonian: { letters: 'äõöüšž', isPlaced: ({ letter, after }) => letter !== 'õ' || isLetter(after) },
}
const central: Readonly<Record<string, Alphabet>> = {
  romanian: { letters: 'ăâîşţ', isPlaced: isNotLast },
  hungarian: { letters: 'áéíóöőúüű' },
  czech: { letters: 'áčďéěíňóřšťúůýž' },
  polish: { letters: 'ąćęłńóśźżé' },
  slovak: { letters: 'áäčďéíĺľňóôŕšťúýž' },
  croatianAndSlovene: { letters: 'čćđšž' },
  albanian: { letters: 'ëç' },
  german: { letters: 'äöüß' },
}
const baltic: Readonly<Record<string, Alphabet>> = {
  lithuanian: { letters: 'ąčęėįšųūž' },
  latvian: { letters: 'āčēģīķļņšūž' },
  estonian: { letters: 'äõöüšž' },
}
/** Its marks of tone stand behind vowels. */
const vietnamese: Alphabet = {
  letters: 'ăâđêôơưàáèéíóùúý\u0300\u0301\u0303\u0309\u0323',
  isPlaced: ({ letter, before }) => !/\p{M}/u.test(letter) || /[aăâeêioôơuưy]/.test(before),
}
const alphabets: Readonly<Record<string, Readonly<Record<string, Alphabet>>>> = {
  'windows-1252': western,
  'iso-8859-15': western,
  macintosh: western,
  'windows-1250': central,
  'iso-8859-2': central,
  'windows-1254': { turkish: { letters: 'çğıİöşüâîû' } },
  'windows-1257': baltic,
  'windows-1258': { vietnamese },
}

/**
 * How well letters beyond ASCII are placed: beside plain ones, or as words of one letter such as à, è, ó and å; signs
 * between letters speak against. From -1 to 1.
 */
export function weighLatin(character: string, before: string | undefined, after: string | undefined): number {
  if (!isLatinLetter(character)) return isSignInPlace(character, before, after) ? 1 : -1
  const misplaced = /\p{Lu}/u.test(character) && before !== undefined && /\p{Ll}/u.test(before)
  if (misplaced) return -1
  if (isAsciiLetter(before) || isAsciiLetter(after)) return 1
  const isAlone = !isLetter(before) && !isLetter(after)
  return isAlone && /[àáèéêòóôöåâùìæø]/iu.test(character) ? 1 : -0.5
}

/**
 * The share of the characters beyond ASCII that the language of an encoding which has most of them does not have, or
 * not there; 0 for one of other scripts. The text of a whole file has nearly all letters of its language, and hardly
 * one that only others have.
 */
export function foreignShare(encoding: string, text: readonly string[]): number {
  const spoken = alphabets[encoding]
  if (!spoken) return 0
  const known = Object.values(spoken).map(alphabet => ({ alphabet, known: 0 }))
  const lower = text.map(character => (character === 'İ' ? character : character.toLowerCase()))
  let count = 0
  for (const [place, character] of lower.entries()) {
    if (character < '\u0080') continue
    count += 1
    const [before = '', after = ''] = [lower[place - 1], lower[place + 1]]
    // Of all that write it none has è before a vowel, as there is č.
    const isCaron = character === 'è' && isVowel(after)
    const isSign = !isLatinLetter(character) && isSignInPlace(character, before, after)
    for (const each of known) {
      const { letters, isPlaced } = each.alphabet
      const isKnown =
        !isCaron && letters.includes(character) && isPlaced?.({ letter: character, before, after }) !== false
      if (isSign || isKnown) each.known += 1
    }
  }
  return count === 0 ? 0 : 1 - Math.max(...known.map(each => each.known)) / count
}

function isLatinLetter(character: string): boolean {
  return /[\p{Script=Latin}\u0300-\u0323]/u.test(character) && !/[ºª]/u.test(character)
}

/** Whether a sign stands where such signs do: no currency in a word, no power but of a number or a metre. */
function isSignInPlace(character: string, before: string | undefined, after: string | undefined): boolean {
  if (/[¿¡]/u.test(character)) return !isLetter(before)
  if (/[‘’“”–—…«»°„‚†•™€·§\u00a0]/u.test(character)) {
    return !isLetter(before) || !isLetter(after) || character === '’' || character === '·'
  }
  if (/[©®]/u.test(character)) return !isLetter(after)
  if (/[²³¹]/u.test(character)) return before !== undefined && /[\dm]/i.test(before) && !isLetter(after)
  if (/[ºª]/u.test(character)) return before !== undefined && /[\dn.]/i.test(before) && !isLetter(after)
  return /[£¥¢½¼¾×÷±]/u.test(character) && !isLetter(before) && !isLetter(after)
}
