import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { colourVideos, writeColourVideos } from './colour-videos.ts'
import { openBench } from './command-line.ts'
import type { Bench } from './command-line.ts'
import { formatPromises, writeFormat } from './formats.ts'
import { importing, writeTinyModel } from './tiny-model.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
  await writeColourVideos(join(bench.folder, 'videos'), colourVideos)
  await bench.lfvila(...importing(await writeTinyModel(bench.folder), 'tiny'))
}, 300_000)
afterAll(() => bench.close())

it.each(formatPromises)(
  '$data is checked, trained on for an epoch, and evaluated',
  async promise => {
    const { data, format, task, preset } = promise
    const rows = join(bench.folder, data)
    await writeFormat(rows, promise)
    const where = ['--task', task, '--videos', join(bench.folder, 'videos')]
    const report = await bench.lfvila('dataset', 'check', rows, ...where, '--no-probe')
    expect(report).toMatchObject({ format, task, unusable: null, problems: [] })
    const quick = ['--epochs', '1', '--batch', '6', '--warmup', '0', '--train', 'heads', '--no-augment']
    const run = await bench.lfvila<{ epochs: number; model: string }>(
      'finetune',
      rows,
      ...where,
      '--model',
      'tiny',
      '--preset',
      preset,
      ...quick,
    )
    expect(run.epochs).toBe(1)
    const found = await bench.lfvila<{ accuracy?: number; textToVideo?: { r1: number } }>(
      'evaluate',
      rows,
      ...where,
      '--model',
      run.model,
      '--no-alignment',
    )
    expect(found.accuracy ?? found.textToVideo?.r1).toBeGreaterThanOrEqual(0)
  },
  300_000,
)
