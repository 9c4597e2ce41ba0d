import type { Conditions, TextsRead } from '../../../api/evaluation/conditions.ts'

type Found = Omit<Conditions, 'said'>
type Said = Conditions['said'][number]

/** What moves a number, with a sentence for each thing, as windows and the command line say it. */
export function withWords(found: Found): Conditions {
  return { ...found, said: [...(found.text ? [ofTexts(found.text)] : [])] }
}

const count = (number: number): string => number.toLocaleString('en')
const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`

function ofTexts({ texts, sentences, tokens, limit, cut, joined }: TextsRead): Said {
  const parts = [
    ...(cut.worst
      ? [
          `${count(cut.texts)} of ${count(texts)} texts were cut (${share(cut.texts, texts)}): of ${count(sentences)} sentences ${count(cut.sentences)} are longer than the ${limit} tokens that the model reads, and ${count(cut.tokens)} of ${count(tokens)} tokens were left out; the longest is sentence ${cut.worst.sentence} of ${cut.worst.source} (${cut.worst.video}), ${count(cut.worst.tokens)} tokens`,
        ]
      : []),
    ...(joined.worst
      ? [
          `${count(joined.texts)} of ${count(texts)} texts have more sentences than the model reads at once (${share(joined.texts, texts)}), so that some were joined; most has ${joined.worst.source} (${joined.worst.video}), ${joined.worst.given} read as ${joined.worst.read}`,
        ]
      : []),
  ]
  return {
    what: 'text',
    moves: parts.length > 0,
    sentence: parts.length === 0 ? `All ${count(texts)} texts were read whole.` : `${parts.join('. ')}.`,
  }
}
