import type { TextVariant } from '../../api/evaluation/evaluation.ts'
import type { ExampleContent } from '../data/examples/example.ts'

/**
 * What an example says with its order of time turned round; null where it says none.
 * `sentences-reversed`: the sentences of a paragraph from the last to the first. `clauses-swapped`: where a sentence
 * has two clauses around *before* or *after*, these change places (“A before B” becomes “B before A”, as in Bagad et
 * al., CVPR 2023), so that the words are the same and the order is not; a question has the other of the two words
 * instead, since it has no second clause to answer with.
 */
export function changedText(content: ExampleContent, variant: TextVariant): ExampleContent | null {
  if (variant === 'sentences-reversed') {
    if (content.type !== 'paragraph' || content.sentences.length < 2) return null
    const texts = content.sentences.map(({ text }) => text).toReversed()
    const isSame = content.sentences.every(({ text }, place) => text === texts[place])
    return isSame ? null : { ...content, sentences: content.sentences.toReversed() }
  }
  switch (content.type) {
    case 'paragraph': {
      const sentences = content.sentences.map(sentence => ({ ...sentence, text: clausesSwapped(sentence.text) }))
      return sentences.some(({ text }, place) => text !== content.sentences[place]?.text)
        ? { ...content, sentences }
        : null
    }
    case 'question':
    case 'choices': {
      const question = otherWord(content.question)
      return question === content.question ? null : { ...content, question }
    }
    case 'class':
    case 'clips':
    case 'moments':
      return null
    default:
      return content satisfies never
  }
}

/** Each sentence of a text with the clauses around its first *before* or *after* changed; others stay as they are. */
export function clausesSwapped(text: string): string {
  return text
    .split(/(?<=[.!?])(\s+)/)
    .map(sentence => swapped(sentence))
    .join('')
}

function swapped(sentence: string): string {
  const [, said = '', end = ''] = /^(.*?)([.!?]*)$/s.exec(sentence) ?? []
  const leading = /^(before|after)\s+([^,]+),\s*(\S.*)$/is.exec(said)
  if (leading) {
    const [, word = '', first = '', second = ''] = leading
    return isNoClause(first) ? sentence : `${word} ${lowered(second)}, ${lowered(first)}${end}`
  }
  const between = /^(\S.*?)(,?)\s+(before|after)\s+(\S.*)$/is.exec(said)
  if (!between) return sentence
  const [, first = '', comma = '', word = '', second = ''] = between
  return isNoClause(second) ? sentence : `${raised(second)}${comma} ${word} ${lowered(first)}${end}`
}

/** What stands behind *before* or *after* without telling of anything: “after that”, “after a few seconds”. */
function isNoClause(text: string): boolean {
  return /^(?:that|this|it|these|those|which|them|all|long|(?:\S+\s+){0,2}(?:while|moments?|time|bit|seconds?|minutes?|hours?|days?|years?))$/i.test(
    text.trim(),
  )
}

function otherWord(text: string): string {
  return text.replace(/\b(before|after)\b/gi, word => {
    const other = word.toLowerCase() === 'before' ? 'after' : 'before'
    return word.startsWith(word.charAt(0).toUpperCase()) ? raised(other) : other
  })
}

const raised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** Without the capital that begins a sentence; what is written in capitals, such as I or TV, keeps them. */
const lowered = (text: string): string =>
  /^[A-Z](?:[a-z]|\s+[a-z])/.test(text) && !/^I\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
