import type { Program } from '../../native-models/graph/program.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/config.ts'
import type { Form } from '../../native-models/lfvila/form.ts'
import { encodeText } from '../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../native-models/programs/encode-video.ts'
import { forward } from '../../native-models/programs/forward.ts'
import type { ModelKind } from '../api/models.ts'
import { tokensPerSentence } from './paragraph.ts'

const towers = ['video_encoder.', 'text_encoder.bert.', 'sent_embedding.']
const pretrainingHeads = ['text_encoder.cls.', 'text_encoder.seq_relationship.']
const globalProjections = ['video_global_proj.', 'text_global_proj.']
const localProjections = ['video_local_proj.', 'text_local_proj.']

/** The modules whose weights belong to a model of each kind, as prefixes of their keys (REFERENCE §8). */
const modules: Record<ModelKind, readonly string[]> = {
  'retrieval': [...towers, ...pretrainingHeads, ...globalProjections],
  'pretrain-stage1': [...towers, ...pretrainingHeads, ...globalProjections, ...localProjections],
  'pretrain-stage2': [...towers, ...pretrainingHeads, ...globalProjections, ...localProjections, 'video_token_pos.'],
  'qa-classification': [...towers, 'video_token_pos.', 'text_encoder.classifier.'],
  'qa-multichoice': [...towers, 'video_token_pos.', 'text_encoder.classifier.', 'text_encoder.span_classifier.'],
  'video-classification': ['video_encoder.', 'video_global_proj.', 'video_frame_proj.', 'classifier.'],
}

/** Whether a model of this kind embeds videos and texts into one space, which searching needs. */
export function embedsBoth(kind: ModelKind): boolean {
  return modules[kind].includes('text_global_proj.')
}

export function hasLocalProjections(kind: ModelKind): boolean {
  return modules[kind].includes('video_local_proj.')
}

/** @throws ExpectedError when no LF-VILA model has keys like these. */
export function guessKind(keys: readonly string[]): ModelKind {
  const has = (prefix: string) => keys.some(key => key.startsWith(prefix))
  if (!has('video_encoder.')) {
    const other = has('bert.') || has('cls.predictions') ? ' (they look like BERT’s)' : has('layers.0.blocks') ? ' (they look like a Swin transformer’s)' : ''
    throw new ExpectedError('weights-foreign', `These weights are no LF-VILA model: no key begins with video_encoder${other}; give a checkpoint of the whole model.`)
  }
  if (has('text_encoder.span_classifier.')) return 'qa-multichoice'
  if (has('text_encoder.classifier.')) return 'qa-classification'
  if (has('classifier.')) return 'video-classification'
  if (has('video_token_pos.')) return 'pretrain-stage2'
  return has('video_local_proj.') ? 'pretrain-stage1' : 'retrieval'
}

/** Why a key of a checkpoint is no weight of a model of this kind, or null when it is one. */
export function skipReason(key: string, kind: ModelKind): string | null {
  if (/\.(relative_position_index|attn_mask|position_ids|token_type_ids)$/.test(key)) return 'an index table that the program computes itself'
  return modules[kind].some(module => key.startsWith(module)) ? null : `not part of a model of kind ${kind}`
}

/** The decoder's bias is one parameter under two keys. */
export function isAlias(key: string, keys: ReadonlySet<string>): boolean {
  return key === 'text_encoder.cls.predictions.decoder.bias' && keys.has('text_encoder.cls.predictions.bias')
}

/** Programs whose weights a checkpoint of this kind must have, in the shapes that the configuration gives. */
export function neededPrograms(kind: ModelKind, config: LfVilaConfig): Program[] {
  if (embedsBoth(kind)) return [videoProgram(kind, config, 'uint8'), textProgram(kind, config)]
  const [height, width] = config.video.inputSize
  const text = modules[kind].includes('text_encoder.bert.')
  return [forward(config, 'retrieval', {
    outputs: text ? ['video.norm', 'text.stage1'] : ['video.norm'],
    video: [1, config.video.frames, height, width, 3],
    text: text ? [1, config.clips, tokensPerSentence(config)] : null,
  })]
}

export function videoProgram(kind: ModelKind, config: LfVilaConfig, pixels: 'uint8' | 'float32', form: Form = 'explicit'): Program {
  return encodeVideo(config, { batch: 1, input: pixels, form, localProjection: hasLocalProjections(kind) })
}

export function textProgram(kind: ModelKind, config: LfVilaConfig): Program {
  return encodeText(config, { batch: 1, sentences: config.clips, length: tokensPerSentence(config), localProjection: hasLocalProjections(kind) })
}
