import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOrderUnused } from '../../../../main/api/common/rules.ts'
import { importInput } from '../../../../main/api/models.ts'
import { datasetChoice } from '../../../../main/api/training/datasets.ts'
import type { Workbench } from '../../../../main/workbench/workbench.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { thorough } from '../../../support/sample.ts'
import { writeTinyPair } from '../../models/dual-encoder/tiny-pair.ts'
import { Evaluating, jsonl } from './evaluating.ts'

const folder = folderOfFile('evaluations')
let bench: Evaluating
let workbench: Workbench

beforeAll(async () => {
  bench = await Evaluating.open(folder)
  ;({ workbench } = bench)
}, 180_000)
afterAll(() => bench.close())

describe('a dual encoder that knows colours', () => {
  const captions = (sentences: Readonly<Record<string, readonly string[]>>) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(sentences).map(([video, said]) => [
          video,
          {
            timestamps: said.map((_, index) => (said.length > 1 ? [4 * index, 4 * index + 4] : [0, 0])),
            sentences: said,
          },
        ]),
      ),
    )

  it('finds every video by its colours and every sentence in its time', async () => {
    await workbench.client.models.import(
      importInput.parse({ weights: [await writeTinyPair(join(folder, 'pair'))], name: 'tiny-clip' }),
    )
    const home = await bench.annotations(
      'colours',
      'val.json',
      captions({ rose: ['Red.'], meadow: ['Green.'], evening: ['Red.', 'Blue.'], broken: ['Blue.'] }),
    )
    // One original is what its copy is, the other is another video.
    const originals = join(folder, 'originals')
    await mkdir(originals)
    for (const copy of ['v_rose.mp4', 'meadow.mp4']) {
      await copyFile(join(folder, 'videos', 'rose.mp4'), join(originals, copy))
    }
    const evaluation = await bench.evaluate(home, 'tiny-clip', { originals })
    const perfect = { r1: 1, r5: 1, r10: 1, r50: 1, medianRank: 1, meanRank: 1, count: 3 }
    expect(evaluation).toMatchObject({
      state: 'finished',
      task: 'retrieval',
      split: 'validation',
      figures: { textToVideo: perfect, videoToText: perfect, alignment: { clipAccuracy: 1, sentences: 2 } },
      // Its two sentences are one text for this model.
      conditions: {
        text: {
          ...{ texts: 3, sentences: 3, cut: { texts: 0, worst: null } },
          joined: { texts: 1, worst: { video: '../videos/evening.mp4', given: 2, read: 1 } },
        },
        copies: { videos: 4, found: 2, compared: 2, least: { video: 'meadow.mp4' } },
      },
    })
    expect(evaluation.warnings).toContainEqual(
      expect.stringContaining('1 of 4 examples is left out because its video cannot be read: ../videos/broken.mp4'),
    )
    const { least, median } = evaluation.conditions?.copies ?? {}
    expect(least?.cosine).toBeLessThan(0.9)
    expect(median).toBeCloseTo(((least?.cosine ?? 0) + 1) / 2, 5)
    expect(await bench.failures(evaluation.id)).toEqual([])
    expect(await workbench.client.evaluation.confusion({ id: evaluation.id })).toBeNull()
    // The same sentences as queries for moments, of which the model finds each in its half.
    const moments = await bench.evaluate(home, 'tiny-clip', {
      dataset: datasetChoice.parse({ folder: home, videos: join(folder, 'videos'), task: 'moments' }),
    })
    expect(moments).toMatchObject({ state: 'finished', task: 'moments', split: 'validation' })
    expect(moments.figures).toMatchObject({ count: 2, lengths: { full: { r1: { '0.5': 1 } } } })
    const { text } = await workbench.client.evaluation.predictions({ id: moments.id })
    expect(text).toMatch(/"qid":"val\.json: evening#2","query":"Blue\.","vid":"evening"/)
  })

  thorough('predicts moments of a test set whose windows are not public, and scores none', async () => {
    const home = await bench.annotations(
      'handed-in',
      'highlight_test_release.jsonl',
      jsonl(...['Red.', 'Blue.'].map((query, qid) => ({ qid, query, duration: 8, vid: 'evening' })), {
        qid: 2,
        query: 'Green.',
        duration: 8,
        vid: 'lost',
      }),
    )
    const dataset = datasetChoice.parse({ folder: home, videos: join(folder, 'videos'), task: 'moments' })
    const found = await bench.evaluate(home, 'tiny-clip', { dataset })
    expect(found).toMatchObject({
      ...{ state: 'finished', split: 'test', figures: { task: 'moments', count: 0, lengths: { full: null } } },
      survivors: { queries: { there: 2, all: 3 }, bounds: [] },
    })
    expect(found.warnings.join(' ')).toMatch(/The 2 queries have no windows .*there are no scores here.*hand them in/)
    expect(await bench.failures(found.id)).toEqual([])
    const { text } = await workbench.client.evaluation.predictions({ id: found.id })
    const [first] = text.split('\n').map(line => (line === '' ? null : JSON.parse(line)))
    expect(first).toMatchObject({ qid: 0, query: 'Red.', vid: 'evening' })
    expect(first.pred_relevant_windows[0].slice(0, 2)).toEqual([0, 4])
    expect(first.pred_saliency_scores).toHaveLength(4)
    const again = await bench.evaluate(home, 'tiny-clip', { dataset })
    await expect(workbench.client.evaluation.compare({ first: found.id, second: again.id })).rejects.toThrow(
      /has no scores/,
    )
    // What can be scored is taken first.
    const validation = JSON.stringify({
      qid: 9,
      query: 'Red.',
      duration: 8,
      vid: 'evening',
      relevant_windows: [[0, 4]],
    })
    await bench.annotations('handed-in', 'highlight_val_release.jsonl', validation)
    expect(await bench.evaluate(home, 'tiny-clip', { dataset })).toMatchObject({
      ...{ split: 'validation', figures: { count: 1, lengths: { full: { r1: { '0.5': 1 } } } } },
    })
  })

  it('says which rows tell of times that their video does not have, and leaves out those of which nothing is there', async () => {
    const rows = [
      ['rose', 100, 120, 'Red.'],
      ['meadow', 1, 500, 'Green.'],
      ['evening', 4, 8, 'Blue.'],
    ] as const
    const home = await bench.annotations(
      'late',
      'test.jsonl',
      jsonl(...rows.map(([clip_id, start, end, text]) => ({ clip_id, start, end, text }))),
    )
    const { figures, warnings } = await bench.evaluate(home, 'tiny-clip', { alignment: false })
    expect(figures).toMatchObject({ textToVideo: { r1: 1, count: 2 } })
    expect(warnings.map(warning => warning.replace(/ of [\d.]+ s/, ''))).toEqual([
      '1 × The row begins after the end of its video; it is left out (test.jsonl:1: 100 s – 120 s).',
      '1 × The row ends after the end of its video; it is taken to that end (test.jsonl:2: 1 s – 500 s).',
    ])
  })

  thorough('is found not to use time, by a probe that is added to what was measured', async () => {
    const home = await bench.annotations(
      'no-time',
      'test.json',
      captions({ rose: ['Red.'], meadow: ['Green before red.'], evening: ['Red.', 'Blue.'], broken: ['Blue.'] }),
    )
    const { id, figures } = await bench.evaluate(home, 'tiny-clip', { alignment: false })
    const { jobId } = await workbench.client.evaluation.probeTime({ id, seed: 3 })
    await workbench.waitForJob(jobId ?? -1)
    const probed = await workbench.client.evaluation.info({ id })
    // The mean of its frames is the same in any order; what cannot be read is no query.
    expect(probed).toMatchObject({ state: 'finished', figures, choice: { timeProbe: { seed: 3 } } })
    const unchanged = { figure: { before: 1, after: 1 }, worse: 0, better: 0, chance: 1, groups: null }
    expect(probed.timeProbe?.variants).toMatchObject([
      { variant: 'reversed', count: 3, ...unchanged },
      { variant: 'shuffled', count: 3, ...unchanged },
      { variant: 'repeated', count: 3 },
      { variant: 'sentences-reversed', count: 1, ...unchanged },
      { variant: 'clauses-swapped', count: 1 },
    ])
    expect(isOrderUnused(probed.timeProbe?.variants ?? [])).toBe(true)
    const { total, queries } = await workbench.client.evaluation.probed({ id, variant: 'repeated', limit: 2 })
    expect([total, queries.length]).toEqual([3, 2])
    // One frame of the evening is one of its two colours, which loses more than anything else could.
    expect(queries[0]).toMatchObject({ video: '../videos/evening.mp4', text: ['Red.', 'Blue.'], before: { rank: 1 } })
    expect((queries[0]?.before.score ?? 0) - (queries[0]?.after.score ?? 0)).toBeGreaterThan(0.2)
    await expect(workbench.client.evaluation.probeTime({ id, seed: 4 })).rejects.toThrow('has its time probe')
  })

  thorough(
    'says of how many videos its figures are, what they could be of all, and compares on what two have',
    async () => {
      const told = { rose: ['Red.'], meadow: ['Green.'], evening: ['Blue.'], broken: ['Blue.'], gone: ['Red.'] }
      const first = await bench.evaluate(await bench.annotations('all', 'test.json', captions(told)), 'tiny-clip', {
        alignment: false,
      })
      expect(first.survivors).toEqual({
        videos: { there: 3, all: 5 },
        queries: { there: 3, all: 5 },
        bounds: [
          { metric: 'r1', best: 1, asMisses: 0.6, worst: 0 },
          { metric: 'r5', best: 1, asMisses: 0.6, worst: 0.6 },
          { metric: 'r10', best: 1, asMisses: 0.6, worst: 0.6 },
          { metric: 'r50', best: 1, asMisses: 0.6, worst: 0.6 },
        ],
      })
      const { rose, meadow } = told
      const fewer = await bench.annotations('fewer', 'test.json', captions({ rose, meadow }))
      const second = await bench.evaluate(fewer, 'tiny-clip', { alignment: false })
      expect(second.survivors).toMatchObject({ videos: { there: 2, all: 2 }, bounds: [] })
      const { compare } = workbench.client.evaluation
      expect(await compare({ first: first.id, second: second.id })).toMatchObject({
        queries: { common: 2, first: 3, second: 2 },
        videos: 2,
        metrics: expect.arrayContaining([{ metric: 'r1', first: 1, second: 1, interval: { low: 0, high: 0 } }]),
        bootstrap: { resamples: 5000, seed: 0, confidence: 0.95, units: 2 },
        better: 0,
        worse: 0,
        equal: 2,
        chance: 1,
      })
      await expect(compare({ first: first.id, second: 'nobody' })).rejects.toThrow('There is no evaluation ‘nobody’')
      const swapped = await bench.annotations('lost', 'test.json', captions({ rose: ['Green.'], meadow: told.meadow }))
      const third = await bench.evaluate(swapped, 'tiny-clip', { alignment: false })
      const { compared } = workbench.client.evaluation
      // What is said of the rose is another query now.
      const { total, queries } = await compared({ first: first.id, second: third.id })
      expect(total).toBe(1)
      expect(queries).toMatchObject([
        { video: '../videos/meadow.mp4', text: ['Green.'], outcome: 'equal', first: { rank: 1, said: null } },
      ])
    },
  )

  thorough('compares two models query by query, what the second lost most of first', async () => {
    const told = { rose: ['Red.'], meadow: ['Green.'], evening: ['Blue.'] }
    const home = await bench.annotations('both', 'test.json', captions(told))
    const right = await bench.evaluate(home, 'tiny-clip', { alignment: false })
    const { compare, compared } = workbench.client.evaluation
    const other = await bench.evaluate(home, 'starter', { alignment: false })
    const two = { first: right.id, second: other.id }
    const { better, worse, equal } = await compare(two)
    const { queries } = await compared({ ...two, limit: 2 })
    const rest = await compared({ ...two, offset: 2 })
    const all = [...queries, ...rest.queries]
    expect(all.map(({ text }) => text).sort()).toEqual([['Blue.'], ['Green.'], ['Red.']])
    const won = (outcome: string) => all.filter(query => query.outcome === outcome).length
    expect([won('second'), won('first'), won('equal')]).toEqual([better, worse, equal])
    const lost = all.map(({ first, second }) => (second.rank ?? 0) - (first.rank ?? 0))
    expect(lost).toEqual(lost.toSorted((a, b) => b - a))
    for (const { first, second } of all) {
      expect(first).toMatchObject({ rank: 1, said: null })
      expect(second.said === null).toBe(second.rank === 1)
    }
  })

  it('shows what it took instead, the worst first', async () => {
    const home = await bench.annotations(
      'swapped',
      'test.json',
      captions({ rose: ['Green.'], meadow: ['Red.'], evening: ['Blue.'] }),
    )
    const evaluation = await bench.evaluate(home, 'tiny-clip', { alignment: false })
    expect(evaluation).toMatchObject({
      split: 'test',
      figures: { textToVideo: { r1: 1 / 3, r5: 1, count: 3 }, alignment: null },
    })
    const wrong = await bench.failures(evaluation.id)
    expect(wrong.map(({ text, rank, right, said: [first] }) => [text, rank, right, first?.name])).toEqual([
      [['Red.'], 3, '../videos/meadow.mp4', '../videos/rose.mp4'],
      [['Green.'], 2, '../videos/rose.mp4', '../videos/meadow.mp4'],
    ])
    const videos = await workbench.client.evaluation.videos({ id: evaluation.id })
    expect(videos.map(({ path, ...did }) => [basename(path), did]).sort()).toEqual([
      ['evening.mp4', { queries: 1, mean: 1 }],
      ['meadow.mp4', { queries: 1, mean: 1 / 3 }],
      ['rose.mp4', { queries: 1, mean: 1 / 2 }],
    ])
    // Up to the colours that H.264 keeps.
    expect(wrong[0]?.said[0]?.score).toBeCloseTo(1, 2)
    expect((await workbench.client.evaluation.list()).map(({ id }) => id)[0]).toBe(evaluation.id)
    await workbench.client.evaluation.remove({ id: evaluation.id })
    await expect(workbench.client.evaluation.info({ id: evaluation.id })).rejects.toThrow('There is no evaluation')
  })
})
