import { describe, expect, it } from 'vitest'
import type { MetricPoint, Run } from '../../../../main/api/index.ts'
import type { CurveView } from '../../../../renderer/features/training/curves/curve-view.ts'
import { scenesOfRun, scenesOfRuns } from '../../../../renderer/features/training/curves/run-scenes.ts'

const view: CurveView = { axis: 'step', smoothing: 0, logarithmic: false }
const point = (step: number, values: Record<string, number>): MetricPoint => ({
  step,
  epoch: step / 4,
  time: 0,
  values,
})
const points = [
  point(1, { 'train/loss': 4, 'train/learningRate': 1e-4 }),
  point(2, { 'train/loss': 2, 'train/learningRate': 5e-5, 'validation/loss': 3, 'validation/r1': 0.25 }),
]

describe('the figures of one run', () => {
  it('put losses into one, fractions as percent up to a hundred, and end where the run is', () => {
    const scenes = new Map(scenesOfRun(points, view).map(({ id, scene }) => [id, scene]))
    expect([...scenes.keys()]).toEqual(['loss', 'quality', 'learningRate'])
    expect(scenes.get('loss')?.lines.map(({ points: line }) => line)).toEqual([
      [
        { x: 1, y: 4 },
        { x: 2, y: 2 },
      ],
      [{ x: 2, y: 3 }],
    ])
    expect(scenes.get('quality')).toMatchObject({ yRange: [0, 100], lines: [{ points: [{ x: 2, y: 25 }] }] })
    expect([...scenes.values()].map(({ xMax }) => xMax)).toEqual([2, 2, 2])
  })

  it('are drawn over epochs when these are chosen', () => {
    const [loss] = scenesOfRun(points, { ...view, axis: 'epoch' })
    expect(loss?.scene).toMatchObject({ xMax: 0.5, wholeX: false })
    expect(loss?.scene.lines[0]?.points.map(({ x }) => x)).toEqual([0.25, 0.5])
  })

  it('smooth what jitters: neither validations nor a schedule', () => {
    const scenes = scenesOfRun(points, { ...view, smoothing: 0.5 })
    const smooth = scenes.flatMap(({ scene }) => scene.lines.map(({ smooth: line }) => line?.map(({ y }) => y) ?? null))
    // (0.5·4 + 1·2) ÷ 1.5 at the second step.
    expect(smooth).toEqual([[4, 8 / 3], null, null, null])
  })

  it('have a logarithmic axis where ratios count', () => {
    const scenes = scenesOfRun(points, { ...view, logarithmic: true })
    expect(scenes.map(({ id, scene }) => [id, scene.logarithmic])).toEqual([
      ['loss', true],
      ['quality', false],
      ['learningRate', true],
    ])
  })
})

describe('the figures of several runs', () => {
  it('have a line for each run that has the metric, in its colour, as long as the longest', () => {
    const runs = ['one', 'two'].map(name => ({ id: name, config: { name } }) as Run)
    const known = new Map([
      ['one', [point(1, { 'train/loss': 1 })]],
      ['two', [point(1, { 'train/loss': 2 }), point(8, { 'train/loss': 1, 'validation/r1': 1 })]],
    ])
    const lines = scenesOfRuns(runs, known, view).map(({ id, scene }) => [
      id,
      scene.xMax,
      scene.lines.map(({ name, colour }) => `${name} ${colour}`),
    ])
    expect(lines).toEqual([
      ['train/loss', 8, ['one 0', 'two 1']],
      ['validation/r1', 8, ['two 1']],
    ])
  })
})
