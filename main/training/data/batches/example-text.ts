import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { LfVilaConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import { mergeSentences } from '../../../../native-models/lfvila/text/sentence-merging.ts'
import { tokeniseSentences } from '../../../model-folder/paragraph.ts'
import type { TextReading } from '../../../model-folder/paragraph.ts'
import type { ModelTokenizer } from '../../../reading-process/read-tokenizer.ts'
import { textOf } from '../examples/example.ts'
import type { Example, ExampleContent } from '../examples/example.ts'

/**
 * How the text of every example of a run is laid out: `textIds` is [B, sentences, length], with several choices [B,
 * choices, sentences, length].
 */
export interface TextLayout {
  readonly choices: number | null
  readonly sentences: number
  readonly length: number
}

/** As in the published configurations (REFERENCE §6). */
const [questionSubtitles, choiceSubtitles] = [4, 6]
const questionLength = 30

/**
 * The layout that all examples fit; null for a task without text. Paragraphs and clips have as many sentences as the
 * model has clips.
 * @throws ExpectedError when the model's tables are too short for it.
 */
export function textLayout(examples: readonly Example[], { clips, text }: LfVilaConfig): TextLayout | null {
  const [first] = examples
  if (!first || first.content.type === 'class') return null
  const subtitles = examples.some(({ content }) => 'subtitles' in content && content.subtitles.length > 0)
  const choices =
    first.content.type === 'choices'
      ? examples.reduce(
          (most, { content }) => Math.max(most, content.type === 'choices' ? content.answers.length : 0),
          0,
        )
      : null
  const sentences =
    first.content.type === 'choices'
      ? 2 + choiceSubtitles
      : first.content.type === 'question'
        ? subtitles
          ? 1 + questionSubtitles
          : 1
        : clips
  if (sentences > text.segments) {
    throw new ExpectedError(
      'text-too-long',
      `The examples have ${sentences} sentences, but the model tells at most ${text.segments} apart (type_vocab_size); choose a model with a longer table.`,
    )
  }
  const longest = first.content.type === 'question' && subtitles ? questionLength : text.tokensPerSentence
  return { choices, sentences, length: Math.min(longest, Math.floor(text.positions / sentences)) }
}

/**
 * The sentences of an example as the model reads them, one list per choice; surplus ones are joined as in the
 * reference.
 */
export function sentencesOf(content: ExampleContent, layout: TextLayout): string[][] {
  switch (content.type) {
    case 'paragraph':
      return [
        mergeSentences(
          content.sentences.map(({ text }) => text),
          layout.sentences,
        ),
      ]
    case 'question':
      return [
        layout.sentences === 1
          ? [content.question]
          : [content.question, ...mergeSentences(content.subtitles, questionSubtitles)],
      ]
    case 'choices':
      return content.answers.map(answer => [
        content.question,
        answer,
        ...mergeSentences(content.subtitles, choiceSubtitles),
      ])
    case 'clips':
      return [content.clips.map(({ text }) => text)]
    case 'class':
    case 'moments':
      return []
    default:
      return content satisfies never
  }
}

/**
 * How much of an example's text is read: of a question that, its answers and its subtitles as they are joined, each
 * once, however many choices they stand beside. Null without a text.
 */
export async function readingOf(
  content: ExampleContent,
  layout: TextLayout,
  { tokenizer, signal }: { readonly tokenizer: ModelTokenizer; readonly signal?: AbortSignal | undefined },
): Promise<TextReading | null> {
  const choices = sentencesOf(content, layout)
  const [[question = '', , ...subtitles] = []] = choices
  const read =
    content.type === 'choices' ? [question, ...content.answers, ...subtitles] : choices.flatMap(sentences => sentences)
  if (read.length === 0) return null
  const { tokens } = await tokeniseSentences(read, tokenizer, { count: read.length, length: layout.length, signal })
  return { sentences: textOf(content).length, tokens, limit: layout.length }
}

/** Ids and mask of one example, [choices ×] sentences × length; choices and sentences that are missing are all zero. */
export async function tokenise(
  sentences: readonly (readonly string[])[],
  layout: TextLayout,
  { tokenizer, signal }: { readonly tokenizer: ModelTokenizer; readonly signal?: AbortSignal | undefined },
): Promise<{ ids: Int32Array; mask: Int32Array }> {
  const size = layout.sentences * layout.length
  const count = layout.choices ?? 1
  const [ids, mask] = [new Int32Array(count * size), new Int32Array(count * size)]
  for (const [choice, list] of sentences.slice(0, count).entries()) {
    const tokens = await tokeniseSentences(list, tokenizer, { count: layout.sentences, length: layout.length, signal })
    ids.set(tokens.ids, choice * size)
    mask.set(tokens.mask, choice * size)
  }
  return { ids, mask }
}
