import { createHash } from 'node:crypto'
import type { Precision } from '../../../native-models/graph/precision/precision.ts'

/**
 * Overview: 32 frames over the whole video (the paper's protocol). Dense: consecutive 32-frame segments at a sampling
 * rate.
 */
export type Pass = 'overview' | 'dense'

/** Everything that decides the numbers of an embedding, besides the video itself. */
export interface EmbeddingRecipe {
  /** Hash of weights and configuration of the model. */
  modelHash: string
  /** In which the model computes; absent is fp32. */
  precision?: Precision
  pass: Pass
  /** How frames are resized and cropped. */
  sampling: 'fast' | 'exact'
  /** Frames of one segment. */
  frames: number
  /** Frames per second of the dense pass; does not touch the overview. */
  denseRate: number
}

/** Raised whenever sampling or preprocessing changes what the model sees of the same video. */
const transformVersion = 2

/**
 * The key under which embeddings of a recipe are stored and searched: 32 hexadecimal digits. Two recipes share a key
 * exactly when a video gets the same embedding from both, so that an index made otherwise is never searched.
 */
function embeddingKey(recipe: EmbeddingRecipe): string {
  const parts = [
    transformVersion,
    recipe.modelHash,
    recipe.pass,
    recipe.sampling,
    recipe.frames,
    recipe.pass === 'dense' ? recipe.denseRate : null,
    ...((recipe.precision ?? 'fp32') === 'fp32' ? [] : [recipe.precision]),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** What `embeddingKeys` needs to know of the model in use. */
export interface KeyedEncoder {
  readonly hash: string
  /** Of the model whose weights for videos it has; absent: its own. */
  readonly videoHash?: string | undefined
  readonly frames: number
  readonly precision?: Precision
}

/** What `embeddingKeys` needs to know of the settings. */
export interface KeyedSettings {
  sampling: 'fast' | 'exact'
  denseRate: number
}

/** Hash of the model that embeddings of videos count as: models that differ in their text encoder alone share them. */
export function embeddingHash({ hash, videoHash }: Pick<KeyedEncoder, 'hash' | 'videoHash'>): string {
  return videoHash ?? hash
}

/** The keys of both passes under the model in use and the current settings. */
export function embeddingKeys(encoder: KeyedEncoder, settings: KeyedSettings): Record<Pass, string> {
  const recipe = {
    modelHash: embeddingHash(encoder),
    precision: encoder.precision ?? 'fp32',
    frames: encoder.frames,
    sampling: settings.sampling,
    denseRate: settings.denseRate,
  }
  return { overview: embeddingKey({ ...recipe, pass: 'overview' }), dense: embeddingKey({ ...recipe, pass: 'dense' }) }
}
