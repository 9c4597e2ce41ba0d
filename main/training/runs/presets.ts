import { english } from '../../../native-models/english.ts'
import { publishedParameters } from '../../api/common/rules.ts'
import type { Hyperparameters, Preset, Schedule } from '../../api/training/training.ts'

/**
 * The published configurations (microsoft/XPretrain, LF-VILA/src/configs). Batch sizes there are per GPU; see `source`.
 */

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
  {
    name,
    task,
    file,
    own,
    labels = null,
    clips = 4,
  }: { readonly name: string; readonly task: Preset['task']; readonly file: string; readonly own: Own } & {
    labels?: number | null
    clips?: number
  },
): Preset {
  return {
    id,
    name,
    task,
    labels,
    clips,
    source: english`LF-VILA/src/configs/${file}.yaml, batch per GPU`,
    parameters: {
      ...publishedParameters,
      ...own,
    },
  }
}

const classification = { epochs: 500, batchSize: 16, schedule: linear(1) }

export const presets: readonly Preset[] = [
  published('activitynet-retrieval', {
    name: english`ActivityNet retrieval`,
    task: 'retrieval',
    file: 'actnet_ret',
    own: {
      epochs: 20,
      batchSize: 16,
      schedule: step(5, 0.25),
    },
  }),
  published('didemo-retrieval', {
    name: english`DiDeMo retrieval`,
    task: 'retrieval',
    file: 'didemo_ret',
    own: {
      epochs: 20,
      batchSize: 16,
      schedule: step(5, 0.25),
    },
  }),
  published('queryd-retrieval', {
    name: english`QuerYD retrieval`,
    task: 'retrieval',
    file: 'queryd_ret',
    own: {
      epochs: 20,
      batchSize: 16,
      schedule: step(5, 0.25),
    },
  }),
  published('condensed-movie-retrieval', {
    name: english`Condensed Movie retrieval`,
    task: 'retrieval',
    file: 'cmovie_ret',
    own: { epochs: 20, batchSize: 16, schedule: step(1, 0.5) },
    clips: 1,
  }),
  published('activitynet-qa', {
    name: 'ActivityNet-QA',
    task: 'qa-classification',
    file: 'actnet_qa',
    own: {
      epochs: 100,
      batchSize: 16,
      weightDecay: 0.1,
      schedule: { kind: 'cosine', warmupEpochs: 10, decayEpochs: null, decayRate: null, minimum: 1e-8 },
    },
    labels: 1654,
  }),
  published('how2qa', {
    name: 'How2QA',
    task: 'qa-multichoice',
    file: 'how2_qa',
    own: { epochs: 30, batchSize: 4, schedule: linear(10) },
  }),
  published('violin', {
    name: 'VIOLIN',
    task: 'qa-classification',
    file: 'violin_qa',
    own: { epochs: 100, batchSize: 12, weightDecay: 0.1, schedule: linear(10) },
    labels: 2,
  }),
  published('coin', { name: 'COIN', task: 'video-classification', file: 'coin_cls', own: classification, labels: 180 }),
  published('lvu-scene', {
    name: english`LVU scene`,
    task: 'video-classification',
    file: 'lvu_scene_cls',
    own: classification,
    labels: 6,
  }),
  published('lvu-relationship', {
    name: english`LVU relationship`,
    task: 'video-classification',
    file: 'lvu_relationship_cls',
    own: classification,
    labels: 4,
  }),
  published('lvu-way-of-speaking', {
    name: english`LVU way of speaking`,
    task: 'video-classification',
    file: 'lvu_wayspeaking_cls',
    own: classification,
    labels: 5,
  }),
  published('pretrain-stage1', {
    name: english`Pre-training, stage 1`,
    task: 'pretrain-stage1',
    file: 'pretrain_stage1',
    own: {
      epochs: 10,
      batchSize: 16,
      schedule: linear(1),
    },
  }),
  published('pretrain-stage2', {
    name: english`Pre-training, stage 2`,
    task: 'pretrain-stage2',
    file: 'pretrain_stage2',
    own: {
      epochs: 10,
      batchSize: 48,
      schedule: linear(1),
    },
  }),
]
