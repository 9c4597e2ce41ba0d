/**
 * English sentences and parts of sentences as they are written in the program, with `{}` for each value, and the same
 * in another language, with `{}` for the values in their order or `{0}`, `{1}` for each by its place.
 */
export type ToldWords = Readonly<Record<string, string>>

/** What a text says in another language; null for one that no entry fits. */
export type Translate = (text: string) => string | null

interface Pattern {
  readonly parts: readonly string[]
  readonly expression: RegExp
  readonly words: string
  /** Values in quotation marks are names, which stay as they are. */
  readonly isName: readonly boolean[]
  /** Values that are numbers of things, which a folder called “my videos” is not. */
  readonly isCount: readonly boolean[]
}

/** Whether a value may be one. */
type Fits = (value: string, isName?: boolean) => boolean

/** Texts that are remembered: more than a page shows. */
const remembered = 2_000
/** Characters; what is longer is no sentence of ours. */
const longest = 4_000
/** Between one sentence and the next. */
const sentenceEnd = /(?<=[.!?]) (?=[\p{Lu}\p{N}“‘])/u
/** A value that lies within one part of a sentence. */
const within = (value: string): boolean => !sentenceEnd.test(value) && !value.includes('; ') && !/^\S+\.$/.test(value)
const han = /[\u3400-\u9fff]/
const separators = [
  [', ', '，'],
  [' and ', '和'],
  [' or ', '或'],
] as const
const mark = /[，。：；、！？）]$/

/**
 * Recognises the sentences of a catalogue. Values that are parts of sentences are recognised in their turn, and of
 * several sentences each by itself.
 */
export function translator(catalogue: ToldWords): Translate {
  const entries = Object.entries(catalogue)
  const whole = new Map(entries.filter(([text]) => !text.includes('{}')))
  const patterns = entries
    .filter(([text]) => text.includes('{}'))
    .map(([text, words]) => patternOf(text, words))
    // What says most fits best.
    .sort((a, b) => literalLength(b.parts) - literalLength(a.parts))
  const ends = entries
    .filter(([text]) => /^[^\p{L}\p{N}{“‘]/u.test(text))
    .map(([text, words]) => patternOf(`{}${text}`, `{}${shifted(words)}`))
    .sort((a, b) => literalLength(b.parts) - literalLength(a.parts))
  const known = new Map<string, string | null>()

  function translate(text: string): string | null {
    const before = known.get(text)
    if (before !== undefined) return before
    if (text.length > longest) return null
    if (known.size >= remembered) known.clear()
    const words =
      whole.get(text) ??
      byPattern(text, patterns, within) ??
      withoutStop(text) ??
      bySentences(text, 'all') ??
      byPattern(text, patterns, isKnown) ??
      byParts(text) ??
      byPattern(text, patterns) ??
      bySentences(text, 'some') ??
      behindColon(text) ??
      inList(text)
    known.set(text, words)
    return words
  }

  function byPattern(text: string, among: readonly Pattern[], fits?: Fits): string | null {
    for (const pattern of among) {
      const values = valuesIn(text, pattern)
      if (values) divideAnew(values, pattern)
      if (values?.every((value, place) => !fits || fits(value, pattern.isName[place]))) return filled(pattern, values)
    }
    return null
  }

  /** Of two values with a space between them, the second is one that is known: a path may have spaces. */
  function divideAnew(values: string[], { parts }: Pattern): void {
    for (const place of values.keys()) {
      if (place === 0 || parts[place] !== ' ') continue
      const words = `${values[place - 1]} ${values[place]}`.split(' ')
      const divided = words.findIndex((_, at) => at > 0 && whole.has(words.slice(at).join(' ')))
      if (divided > 0) {
        values.splice(place - 1, 2, words.slice(0, divided).join(' '), words.slice(divided).join(' '))
      }
    }
  }

  /** What has no full stop by itself. */
  function withoutStop(text: string): string | null {
    const words = text.endsWith('.') ? byPattern(text.slice(0, -1), patterns, within) : null
    return words && `${words}。`
  }

  /** A value of several parts that are known. */
  function isKnown(value: string, isName = false): boolean {
    return within(value) || (!isName && translatePart(value) !== null)
  }

  /** Several sentences behind one another, of which all or some are known. */
  function bySentences(text: string, known: 'all' | 'some'): string | null {
    const sentences = text.split(sentenceEnd)
    const found = inSequence(sentences, ' ')
    if (!found || !found.some(words => words) || (known === 'all' && found.includes(null))) return null
    return found.reduce<string>(
      (said, words, at) => (words === '' ? said : joined(said && `${said} `, words ?? sentences[at] ?? '')),
      '',
    )
  }

  /** Several parts of one sentence, which are all known. */
  function byParts(text: string): string | null {
    const found = inSequence(text.split('; '), '; ')
    return found?.every(words => words !== null) ? found.filter(Boolean).join('；') : null
  }

  /**
   * The words of each piece, or of as few pieces together as are known: these stand at the first, and the others are
   * empty. Null for one piece.
   */
  function inSequence(pieces: readonly string[], between: string): (string | null)[] | null {
    if (pieces.length === 1) return null
    const found: (string | null)[] = []
    while (found.length < pieces.length) {
      const from = found.length
      let [to, words]: [number, string | null] = [from, null]
      while (words === null && to < pieces.length && to - from < pieces.length - 1) {
        words = translatePart(pieces.slice(from, ++to).join(between))
      }
      found.push(words, ...Array<string>(words === null ? 0 : to - from - 1).fill(''))
    }
    return found
  }

  /** Something that is told of a thing: its name stays as it is. */
  function behindColon(text: string): string | null {
    for (let at = text.indexOf(': '); at >= 0; at = text.indexOf(': ', at + 1)) {
      const words = translatePart(text.slice(at + 2))
      if (words !== null) {
        return `${translatePart(text.slice(0, at)) ?? text.slice(0, at).replace(/^; /, '；')}：${words}`
      }
    }
    return null
  }

  /** A list, of which everything is known. */
  function inList(text: string): string | null {
    for (const [between, mark] of separators) {
      if (!text.includes(between)) continue
      const parts = text.split(between).map(translatePart)
      if (parts.every(part => part !== null)) return parts.join(mark)
    }
    return null
  }

  function filled({ words, isName }: Pattern, values: readonly string[]): string {
    let [said, next] = ['', 0]
    for (const piece of words.split(/(\{\d*\})/)) {
      if (!/^\{\d*\}$/.test(piece)) {
        said = joined(said, piece)
        continue
      }
      const place = piece === '{}' ? next++ : Number(piece.slice(1, -1))
      const value = values[place] ?? ''
      said = isName[place] ? said + value : joined(said, translatePart(value) ?? value)
    }
    return said
  }

  /**
   * A part may lack the full stop that it has by itself, or have one that it lacks by itself, or its capital letter, or
   * have another part at its end.
   */
  function translatePart(text: string): string | null {
    if (!/\p{L}/u.test(text)) return null
    const capital = text.replace(/^\p{Ll}/u, letter => letter.toUpperCase())
    const asSentence = /[.:!?]$/.test(text) ? null : (translate(`${capital}.`)?.replace(/。$/, '') ?? null)
    const stopped = text.endsWith('.') ? translate(text.slice(0, -1)) : null
    return (
      (capital === text ? asSentence : null) ??
      translate(text) ??
      (capital === text ? null : translate(capital)) ??
      asSentence ??
      (stopped && `${stopped}。`) ??
      byPattern(text, ends)
    )
  }

  return translate
}

function patternOf(text: string, words: string): Pattern {
  const parts = text.split('{}')
  const expression = new RegExp(
    `^${parts.map(part => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('(.*?)')}$`,
    's',
  )
  const isName = parts.slice(1).map((after, index) => /[“‘]$/.test(parts[index] ?? '') && /^[”’]/.test(after))
  const counted = new Set<number>()
  let next = 0
  for (const [, place = '', measure] of words.matchAll(/\{(\d*)\}( ?[个条段帧行])?/g)) {
    const index = place === '' ? next++ : Number(place)
    if (measure !== undefined) counted.add(index)
  }
  return { parts, expression, words, isName, isCount: parts.slice(1).map((_, index) => counted.has(index)) }
}

function valuesIn(text: string, { parts, expression, isCount }: Pattern): string[] | null {
  // Most are told apart by how they begin and end, without the work of an expression.
  if (!text.startsWith(parts[0] ?? '') || !text.endsWith(parts.at(-1) ?? '')) return null
  const values = expression.exec(text)?.slice(1) ?? null
  return values?.some((value, place) => isCount[place] && /[\\/]/.test(value)) ? null : values
}

const literalLength = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length, 0)

/** The places of values, behind one more. */
const shifted = (words: string): string =>
  words.replaceAll(/\{(\d+)\}/g, (_, place: string) => `{${Number(place) + 1}}`)

/** No space stands between Chinese characters, nor behind a Chinese mark. */
function joined(before: string, after: string): string {
  const head = before.trimEnd()
  if (before.endsWith(' ') && (mark.test(head) || (han.test(head.at(-1) ?? '') && han.test(after[0] ?? '')))) {
    return head + after
  }
  const tail = after.trimStart()
  return after.startsWith(' ') && (mark.test(head) || (han.test(head.at(-1) ?? '') && han.test(tail[0] ?? '')))
    ? before + tail
    : before + after
}
