import { shown } from '../../native-models/checkpoints/files/malformed-checkpoint.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Program } from '../../native-models/graph/program.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { Form } from '../../native-models/lfvila/configuration/form.ts'
import type { LfVilaKind } from '../../native-models/lfvila/configuration/state-dict.ts'
import { encodeText } from '../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../native-models/programs/encode-video.ts'
import { forward } from '../../native-models/programs/forward.ts'
import type { ModelKind, RegisteredKind } from '../api/models.ts'
import type { Task } from '../api/training/datasets.ts'

/** Whether a model of this kind embeds videos and texts into one space, which searching needs. */
export function embedsBoth(kind: ModelKind): boolean {
  return kind === 'retrieval' || hasLocalProjections(kind)
}

/** Every model that embeds videos and texts is evaluated by retrieval, the others by what they were made for. */
export function evaluatedBy(kind: RegisteredKind): Task {
  return kind === 'dual-encoder' || embedsBoth(kind) ? 'retrieval' : kind
}

/** Why a model cannot be the one that indexes and searches, or null. */
export function whyNotSearch(id: string, kind: ModelKind): string | null {
  return embedsBoth(kind)
    ? null
    : `The model ‘${id}’ is of kind ${kind}, which cannot index or search; use one of kind retrieval or pretrain-stage1.`
}

export function hasLocalProjections(kind: ModelKind): boolean {
  return kind === 'pretrain-stage1' || kind === 'pretrain-stage2'
}

export const readsText = (kind: ModelKind): boolean => kind !== 'video-classification'

/** @throws ExpectedError when no LF-VILA model has keys like these. */
export function guessKind(keys: readonly string[]): LfVilaKind {
  const has = (prefix: string) => keys.some(key => key.startsWith(prefix))
  if (!has('video_encoder.')) {
    const [first = ''] = keys
    const foreign =
      has('bert.') || has('cls.predictions')
        ? { what: english`they look like BERT’s`, option: 'bert' }
        : has('layers.0.blocks')
          ? { what: english`they look like a Swin transformer’s`, option: 'swin' }
          : null
    const partial = has('text_encoder.') || has('classifier.')
    const remedy = foreign
      ? english`give a checkpoint of the whole model, or this one with --init ${foreign.option}=FILE and a --kind`
      : partial
        ? english`a part of a model lies over another checkpoint: give its base before it`
        : english`give a checkpoint of the whole model`
    throw new ExpectedError(
      'weights-foreign',
      `These weights are no LF-VILA model: no key begins with video_encoder (${foreign?.what ?? `as in ${shown(first)}`}); ${remedy}.`,
    )
  }
  if (has('text_encoder.span_classifier.')) return 'qa-multichoice'
  if (has('text_encoder.classifier.')) return 'qa-classification'
  if (has('classifier.')) return 'video-classification'
  if (has('video_token_pos.')) return 'pretrain-stage2'
  return has('video_local_proj.') ? 'pretrain-stage1' : 'retrieval'
}

export function videoProgram(
  kind: ModelKind,
  config: LfVilaConfig,
  { pixels, form = 'explicit' }: { readonly pixels: 'uint8' | 'float32'; readonly form?: Form },
): Program {
  return encodeVideo(config, { batch: 1, input: pixels, form, localProjection: hasLocalProjections(kind) })
}

export function textProgram(kind: ModelKind, config: LfVilaConfig): Program {
  return encodeText(config, {
    batch: 1,
    sentences: config.clips,
    length: config.text.tokensPerSentence,
    localProjection: hasLocalProjections(kind),
  })
}

/**
 * The text of one question: so many sentences of so many tokens, for each of so many choices; a model that classifies
 * videos reads none.
 */
export interface AnswerText {
  /** Of a multiple-choice question. */
  readonly choices: number
  readonly sentences: number
  readonly length: number
}

/** A question of the published tasks with so many sentences; multiple-choice ones have four answers (REFERENCE §6). */
export function publishedText(config: LfVilaConfig, sentences: number): AnswerText {
  return {
    choices: 4,
    sentences,
    length: Math.min(config.text.tokensPerSentence, Math.floor(config.text.positions / sentences)),
  }
}

/**
 * One video, and a question where the model answers one, to `logits`; the span of the answer as well where there is a
 * head for it.
 */
export function answerProgram(
  kind: LfVilaKind,
  config: LfVilaConfig,
  { choices, sentences, length, pixels = 'uint8' }: { readonly pixels?: 'uint8' | 'float32' } & AnswerText,
): Program {
  const [height, width] = config.video.inputSize
  return forward(config, kind, {
    outputs: kind === 'qa-multichoice' ? ['logits', 'span.logits'] : ['logits'],
    video: [1, config.video.frames, height, width, 3],
    pixels,
    text:
      kind === 'video-classification'
        ? null
        : kind === 'qa-multichoice'
          ? [1, choices, sentences, length]
          : [1, sentences, length],
  })
}
