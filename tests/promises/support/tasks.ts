import type { Published } from './published-folders.ts'

/**
 * One promise of the documents: a task of the paper, from its folder in the published form to a figure that beats
 * chance.
 */
export interface TaskPromise {
  readonly data: Published
  readonly task: string
  readonly preset: string
  /** What the folder must be taken for. */
  readonly format: string
  /** Which videos lie beside the rows: those of one colour, long ones in clips, or those that the LMDB names. */
  readonly videos?: 'clips' | 'lmdb' | 'inside'
  /** Options that go over the preset: short and quick. */
  readonly options: readonly string[]
  /** The figure of the run's best validation, and what a guess would reach. */
  readonly metric: string
  readonly chance: number
  /** Whether `evaluate` has a test split to judge by. */
  readonly evaluates: boolean
}

/**
 * Of the published schedules some fall within a few epochs, which there have thousands of steps and here one or two.
 */
const quick = (epochs: number, train: string, rate = 0.002, ...more: string[]): string[] => [
  '--epochs',
  String(epochs),
  '--validate-every',
  String(epochs),
  '--batch',
  '6',
  '--lr',
  String(rate),
  '--warmup',
  '1',
  '--schedule',
  'linear',
  '--train',
  train,
  '--no-augment',
  ...more,
]
const retrieval = { task: 'retrieval', metric: 'r1', chance: 1 / 8, evaluates: true } as const
const classes = { task: 'video-classification', metric: 'accuracy', chance: 1 / 4, evaluates: true } as const

/** Every task, preset and format of the documents has its line here; `commands.test.ts` says which are missing. */
export const taskPromises: readonly TaskPromise[] = [
  {
    ...retrieval,
    data: 'ActivityNet Captions',
    preset: 'activitynet-retrieval',
    format: 'activitynet-captions',
    options: quick(80, 'last:0,2'),
  },
  {
    ...retrieval,
    data: 'DiDeMo',
    preset: 'didemo-retrieval',
    format: 'retrieval-jsonl',
    options: quick(80, 'last:0,2'),
  },
  {
    ...retrieval,
    data: 'QuerYD',
    preset: 'queryd-retrieval',
    format: 'retrieval-jsonl',
    options: quick(80, 'last:0,2'),
  },
  {
    ...retrieval,
    data: 'Condensed Movie',
    preset: 'condensed-movie-retrieval',
    format: 'retrieval-jsonl',
    options: quick(80, 'last:0,2', 0.002, '--micro-batch', '3'),
  },
  { ...retrieval, data: 'a table', preset: 'queryd-retrieval', format: 'csv', options: quick(80, 'last:0,2') },
  { ...classes, data: 'a table in JSON', preset: 'lvu-scene', format: 'json-table', options: quick(40, 'heads', 0.02) },
  {
    ...retrieval,
    data: 'captions beside videos',
    preset: 'didemo-retrieval',
    format: 'captions-beside-videos',
    videos: 'inside',
    options: quick(80, 'last:0,2'),
  },
  {
    data: 'ActivityNet-QA',
    task: 'qa-classification',
    preset: 'activitynet-qa',
    format: 'activitynet-qa',
    metric: 'accuracy',
    chance: 1 / 4,
    evaluates: true,
    options: quick(60, 'last:0,4'),
  },
  {
    data: 'How2QA',
    task: 'qa-multichoice',
    preset: 'how2qa',
    format: 'how2qa',
    metric: 'accuracy',
    chance: 1 / 4,
    evaluates: true,
    options: quick(200, 'last:0,4', 0.002, '--no-stochastic'),
  },
  {
    data: 'VIOLIN',
    task: 'qa-classification',
    preset: 'violin',
    format: 'violin',
    metric: 'accuracy',
    chance: 1 / 2,
    evaluates: true,
    options: quick(200, 'last:0,4', 0.002, '--no-stochastic'),
  },
  {
    ...classes,
    data: 'COIN and LVU',
    preset: 'coin',
    format: 'video-classification-jsonl',
    options: quick(40, 'heads', 0.02),
  },
  {
    ...classes,
    data: 'COIN and LVU',
    preset: 'lvu-scene',
    format: 'video-classification-jsonl',
    options: quick(40, 'heads', 0.02),
  },
  {
    ...classes,
    data: 'COIN and LVU',
    preset: 'lvu-relationship',
    format: 'video-classification-jsonl',
    options: quick(40, 'heads', 0.02),
  },
  {
    ...classes,
    data: 'COIN and LVU',
    preset: 'lvu-way-of-speaking',
    format: 'video-classification-jsonl',
    options: quick(40, 'heads', 0.02),
  },
  {
    ...classes,
    data: 'folders of classes',
    preset: 'coin',
    format: 'class-folders',
    videos: 'inside',
    chance: 1 / 8,
    options: quick(10, 'lora:2', 0.02),
  },
  {
    data: 'LF-VILA-8M lines',
    task: 'pretrain-stage1',
    preset: 'pretrain-stage1',
    format: 'pretrain-jsonl',
    videos: 'clips',
    metric: 'r1',
    chance: 1 / 8,
    evaluates: false,
    options: quick(80, 'last:0,2'),
  },
  {
    data: 'LF-VILA-8M lines',
    task: 'pretrain-stage2',
    preset: 'pretrain-stage2',
    format: 'pretrain-jsonl',
    videos: 'clips',
    metric: 'accuracy.mlm',
    chance: 1 / 39,
    evaluates: false,
    options: quick(12, 'all', 0.005),
  },
  {
    data: 'LF-VILA-8M LMDB',
    task: 'pretrain-stage1',
    preset: 'pretrain-stage1',
    format: 'pretrain-lmdb',
    videos: 'lmdb',
    metric: 'r1',
    chance: 1 / 4,
    evaluates: false,
    options: quick(80, 'last:0,2'),
  },
]

export const isPretraining = ({ task }: TaskPromise): boolean => task.startsWith('pretrain')
