import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DatasetReport } from '../../main/api/training/datasets.ts'
import { firstOfEach, isWhole, sample } from '../support/sample.ts'
import { colourVideos, writeColourVideos } from './support/colour-videos.ts'
import { openBench } from './support/command-line.ts'
import type { Bench } from './support/command-line.ts'
import { formatPromises } from './support/formats/formats.ts'
import { usualRows, writeFormat } from './support/formats/promise.ts'
import { importing, writeTinyModel } from './support/tiny-model.ts'

let bench: Bench
/** What is evaluated, by its task: a model that was trained here, and for retrieval any that embeds. */
const models = new Map<string, string>([['retrieval', 'tiny']])
beforeAll(async () => {
  bench = await openBench()
  await writeColourVideos(join(bench.folder, 'videos'), colourVideos)
  await bench.lfvila(...importing(await writeTinyModel(bench.folder), 'tiny'))
}, 300_000)
afterAll(() => bench.close())

interface Evaluated {
  readonly count?: number
  readonly textToVideo?: { readonly count: number }
  readonly videoToText?: { readonly count: number }
}

/**
 * Every format is checked; of the kinds of rows one goes all the way, and `finetuning.test.ts` and `commands.test.ts`
 * train on every kind.
 */
const trained = sample(
  firstOfEach(
    formatPromises.filter(({ preset }) => preset !== undefined),
    ({ task }) => task,
  ),
  1,
)

it.each(formatPromises)(
  '$data is checked, and trained on or evaluated',
  async promise => {
    const { data, format, task, preset, counts, options = [], rows: expected = usualRows } = promise
    const rows = join(bench.folder, data)
    await writeFormat(rows, promise, join(bench.folder, 'videos'))
    const where = ['--task', task, '--videos', join(bench.folder, 'videos'), ...options]
    const report = await bench.lfvila<DatasetReport>('dataset', 'check', rows, ...where, '--no-probe')
    const [train, validation, test] = expected
    expect(report).toMatchObject({ format, task, counts: { train, validation, test } })
    if (train > 0) expect(report.unusable).toBeNull()
    else expect(report.unusable).toMatch(/^Every row is for the test: it can be evaluated/)
    expect(report.problems.filter(({ severity }) => severity === 'error')).toEqual([])
    if (!isWhole && !trained.includes(promise)) return
    if (preset !== undefined) {
      const run = await bench.lfvila<{ epochs: number; model: string }>(
        'finetune',
        rows,
        ...where,
        ...['--model', 'tiny', '--preset', preset, '--epochs', '1', '--batch', '6', '--warmup', '0'],
        ...['--train', 'heads', '--no-augment'],
      )
      expect(run.epochs).toBe(1)
      models.set(task, run.model)
    }
    const asked = ['--model', models.get(task) ?? '', '--split', 'test', '--no-alignment']
    const found = await bench.lfvila<Evaluated>('evaluate', rows, ...where, ...asked)
    expect([found.count, found.textToVideo?.count, found.videoToText?.count].filter(Number.isInteger)).toEqual(counts)
  },
  300_000,
)
