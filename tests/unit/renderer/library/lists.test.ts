import { describe, expect, it } from 'vitest'
import type { DatasetChoice, Figures, Run, Validation } from '../../../../main/api/index.ts'
import { headline } from '../../../../renderer/features/evaluation/metrics/metric-rows.ts'
import { dataOfRun, runOnFolder, splitsDiffer } from '../../../../renderer/features/evaluation/run-data.ts'
import { emptinessOf } from '../../../../renderer/features/library/library-state.ts'
import { barOf, scaleOf } from '../../../../renderer/features/search/query/score-scale.ts'
import { bestOf } from '../../../../renderer/features/training/curves/metric-names.ts'

describe('why a list of videos is empty', () => {
  const state = { folders: 1, videos: 12, scanning: false, problem: null, filtered: false }

  it('tells four reasons apart, and an empty folder from them', () => {
    expect(emptinessOf({ ...state, folders: 0, videos: 0 })).toBe('unopened')
    expect(emptinessOf({ ...state, scanning: true })).toBe('scanning')
    expect(emptinessOf({ ...state, problem: 'The folder is gone.' })).toBe('failed')
    expect(emptinessOf({ ...state, filtered: true })).toBe('filtered')
    expect(emptinessOf(state)).toBe('none')
  })

  it('does not say that nothing matches while folders are looked through', () => {
    expect(emptinessOf({ ...state, filtered: true, scanning: true })).toBe('scanning')
    expect(emptinessOf({ ...state, videos: 0, scanning: true })).toBe('scanning')
  })
})

describe('the scale of search bars', () => {
  it('begins at zero and ends at a round number above every score', () => {
    expect(scaleOf([0.412, 0.39, 0.2])).toEqual({ min: 0, max: 0.5 })
    expect(scaleOf([0.0616, 0.05])).toEqual({ min: 0, max: 0.08 })
    expect(scaleOf([1])).toEqual({ min: 0, max: 1 })
    expect(scaleOf([])).toEqual({ min: 0, max: 0.01 })
    expect(scaleOf([0.3, -0.12])).toEqual({ min: -0.2, max: 0.3 })
  })

  it('draws bars whose lengths compare as the scores do', () => {
    const scale = scaleOf([0.4, 0.2, -0.1])
    const [long, half, below] = [0.4, 0.2, -0.1].map(score => barOf(scale, score))
    expect(long?.length).toBeCloseTo(2 * (half?.length ?? 0), 12)
    expect(below?.length).toBeCloseTo((half?.length ?? 0) / 2, 12)
    // Those below zero end where the others begin.
    expect((below?.start ?? 0) + (below?.length ?? 0)).toBeCloseTo(long?.start ?? 0, 12)
    for (const score of [1, 0.999, 0.001, 0, -0.3]) {
      const bar = barOf(scaleOf([score]), score)
      expect(bar.start).toBeGreaterThanOrEqual(0)
      expect(bar.start + bar.length).toBeLessThanOrEqual(1 + 1e-9)
    }
  })
})

describe('headline figures', () => {
  it('carry the number of examples that they are taken over', () => {
    const best: Validation = { step: 4, epoch: 2, metric: 'accuracy', value: 0.9375 }
    expect(bestOf({ best, counts: { train: 100, validation: 16, test: 20 } })).toBe('Accuracy 93.8 % (n = 16)')
    // A run from before the counts were kept.
    expect(bestOf({ best, counts: null })).toBe('Accuracy 93.8 %')
    const one = { r1: 0.45, r5: 1, r10: 1, r50: 1, medianRank: 1, meanRank: 1, count: 1200 }
    const figures: Figures = { task: 'retrieval', textToVideo: one, videoToText: one, groups: null, alignment: null }
    expect(headline(figures)).toBe('R@1 45.0 % (n = 1,200)')
    expect(headline({ task: 'video-classification', accuracy: 0.5, count: 4, batchMean: 0.5 })).toBe(
      'Accuracy 50.0 % (n = 4)',
    )
  })
})

describe('the data of an evaluation', () => {
  const split = { by: 'seeded' as const, seed: 7, validation: 0.2, test: 0.3 }
  const run = (id: string, folder: string, model: string | null, createdAt: number) =>
    ({
      id,
      model,
      createdAt,
      config: {
        task: 'video-classification',
        dataset: { folder, videos: '/videos', format: 'csv', task: null, split },
      },
    }) as unknown as Run
  const runs = [run('old', '/a', 'model-old', 1), run('new', '/a', null, 2), run('other', '/b', 'model-other', 3)]

  it('are those of the run that the model comes from, else of the newest run on the folder', () => {
    expect(runOnFolder(runs, '/a', 'model-old')?.id).toBe('old')
    expect(runOnFolder(runs, '/a', 'model-other')?.id).toBe('new')
    expect(runOnFolder(runs, '/c', 'model-old')).toBeNull()
  })

  it('are read and split as in the run, and it is said when they are not', () => {
    const choice = dataOfRun(runs[0] as Run)
    expect(choice).toEqual({ folder: '/a', videos: '/videos', format: 'csv', task: 'video-classification', split })
    expect(splitsDiffer(runs[0] as Run, choice)).toBe(false)
    const others: DatasetChoice['split'][] = [{ by: 'given' }, { ...split, seed: 8 }, { ...split, test: 0.2 }]
    for (const other of others) expect(splitsDiffer(runs[0] as Run, { ...choice, split: other })).toBe(true)
  })
})
