import { splitSentences } from '../../../native-models/tokenizer/sentences.ts'
import type { FlipEdit, PairScores } from '../../api/inspection/why-not.ts'
import { marginOf } from './greedy-flip.ts'
import type { Candidate } from './greedy-flip.ts'

/** An edit of one place of a text; places count from 0. */
export type TextEdit =
  | { readonly kind: 'drop-word'; readonly sentence: number; readonly piece: number }
  | { readonly kind: 'replace-word'; readonly sentence: number; readonly piece: number; readonly by: string }
  | { readonly kind: 'drop-sentence'; readonly sentence: number }

/** Words that others are put in the place of: those whose loss helped most. */
const replacedWords = 5
/** Words that are put there. */
const mostReplacements = 12

interface Piece {
  readonly text: string
  readonly isWord: boolean
}

/** A paragraph in sentences and words, and what single edits make of it. */
export class EditableText {
  readonly #sentences: readonly (readonly Piece[])[]
  readonly #replacements: readonly string[]

  /** @param others texts whose words may take the place of words here. */
  constructor(text: string, others: readonly string[]) {
    this.#sentences = splitSentences(text).map(piecesOf)
    const own = new Set(this.#sentences.flat().map(({ text: word }) => word.toLocaleLowerCase()))
    const counts = new Map<string, number>()
    for (const { text: word, isWord } of others.flatMap(piecesOf)) {
      const known = word.toLocaleLowerCase()
      if (isWord && !own.has(known)) counts.set(known, (counts.get(known) ?? 0) + 1)
    }
    this.#replacements = [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostReplacements)
      .map(([word]) => word)
  }

  /** Sentences after some edits; those that lost their last word are gone. */
  after(edits: readonly TextEdit[]): string[] {
    return this.#sentences.flatMap((pieces, sentence) => {
      const here = edits.filter(edit => edit.sentence === sentence)
      if (here.some(({ kind }) => kind === 'drop-sentence')) return []
      const changes = new Map(
        here.flatMap(edit =>
          edit.kind === 'drop-sentence' ? [] : [[edit.piece, edit.kind === 'drop-word' ? '' : edit.by] as const],
        ),
      )
      const kept = pieces.map(({ text, isWord }, piece) => ({ text: changes.get(piece) ?? text, isWord }))
      if (!kept.some(({ text, isWord }) => isWord && text !== '')) return []
      return [tidied(kept.map(({ text }) => text).join(''))]
    })
  }

  /** Every word and every sentence that can still be dropped so that something is left. */
  drops(edits: readonly TextEdit[]): Candidate<TextEdit>[] {
    const words = this.#wordsLeft(edits).map(({ sentence, piece }): Candidate<TextEdit> => ({
      edit: { kind: 'drop-word', sentence, piece },
      size: 1,
    }))
    const sentences = [...new Set(words.map(({ edit }) => edit.sentence))].map((sentence): Candidate<TextEdit> => ({
      edit: { kind: 'drop-sentence', sentence },
      size: words.filter(({ edit }) => edit.sentence === sentence).length,
    }))
    return [...words, ...sentences].filter(({ edit }) => this.after([...edits, edit]).length > 0)
  }

  /** The words whose loss helped most, with others in their place. */
  replacements(tried: readonly { readonly edit: TextEdit; readonly after: PairScores }[]): Candidate<TextEdit>[] {
    return tried
      .filter(({ edit }) => edit.kind === 'drop-word')
      .toSorted((a, b) => marginOf(b.after) - marginOf(a.after))
      .slice(0, replacedWords)
      .flatMap(({ edit }) =>
        edit.kind === 'drop-word'
          ? this.#replacements.map(by => ({ edit: { ...edit, kind: 'replace-word' as const, by }, size: 1 }))
          : [],
      )
  }

  /** An edit in words. */
  told(edit: TextEdit): FlipEdit {
    const pieces = this.#sentences[edit.sentence] ?? []
    if (edit.kind === 'drop-sentence') {
      return { kind: edit.kind, sentence: pieces.map(({ text }) => text).join('') }
    }
    const word = pieces[edit.piece]?.text ?? ''
    return edit.kind === 'drop-word' ? { kind: edit.kind, word } : { kind: edit.kind, word, by: edit.by }
  }

  /** Words that no edit has touched. */
  #wordsLeft(edits: readonly TextEdit[]): { sentence: number; piece: number }[] {
    return this.#sentences.flatMap((pieces, sentence) => {
      const here = edits.filter(edit => edit.sentence === sentence)
      if (here.some(({ kind }) => kind === 'drop-sentence')) return []
      const touched = new Set(here.map(edit => (edit.kind === 'drop-sentence' ? -1 : edit.piece)))
      return pieces.flatMap(({ isWord }, piece) => (isWord && !touched.has(piece) ? [{ sentence, piece }] : []))
    })
  }
}

function piecesOf(text: string): Piece[] {
  return Array.from(new Intl.Segmenter('en', { granularity: 'word' }).segment(text), ({ segment, isWordLike }) => ({
    text: segment,
    isWord: isWordLike === true,
  }))
}

/** Without the gaps that dropped words leave. */
function tidied(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[,.;:!?])/g, '')
    .trim()
}
