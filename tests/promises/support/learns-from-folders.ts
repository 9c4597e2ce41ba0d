import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { colourVideos, writeColourVideos } from './colour-videos.ts'
import { openBench } from './command-line.ts'
import type { Bench } from './command-line.ts'
import { lmdbVideos, longVideos, published } from './published-folders.ts'
import type { TaskPromise } from './tasks.ts'
import { importing, writeTinyModel } from './tiny-model.ts'

interface Finetuned {
  epochs: number
  best: { metric: string; value: number }
  model: string
}
type Evaluated = { accuracy: number } | { textToVideo: { r1: number } }

/** Each promise from its folder in the published form to a number that beats a guess, in a workspace of their own. */
export function learnsFromFolders(promises: readonly TaskPromise[]): void {
  let bench: Bench
  const videos = () => join(bench.folder, 'videos')
  const home = (kind: 'clips' | 'lmdb' | 'inside' | undefined, rows: string): string =>
    kind === 'inside' ? rows : kind === undefined ? videos() : join(bench.folder, kind)

  beforeAll(async () => {
    bench = await openBench()
    await writeColourVideos(videos(), colourVideos)
    await bench.lfvila(...importing(await writeTinyModel(bench.folder), 'tiny'))
  }, 900_000)
  afterAll(() => bench.close())

  describe.each(promises)(
    '$data, $preset',
    ({ data, task, preset, format, videos: kind, options, metric, chance, evaluates }) => {
      it(`learns to beat chance from ${format}`, async () => {
        const rows = join(bench.folder, `${preset} ${format} ${task}`)
        await published[data](rows, videos())
        if (kind === 'clips') await writeColourVideos(home(kind, rows), longVideos)
        if (kind === 'lmdb') await writeColourVideos(home(kind, rows), lmdbVideos)
        const where = ['--task', task, ...(kind === 'inside' ? [] : ['--videos', home(kind, rows)])]
        const report = await bench.lfvila('dataset', 'check', rows, ...where, '--no-probe')
        expect(report).toMatchObject({ format })
        const name = `${preset}-${format}`
        const run = await bench.lfvila<Finetuned>(
          'finetune',
          rows,
          ...where,
          '--model',
          'tiny',
          '--preset',
          preset,
          '--name',
          name,
          ...options,
        )
        console.log(`${name}: ${run.best.metric} ${run.best.value.toFixed(3)}, chance ${chance.toFixed(3)}`)
        expect(run.best.metric).toBe(metric)
        expect(run.best.value).toBeGreaterThan(beyond(chance))
        if (!evaluates) return
        const found = await bench.lfvila<Evaluated>('evaluate', rows, ...where, '--model', run.model, '--no-alignment')
        const value = 'accuracy' in found ? found.accuracy : found.textToVideo.r1
        console.log(`${name}: test ${value.toFixed(3)}`)
        expect(value).toBeGreaterThan(beyond(chance))
      }, 900_000)
    },
  )
}

/** Half as much again as a guess, or half of what a guess leaves. */
function beyond(chance: number): number {
  return Math.min(1.5 * chance, (1 + chance) / 2)
}
