/**
 * Writes tests/fixtures/model-variants.json again: `npx tsx tests/parity/make-model-variants.ts`. Needs Python 3 with
 * PyTorch.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticVideo } from '../../main/models/parity-check/synthetic-video.ts'
import { smallConfig, windows } from '../support/models/small-config.ts'
import type { SmallConfigChanges } from '../support/models/small-config.ts'
import { writeVariantWeights } from './model-variants.ts'
import type { Variant, VariantCase } from './model-variants.ts'

/** Two blocks in each stage, windows as long as the published ones, three merges. */
function configured(fields: SmallConfigChanges): Pick<Variant, 'modelConfig' | 'bertConfig'> {
  const { model, bert } = smallConfig({
    VideoEncoder: {
      embed_dim: 8,
      depths: [2, 2, 2, 2, 2, 2],
      num_heads: [1, 2, 2, 2, 2, 4],
      downsample_stages: [0, 1, 4],
      window_size: windows(2, 4, 8, 16, 16, 32),
    },
    type_vocab_size: 4,
    stage1_layers: 2,
    TRAINING: { temp: 0.05, mlm_loss_weight: 0.5, vtm_loss_weight: 10 },
    bert: {
      vocab_size: 50,
      num_attention_heads: 4,
      num_hidden_layers: 3,
      intermediate_size: 96,
      max_position_embeddings: 64,
    },
    ...fields,
  })
  return { modelConfig: model, bertConfig: bert }
}

/**
 * Paragraphs [batch, …between, sentences, length]: words of a hash, sentences of other lengths, the last one of every
 * second paragraph missing.
 */
function paragraphs(
  batch: number,
  sentences: number,
  length: number,
  between: number[] = [],
): { textIds: { values: unknown[] }; attentionMask: { values: unknown[] } } {
  const count = between.reduce((product, size) => product * size, batch)
  const used = (paragraph: number, sentence: number): number =>
    paragraph % 2 === 0 && sentence === sentences - 1 ? 0 : 3 + ((paragraph * 5 + sentence * 3) % (length - 2))
  const each = (value: (paragraph: number, sentence: number, position: number) => number): unknown[] => {
    let flat: unknown[] = Array.from({ length: count }, (_, p) =>
      Array.from({ length: sentences }, (_, s) =>
        Array.from({ length }, (_, t) => (t < used(p, s) ? value(p, s, t) : 0)),
      ),
    )
    for (const size of between.toReversed()) {
      flat = Array.from({ length: flat.length / size }, (_, group) => flat.slice(group * size, (group + 1) * size))
    }
    return flat
  }
  return {
    textIds: { values: each((p, s, t) => 1 + ((p * 31 + s * 17 + t * 7 + p * t) % 49)) },
    attentionMask: { values: each(() => 1) },
  }
}

const outputs = (...names: (string | [name: string, positions: number[]])[]): VariantCase['outputs'] =>
  names.map(name =>
    typeof name === 'string'
      ? { name, shape: [], values: [] }
      : { name: name[0], positions: name[1], shape: [], values: [] },
  )

const small = (batch: number): { video: { seed: number; shape: number[] } } => ({
  video: { seed: 5, shape: [batch, 16, 128, 224, 3] },
})
const odd = (batch: number): { video: { seed: 6; shape: [number, number, number, number, number] } } => ({
  video: { seed: 6, shape: [batch, 12, 132, 264, 3] },
})
const masked = {
  values: Array.from({ length: 5 }, (_, b) =>
    Array.from({ length: 30 }, (_, t) => ((t + b) % 4 === 1 ? (t * 3 + b) % 50 : -100)),
  ),
}
const fused = outputs(
  ['mlm.logits', [0, 13, 31, 62]],
  'vtm.logits',
  'loss.mlm',
  'loss.vtmWeighted',
  'accuracy.mlm',
  'accuracy.vtm',
)
const contrastive = outputs('videoGlobal', 'textGlobal', 'videoLocal', 'textLocal', 'loss.global')
const spans = (batch: number, frames: number): VariantCase['inputs'] => ({
  labels: { values: Array.from({ length: batch }, (_, b) => b % 3) },
  spanLabels: {
    values: Array.from({ length: batch }, (_, b) => Array.from({ length: frames }, (_, t) => (t > b && t < 7 ? 1 : 0))),
  },
  spanLabelWeights: {
    values: Array.from({ length: batch }, (_, b) => Array.from({ length: frames }, (_, t) => 0.5 + ((t + b) % 3))),
  },
})

const variants: Variant[] = [
  {
    what: '128 × 224: a clamped 2 × 4 grid, padded windows, two patches per frame; three sentences, some missing',
    weightSeed: 21,
    ...configured({
      final_num_patches: 2,
      label_smoothing: 0.1,
      DATA: { sample_frame: 16, sample_clip: 4, input_res: [128, 224], classification_labels: 7 },
    }),
    cases: [
      {
        name: 'pretrain-stage1, −10000',
        model: 'pretrain-stage1',
        inputs: { ...small(2), ...paragraphs(2, 3, 10) },
        outputs: contrastive,
      },
      {
        name: 'pretrain-stage1, lowest',
        model: 'pretrain-stage1',
        maskValue: 'lowest',
        inputs: { ...small(2), ...paragraphs(2, 3, 10) },
        outputs: contrastive,
      },
      {
        name: 'pretrain-stage2, odd batch',
        model: 'pretrain-stage2',
        maskValue: 'lowest',
        inputs: { ...small(5), ...paragraphs(5, 3, 10), mlmLabels: masked },
        outputs: fused,
      },
      {
        name: 'qa-classification, smoothed',
        model: 'qa-classification',
        inputs: { ...small(2), ...paragraphs(2, 3, 10), labels: { values: [6, 2] } },
        outputs: outputs('logits', 'loss'),
      },
    ],
  },
  {
    what: '128 × 224: choices with missing sentences, span over two patches per frame',
    weightSeed: 22,
    ...configured({
      final_num_patches: 6,
      DATA: { sample_frame: 16, sample_clip: 4, input_res: [128, 224] },
    }),
    cases: [
      {
        name: 'qa-multichoice',
        model: 'qa-multichoice',
        maskValue: 'lowest',
        patchesPerFrame: 2,
        inputs: { ...small(2), ...paragraphs(2, 3, 10, [3]), ...spans(2, 16) },
        outputs: outputs('logits', 'loss', 'span.logitsGeneralised'),
      },
    ],
  },
  {
    what: '132 × 264: rows left over, three patches per frame; question, answer and subtitles as one sentence, a span head that takes words for patches',
    weightSeed: 23,
    ...configured({
      final_num_patches: 3,
      use_simple_merge_qas: true,
      DATA: { sample_frame: 12, sample_clip: 3, input_res: [132, 264], classification_labels: 5 },
    }),
    cases: [
      {
        name: 'qa-multichoice, merged',
        model: 'qa-multichoice',
        inputs: { ...odd(2), ...paragraphs(2, 3, 12, [4]), ...spans(2, 12) },
        outputs: outputs('logits', 'loss', 'span.logits', 'span.logitsGeneralised', 'loss.span'),
      },
      {
        name: 'video-classification',
        model: 'video-classification',
        inputs: { ...odd(1), labels: { values: [4] } },
        outputs: outputs('logits', 'loss', 'videoFrames'),
      },
    ],
  },
]

const folder = await mkdtemp(join(tmpdir(), 'model-variants-'))
try {
  for (const [index, variant] of variants.entries()) {
    await writeVariantWeights(variant, join(folder, `${index}.safetensors`))
    for (const [number, { inputs }] of variant.cases.entries()) {
      const { seed, shape } = inputs.video as { seed: number; shape: [number, ...number[]] }
      await writeFile(
        join(folder, `${index}.${number}.u8`),
        Buffer.concat(Array.from({ length: shape[0] }, (_, element) => syntheticVideo(seed, shape, element))),
      )
    }
  }
  const path = join(folder, 'variants.json')
  await writeFile(path, JSON.stringify(variants))
  const computed = execFileSync('python3', [join(import.meta.dirname, 'model_eager.py'), path, folder], {
    maxBuffer: 2 ** 28,
  })
  await writeFile(join(import.meta.dirname, '../fixtures/model-variants.json'), computed)
} finally {
  await rm(folder, { recursive: true, force: true })
}
