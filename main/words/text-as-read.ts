import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { crossModalKinds } from '../api/common/rules.ts'
import type { AttentionWords } from '../api/inspection/inspect.ts'
import type { Caption, VideoDetail } from '../api/library/library.ts'
import type { RegisteredKind } from '../api/models.ts'
import { sentencesOf } from '../inspect/alignment.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { cutWarnings, tokeniseSentences } from '../model-folder/paragraph.ts'
import { sentencesOf as sentencesOfExample, textLayout } from '../training/data/batches/example-text.ts'
import { modelTokenizer } from '../training/data/batches/model-tokenizer.ts'
import type { ExampleContent } from '../training/data/examples/example.ts'

type CrossModalKind = (typeof crossModalKinds)[number]

/** A text as a model takes it in. */
export interface TextAsRead {
  readonly layout: { readonly sentences: number; readonly length: number }
  /** int32 [sentences · length]. */
  readonly ids: Int32Array
  readonly mask: Int32Array
  readonly sentences: readonly string[]
  /** The global token, then whatever the mask lets through, in order. */
  readonly words: AttentionWords['words']
  /** Their places among the global token and all [sentences · length]. */
  readonly places: readonly number[]
  readonly warnings: readonly string[]
}

/** @throws ExpectedError `no-attention` for a model that reads text and video apart. */
export function crossModalKind(id: string, kind: RegisteredKind): CrossModalKind {
  const known = crossModalKinds.find(one => one === kind)
  if (known) return known
  throw new ExpectedError(
    'no-attention',
    `The model ‘${id}’ reads text and video apart, so no word attends to a frame; choose one of these kinds: ${crossModalKinds.join(', ')}.`,
  )
}

/**
 * Sentences as the training of the model's kind laid them out: a paragraph, surplus sentences joined; one question; or
 * a question, an answer and subtitles.
 * @throws ExpectedError when the model has no vocabulary, or tables too small for so many sentences.
 */
export async function textAsRead(
  model: RegisteredModel,
  given: readonly string[],
  signal?: AbortSignal,
): Promise<TextAsRead> {
  const content = contentOf(crossModalKind(model.id, model.record.kind), given)
  const layout = textLayout([{ source: 'the text', split: 'test', content }], model.config)
  if (!layout) throw new Error(`a model of kind ${model.record.kind} reads no text`)
  const { sentences: count, length } = layout
  const [sentences = []] = sentencesOfExample(content, layout)
  const tokenizer = await modelTokenizer(model, model.id)
  try {
    const { ids, mask, cut } = await tokeniseSentences(sentences, tokenizer, { count, length, signal })
    const read = [...mask.keys()].filter(place => mask[place] === 1)
    const pieces = await tokenizer.pieces(
      read.map(place => ids[place] ?? 0),
      signal,
    )
    const words = read.map((place, index) => {
      const next = mask[place + 1] === 1 && (place + 1) % length !== 0
      return {
        text: pieces[index] ?? '',
        sentence: Math.floor(place / length),
        special: place % length === 0 || !next,
      }
    })
    return {
      layout: { sentences: count, length },
      ids,
      mask,
      sentences,
      words: [{ text: '', sentence: null, special: true }, ...words],
      places: [0, ...read.map(place => 1 + place)],
      warnings: [
        ...(sentences.length < given.length
          ? [
              english`${given.length} sentences were joined into ${sentences.length}, as many as the model reads at once.`,
            ]
          : []),
        ...cutWarnings(
          cut.map(index => `${index + 1}`),
          length,
        ),
      ],
    }
  } finally {
    tokenizer.end()
  }
}

function contentOf(kind: CrossModalKind, texts: readonly string[]): ExampleContent {
  const video = { path: '', start: null, end: null }
  switch (kind) {
    case 'pretrain-stage2':
      return { type: 'paragraph', video, sentences: texts.map(text => ({ text, start: null, end: null })) }
    case 'qa-classification':
      return { type: 'question', video, question: texts.join(' '), subtitles: [], label: 0 }
    case 'qa-multichoice': {
      const [question = '', answer = '', ...subtitles] = texts
      return { type: 'choices', video, question, answers: [answer], subtitles, label: 0, span: null }
    }
    default:
      return kind satisfies never
  }
}

/**
 * The text, or the captions: of one part of the video those that tell of it, where they say of what they tell.
 * @throws ExpectedError `empty-text`, `no-captions`.
 */
export function sentencesGiven(
  detail: Pick<VideoDetail, 'id' | 'name' | 'captions' | 'captionProblem'>,
  text: string | null,
  part: { readonly start: number; readonly end: number } | undefined,
): string[] {
  const all: readonly Caption[] = sentencesOf({ text, detail })
  const here = part
    ? all.filter(({ start, end }) => start === null || (start < part.end && (end ?? start) >= part.start))
    : all
  if (here.length === 0) {
    throw new ExpectedError(
      'no-captions',
      `No caption of ${detail.name} tells of this segment: type a text, or look at the whole video.`,
    )
  }
  return here.map(sentence => sentence.text)
}
