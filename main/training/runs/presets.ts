import type { Hyperparameters, Preset, Schedule } from '../../api/training.ts'

/** The published configurations (microsoft/XPretrain, LF-VILA/src/configs). Batch sizes there are per GPU; see `source`. */

const step = (decayEpochs: number, decayRate: number): Schedule => ({
  kind: 'step',
  warmupEpochs: 1,
  decayEpochs,
  decayRate,
  minimum: 0,
})
const linear = (warmupEpochs: number): Schedule => ({
  kind: 'linear',
  warmupEpochs,
  decayEpochs: null,
  decayRate: null,
  minimum: 0,
})

type Own = Pick<Hyperparameters, 'epochs' | 'batchSize' | 'schedule'> & { weightDecay?: number }

function published(
  id: string,
  name: string,
  task: Preset['task'],
  file: string,
  own: Own,
  { labels = null, clips = 4 }: { labels?: number | null; clips?: number } = {},
): Preset {
  return {
    id,
    name,
    task,
    labels,
    clips,
    source: `LF-VILA/src/configs/${file}.yaml, batch per GPU`,
    parameters: {
      microBatchSize: null,
      learningRate: 5e-5,
      weightDecay: 0.05,
      clipNorm: null,
      labelSmoothing: 0,
      stochastic: true,
      augment: true,
      negatives: 'reference',
      ...own,
    },
  }
}

const classification = { epochs: 500, batchSize: 16, schedule: linear(1) }

export const presets: readonly Preset[] = [
  published('activitynet-retrieval', 'ActivityNet retrieval', 'retrieval', 'actnet_ret', {
    epochs: 20,
    batchSize: 16,
    schedule: step(5, 0.25),
  }),
  published('didemo-retrieval', 'DiDeMo retrieval', 'retrieval', 'didemo_ret', {
    epochs: 20,
    batchSize: 16,
    schedule: step(5, 0.25),
  }),
  published('queryd-retrieval', 'QuerYD retrieval', 'retrieval', 'queryd_ret', {
    epochs: 20,
    batchSize: 16,
    schedule: step(5, 0.25),
  }),
  published(
    'condensed-movie-retrieval',
    'Condensed Movie retrieval',
    'retrieval',
    'cmovie_ret',
    { epochs: 20, batchSize: 16, schedule: step(1, 0.5) },
    { clips: 1 },
  ),
  published(
    'activitynet-qa',
    'ActivityNet-QA',
    'qa-classification',
    'actnet_qa',
    {
      epochs: 100,
      batchSize: 16,
      weightDecay: 0.1,
      schedule: { kind: 'cosine', warmupEpochs: 10, decayEpochs: null, decayRate: null, minimum: 1e-8 },
    },
    { labels: 1654 },
  ),
  published('how2qa', 'How2QA', 'qa-multichoice', 'how2_qa', { epochs: 30, batchSize: 4, schedule: linear(10) }),
  published(
    'violin',
    'VIOLIN',
    'qa-classification',
    'violin_qa',
    { epochs: 100, batchSize: 12, weightDecay: 0.1, schedule: linear(10) },
    { labels: 2 },
  ),
  published('coin', 'COIN', 'video-classification', 'coin_cls', classification, { labels: 180 }),
  published('lvu-scene', 'LVU scene', 'video-classification', 'lvu_scene_cls', classification, { labels: 6 }),
  published('lvu-relationship', 'LVU relationship', 'video-classification', 'lvu_relationship_cls', classification, {
    labels: 4,
  }),
  published(
    'lvu-way-of-speaking',
    'LVU way of speaking',
    'video-classification',
    'lvu_wayspeaking_cls',
    classification,
    { labels: 5 },
  ),
  published('pretrain-stage1', 'Pre-training, stage 1', 'pretrain-stage1', 'pretrain_stage1', {
    epochs: 10,
    batchSize: 16,
    schedule: linear(1),
  }),
  published('pretrain-stage2', 'Pre-training, stage 2', 'pretrain-stage2', 'pretrain_stage2', {
    epochs: 10,
    batchSize: 48,
    schedule: linear(1),
  }),
]
