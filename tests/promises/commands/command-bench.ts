import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { once } from '../../support/once.ts'
import { colourVideos, writeColourVideos } from '../support/colour-videos.ts'
import { claims, openBench } from '../support/command-line.ts'
import type { Bench } from '../support/command-line.ts'
import { published } from '../support/published-folders.ts'
import { importing, writeTinyModel } from '../support/tiny-model.ts'

interface Finetuned {
  run: string
  epochs: number
  best: { value: number }
  model: string
  checkpoint: string
}

/** One workspace, and every command of the documents on it. */
export type CommandBench = ReturnType<typeof commandBench>

export function commandBench() {
  let bench: Bench
  const folder = () => bench.folder
  const at = (...parts: string[]) => join(bench.folder, ...parts)
  const rows = () => at('rows')
  const testVideo = (colour: string) => at('rows', 'test', `v_test_${colour}_0.mp4`)
  const lfvila = <Json = Record<string, unknown>>(...words: string[]) => bench.lfvila<Json>(...words)

  beforeAll(async () => {
    bench = await openBench()
    await writeColourVideos(at('videos'), colourVideos)
    await published['captions beside videos'](rows(), at('videos'))
  }, 900_000)
  afterAll(() => bench.close())

  /** What the tests run, known before any of them is. */
  const promised = new Set<string>()

  /**
   * A test with the lines that it runs, by their options and the values that are choices: whether one is missing is
   * then told without running them, and the test is held to its own.
   */
  function runs(lines: readonly string[], test: () => Promise<void>): () => Promise<void> {
    const given = lines.flatMap(line => claims(line.split(' ')))
    for (const claim of given) promised.add(claim)
    return async () => {
      await test()
      expect(given.filter(claim => !bench.asked.has(claim))).toEqual([])
    }
  }

  /** The model that most commands are run on. */
  const trained = once(async () => {
    const files = await writeTinyModel(folder(), 'pretrain-stage1', 200)
    expect(await lfvila(...importing(files, 'tiny'), '--kind', 'pretrain-stage1')).toMatchObject({
      model: 'tiny',
      kind: 'pretrain-stage1',
      skipped: [],
    })
    return lfvila<Finetuned>(
      'finetune',
      rows(),
      '--task',
      'retrieval',
      '--model',
      'tiny',
      '--preset',
      'didemo-retrieval',
      '--name',
      'found',
      '--train',
      'last:0,2',
      '--no-augment',
      '--epochs',
      '80',
      '--validate-every',
      '40',
      '--keep-checkpoints',
      '--batch',
      '6',
      '--lr',
      '0.002',
      '--schedule',
      'linear',
      '--warmup',
      '1',
    )
  })

  return { folder, at, rows, testVideo, lfvila, runs, trained, promised }
}
