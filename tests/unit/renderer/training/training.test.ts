import { describe, expect, it } from 'vitest'
import type { MetricPoint, Preset, RunConfig } from '../../../../main/api/index.ts'
import { confusionOf, worstPairs } from '../../../../renderer/features/evaluation/confusion/confusion-values.ts'
import { continued, curvesOf, smoothed } from '../../../../renderer/features/training/curves/curves.ts'
import { compareConfigs } from '../../../../renderer/features/training/runs/config-rows.ts'
import {
  chooseSchedule,
  emptyRun,
  followsPreset,
  takePreset,
  toRunConfig,
} from '../../../../renderer/features/training/setup/run-form.ts'
import { formatNumber } from '../../../../renderer/locale/format.ts'

const point = (step: number, values: Record<string, number>): MetricPoint => ({
  step,
  epoch: step / 2,
  time: 0,
  values,
})
const preset: Preset = {
  id: 'coin',
  name: 'COIN',
  task: 'video-classification',
  labels: 180,
  clips: 4,
  source: 'coin_cls.yaml',
  parameters: {
    epochs: 500,
    batchSize: 16,
    microBatchSize: null,
    learningRate: 5e-5,
    weightDecay: 0.05,
    clipNorm: null,
    labelSmoothing: 0,
    stochastic: true,
    augment: true,
    negatives: 'reference',
    contrast: 'micro-batch',
    schedule: { kind: 'linear', warmupEpochs: 1, decayEpochs: null, decayRate: null, minimum: 0 },
  },
}
const dataset = { folder: '/videos', videos: null, format: null, task: null, split: null }

describe('the curves of a run', () => {
  const points = [
    point(1, { 'train/loss': 2, 'train/learningRate': 0 }),
    point(2, { 'train/loss': 1, 'train/learningRate': 1e-3 }),
    point(2, { 'validation/accuracy': 0.75, 'validation/medianRank': 3 }),
  ]

  it('draws together what has one unit, and fractions as percent', () => {
    const curves = curvesOf(points)
    expect([...curves.keys()]).toEqual(['loss', 'quality', 'rank', 'learningRate'])
    expect(curves.get('loss')).toEqual([
      {
        metric: 'train/loss',
        points: [
          { step: 1, epoch: 0.5, y: 2 },
          { step: 2, epoch: 1, y: 1 },
        ],
      },
    ])
    expect(curves.get('quality')?.[0]?.points).toEqual([{ step: 2, epoch: 1, y: 75 }])
  })

  it('smooths without a pull towards zero, and leaves what is no number where it is', () => {
    expect(smoothed([3, 3, 3], 0.9)).toEqual([expect.closeTo(3, 12), expect.closeTo(3, 12), expect.closeTo(3, 12)])
    // (0.5 · 1 + 1 · 4) / 1.5, then (0.25 · 1 + 0.5 · 4 + 1 · 0) / 1.75.
    expect(smoothed([1, 4, NaN, 0], 0.5)).toEqual([1, expect.closeTo(3, 12), NaN, expect.closeTo(2.25 / 1.75, 12)])
    expect(smoothed([1, 4, 0], 0)).toEqual([1, 4, 0])
  })

  it('takes newer points in the place of known ones: none twice, and a validation that came later is not missed', () => {
    const [first, second, validation] = points as [MetricPoint, MetricPoint, MetricPoint]
    expect(continued([first, second], [second, validation])).toEqual(points)
    expect(continued(points, [])).toEqual(points)
    // A run that went on from an earlier checkpoint.
    expect(continued(points, [point(1, { 'train/loss': 2 })])).toEqual([point(1, { 'train/loss': 2 })])
  })
})

describe('a run in the form', () => {
  it('takes the published values, and tells when one was changed', () => {
    const form = emptyRun()
    takePreset(form, preset, null)
    expect(form.parameters).toEqual(preset.parameters)
    expect(followsPreset(form, preset)).toBe(true)
    form.parameters.schedule.warmupEpochs = 3
    expect(followsPreset(form, preset)).toBe(false)
    expect(preset.parameters.schedule.warmupEpochs).toBe(1)
  })

  it('shows the numbers of a schedule that it sends', () => {
    const form = { ...emptyRun(), name: 'one', model: 'base' }
    chooseSchedule(form, 'step')
    expect(form.parameters.schedule).toMatchObject({
      kind: 'step',
      decayEpochs: expect.any(Number),
      decayRate: expect.any(Number),
    })
    expect(toRunConfig(form, dataset, 'video-classification').parameters.schedule).toEqual(form.parameters.schedule)
    chooseSchedule(form, 'linear')
    expect(toRunConfig(form, dataset, 'video-classification').parameters.schedule).toMatchObject({
      decayEpochs: null,
      decayRate: null,
    })
  })

  it('sends the numbers of the chosen way of training only', () => {
    const form = { ...emptyRun(), name: 'one', model: 'base', what: 'lora' as const, rank: 4, alpha: 8 }
    expect(toRunConfig(form, dataset, 'video-classification')).toMatchObject({
      train: { what: 'lora', rank: 4, alpha: 8 },
      dataset: { task: 'video-classification' },
    })
    expect(toRunConfig({ ...form, what: 'heads' }, dataset, 'video-classification').train).toEqual({ what: 'heads' })
  })

  it('sends only what the schedule uses', () => {
    const form = { ...emptyRun(), name: 'one', model: 'base' }
    form.parameters.schedule = { kind: 'linear', warmupEpochs: 1, decayEpochs: 5, decayRate: 0.5, minimum: 1e-8 }
    expect(toRunConfig(form, dataset, 'retrieval').parameters.schedule).toEqual({
      kind: 'linear',
      warmupEpochs: 1,
      decayEpochs: null,
      decayRate: null,
      minimum: 0,
    })
  })
})

describe('runs beside each other', () => {
  it('names exactly the settings in which they differ', () => {
    const config: RunConfig = toRunConfig({ ...emptyRun(), name: 'one', model: 'base' }, dataset, 'retrieval')
    const other: RunConfig = {
      ...config,
      name: 'other',
      seed: 5,
      parameters: {
        ...config.parameters,
        learningRate: 1e-3,
        schedule: { ...config.parameters.schedule, kind: 'cosine', minimum: 1e-8 },
      },
    }
    const differing = compareConfigs([config, other]).filter(({ differs }) => differs)
    expect(differing.map(({ name, values }) => [name, ...values])).toEqual([
      ['Learning rate', '5e−5', '0.001'],
      ['Schedule', 'Linear', 'Cosine'],
      ['Seed', '0', '5'],
      ['Lowest rate', null, '1e−8'],
    ])
  })
})

describe('confusion', () => {
  it('leaves out labels that nothing happened to, and lists the most frequent mistakes first', () => {
    const confusion = confusionOf(
      ['cat', 'unused', 'dog'],
      [
        [3, 0, 1],
        [0, 0, 0],
        [2, 0, 4],
      ],
    )
    expect(confusion.labels).toEqual(['cat', 'dog'])
    expect(worstPairs(confusion).map(({ row, column, count, share }) => [row, column, count, share])).toEqual([
      [1, 0, 2, 2 / 6],
      [0, 1, 1, 1 / 4],
      [1, 1, 4, 4 / 6],
      [0, 0, 3, 3 / 4],
    ])
  })

  it('keeps a label that was only said, never right', () => {
    expect(
      confusionOf(
        ['cat', 'dog'],
        [
          [0, 2],
          [0, 0],
        ],
      ).labels,
    ).toEqual(['cat', 'dog'])
  })
})

describe('figures of any size', () => {
  it('have four digits at most and a true minus', () => {
    expect([0, 5e-5, 0.0312345, 1234.56, -0.5, 2.5e7, 1].map(formatNumber)).toEqual([
      '0',
      '5e−5',
      '0.03123',
      '1235',
      '−0.5',
      '2.5e7',
      '1',
    ])
  })
})
