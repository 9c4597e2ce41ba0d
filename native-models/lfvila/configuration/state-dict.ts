import type { Shape } from '../../graph/tensor.ts'
import type { LfVilaConfig, TextConfig, VideoConfig, VideoStage } from './config.ts'
import { biasTableRows, relativePositionIndex } from './windows.ts'

export const lfVilaKinds = [
  'retrieval',
  'pretrain-stage1',
  'pretrain-stage2',
  'qa-classification',
  'qa-multichoice',
  'video-classification',
] as const
/** The published model classes; pre-training by its stage. */
export type LfVilaKind = (typeof lfVilaKinds)[number]

/**
 * One key of a state dict: a learned weight, a second key of a weight, or an int64 table that follows from the
 * configuration.
 */
export type StateEntry =
  | { readonly role: 'weight'; readonly name: string; readonly shape: Shape }
  | { readonly role: 'alias'; readonly name: string; readonly shape: Shape; readonly of: string }
  /** Tables of one `storage` are equal. */
  | {
      readonly role: 'table'
      readonly name: string
      readonly shape: Shape
      readonly storage: string
      readonly values: () => BigInt64Array
    }

/**
 * The state dict of a published class, key by key in its order (REFERENCE §8).
 * @param labels rows of the classifier; only the kinds that end in -classification have a free number of them.
 */
export function stateDict(kind: LfVilaKind, config: LfVilaConfig, labels = config.labels ?? 0): StateEntry[] {
  const { video, text, dimension } = config
  const pairs = [
    ...linear('video_global_proj', dimension, dimension),
    ...linear('text_global_proj', dimension, dimension),
  ]
  const locals = [
    ...linear('video_local_proj', dimension, dimension),
    ...linear('text_local_proj', dimension, dimension),
  ]
  const sentences = sentenceEmbedding(text)
  const fused = [...videoEncoder(video), ...bert(text, text.layers)]
  switch (kind) {
    case 'retrieval':
      return [...videoEncoder(video), ...bert(text, text.pairLayers), ...pretrainingHeads(text), ...pairs, ...sentences]
    case 'pretrain-stage1':
      return [
        ...videoEncoder(video),
        ...bert(text, text.pairLayers),
        ...pretrainingHeads(text),
        ...locals,
        ...pairs,
        ...sentences,
      ]
    case 'pretrain-stage2':
      return [...fused, ...pretrainingHeads(text), ...locals, ...pairs, ...videoTokenPositions(config), ...sentences]
    case 'qa-classification':
      return [
        ...fused,
        ...linear('text_encoder.classifier', labels, text.hidden),
        ...videoTokenPositions(config),
        ...sentences,
      ]
    case 'qa-multichoice':
      return [
        ...fused,
        ...linear('text_encoder.classifier', 1, text.hidden),
        ...linear('text_encoder.span_classifier', 2, text.hidden),
        ...videoTokenPositions(config),
        ...sentences,
      ]
    case 'video-classification':
      return [
        ...videoEncoder(video),
        ...linear('video_global_proj', dimension, dimension),
        ...linear('video_frame_proj', dimension, dimension),
        ...linear('classifier', labels, dimension),
      ]
  }
}

/** The classifier whose rows a number of labels decides, or null for a kind without one. */
export function labelWeight(kind: LfVilaKind): string | null {
  return kind === 'qa-classification'
    ? 'text_encoder.classifier.weight'
    : kind === 'video-classification'
      ? 'classifier.weight'
      : null
}

const weight = (name: string, ...shape: number[]): StateEntry => ({ role: 'weight', name, shape })
const norm = (name: string, size: number): StateEntry[] => [
  weight(`${name}.weight`, size),
  weight(`${name}.bias`, size),
]
const linear = (name: string, out: number, size: number): StateEntry[] => [
  weight(`${name}.weight`, out, size),
  weight(`${name}.bias`, out),
]

function videoEncoder({ patchSize: [rows, columns], embedDim, patchNorm, stages }: VideoConfig): StateEntry[] {
  const entries = [
    weight('video_encoder.patch_embed.proj.weight', embedDim, 3, 1, rows, columns),
    weight('video_encoder.patch_embed.proj.bias', embedDim),
  ]
  if (patchNorm) entries.push(...norm('video_encoder.patch_embed.norm', embedDim))
  let channels = embedDim
  for (const [index, stage] of stages.entries()) {
    for (let block = 0; block < stage.depth; block++) {
      entries.push(...swinBlock(`video_encoder.layers.${index}.blocks.${block}`, channels, { ...stage, index }))
    }
    if (!stage.merges) continue
    entries.push(...patchMerging(`video_encoder.layers.${index}.downsample`, channels))
    channels *= 2
  }
  return [
    ...entries,
    ...norm('video_encoder.norm', channels),
    ...norm('video_encoder.norm_local', channels),
    ...patchMerging('video_encoder.local_feat_proj', 4 * embedDim),
  ]
}

function swinBlock(
  name: string,
  channels: number,
  { heads, window, index }: VideoStage & { index: number },
): StateEntry[] {
  const [frames, rows, columns] = window
  const positions = frames * rows * columns
  return [
    ...norm(`${name}.norm1`, channels),
    weight(`${name}.attn.relative_position_bias_table`, biasTableRows(window), heads),
    {
      role: 'table',
      name: `${name}.attn.relative_position_index`,
      shape: [positions, positions],
      storage: `relative_position_index.${index}`,
      values: () => BigInt64Array.from(relativePositionIndex(window, positions), BigInt),
    },
    ...linear(`${name}.attn.qkv`, 3 * channels, channels),
    ...linear(`${name}.attn.proj`, channels, channels),
    ...norm(`${name}.norm2`, channels),
    ...linear(`${name}.mlp.fc1`, 4 * channels, channels),
    ...linear(`${name}.mlp.fc2`, channels, 4 * channels),
  ]
}

const patchMerging = (name: string, channels: number): StateEntry[] => [
  weight(`${name}.reduction.weight`, 2 * channels, 4 * channels),
  ...norm(`${name}.norm`, 4 * channels),
]

function bert({ hidden, intermediate, vocabulary, positions, tokenTypes }: TextConfig, layers: number): StateEntry[] {
  const name = 'text_encoder.bert'
  return [
    positionIds(`${name}.embeddings`, positions),
    weight(`${name}.embeddings.word_embeddings.weight`, vocabulary, hidden),
    weight(`${name}.embeddings.position_embeddings.weight`, positions, hidden),
    weight(`${name}.embeddings.token_type_embeddings.weight`, tokenTypes, hidden),
    ...norm(`${name}.embeddings.LayerNorm`, hidden),
    ...linear(`${name}.pooler.dense`, hidden, hidden),
    ...Array.from({ length: layers }, (_, layer) => `${name}.encoder.layer.${layer}`).flatMap(layer => [
      ...['query', 'key', 'value'].flatMap(part => linear(`${layer}.attention.self.${part}`, hidden, hidden)),
      ...linear(`${layer}.attention.output.dense`, hidden, hidden),
      ...norm(`${layer}.attention.output.LayerNorm`, hidden),
      ...linear(`${layer}.intermediate.dense`, intermediate, hidden),
      ...linear(`${layer}.output.dense`, hidden, intermediate),
      ...norm(`${layer}.output.LayerNorm`, hidden),
    ]),
  ]
}

/** The decoder of masked words has a weight of its own; its bias is the one of `predictions`. */
function pretrainingHeads({ hidden, vocabulary }: TextConfig): StateEntry[] {
  const name = 'text_encoder.cls.predictions'
  return [
    weight(`${name}.bias`, vocabulary),
    ...linear(`${name}.transform.dense`, hidden, hidden),
    ...norm(`${name}.transform.LayerNorm`, hidden),
    weight(`${name}.decoder.weight`, vocabulary, hidden),
    { role: 'alias', name: `${name}.decoder.bias`, shape: [vocabulary], of: `${name}.bias` },
    ...linear('text_encoder.seq_relationship', 2, hidden),
  ]
}

function videoTokenPositions({ video, videoPatches, text: { hidden } }: LfVilaConfig): StateEntry[] {
  const name = 'video_token_pos'
  return [
    weight(`${name}.s_pos_embed`, 1, 1, videoPatches, hidden),
    weight(`${name}.t_pos_embed`, 1, video.frames, 1, hidden),
    ...norm(`${name}.norm`, hidden),
  ]
}

function sentenceEmbedding({ hidden, positions, segments }: TextConfig): StateEntry[] {
  const name = 'sent_embedding'
  return [
    positionIds(name, positions),
    weight(`${name}.position_embeddings.weight`, positions, hidden),
    weight(`${name}.segment_embeddings.weight`, segments, hidden),
    ...norm(`${name}.norm`, hidden),
  ]
}

function positionIds(name: string, positions: number): StateEntry {
  return {
    role: 'table',
    name: `${name}.position_ids`,
    shape: [1, positions],
    storage: `position_ids.${positions}`,
    values: () => BigInt64Array.from({ length: positions }, (_, position) => BigInt(position)),
  }
}
