import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hasRedis, redisOfFile } from '../../support/redis.ts'
import { colourNames } from '../support/colour-videos.ts'
import type { CommandBench } from './command-bench.ts'

const machine = ['--model', 'found', '--device', 'cpu', '--precision', 'fp32']
const part = (number: number) => ['worker', '--list', '', '--part', `${number}/2`]

/** Many processes that index into one store, and a search in it. */
export function workerCommands({ at, lfvila, runs, testVideo, trained }: CommandBench): void {
  const startRedis = redisOfFile()
  const store = (name: string) => ['--store', at(name)]
  const found = async (name: string) => {
    const hits = await lfvila<{ path: string }[]>('search', 'A red film.', ...store(name), ...machine)
    expect(hits.map(({ path }) => path)).toContain(testVideo('red'))
    expect(hits).toHaveLength(8)
  }

  it(
    'indexes the parts of a list into a store of its own, and again nothing',
    runs(
      ['worker --list --part --dense --store', 'worker --optimise --store', 'search --store', 'index --store'],
      async () => {
        await trained()
        const list = at('ids.txt')
        writeFileSync(list, colourNames.map(colour => `${testVideo(colour)}\n`).join(''))
        const run = async (number: number) => {
          const words = part(number).map(word => word || list)
          return lfvila(...words, ...store('listed'), '--dense', ...machine)
        }
        const half = colourNames.length / 2
        expect(await run(1)).toMatchObject({ videos: half, embedded: half, already: 0, failed: [] })
        expect(await run(2)).toMatchObject({ videos: half, embedded: half, already: 0, failed: [] })
        expect(await run(2)).toMatchObject({ videos: half, embedded: 0, already: half, failed: [] })
        await lfvila('worker', '--optimise', ...store('listed'))
        // What the parts have indexed is indexed for whoever opens the folder on that store.
        const opened = await lfvila('index', at('rows', 'test'), ...store('listed'), '--dense', ...machine)
        expect(opened).toMatchObject({ videos: 8, indexed: 0, failed: [] })
        await found('listed')
      },
    ),
    300_000,
  )

  it.skipIf(!hasRedis)(
    'indexes what is in the queue, written by one',
    runs(
      ['enqueue --redis --store --dense', 'worker --redis --store --until-empty', 'worker --redis --store --commit'],
      async () => {
        await trained()
        const queue = ['--redis', await startRedis(), ...store('queued')]
        const filled = await lfvila('enqueue', at('rows', 'test'), ...queue, '--dense', ...machine)
        expect(filled).toMatchObject({ videos: 8, complete: 0, queued: 8, waiting: 8 })
        const embedded = await lfvila('worker', ...queue, '--until-empty', ...machine)
        expect(embedded).toMatchObject({ embedded: 8, failed: [] })
        const written = await lfvila('worker', ...queue, '--commit', '--until-empty')
        expect(written).toMatchObject({ written: 8, already: 0 })
        const again = await lfvila('enqueue', at('rows', 'test'), ...queue, '--dense', ...machine)
        expect(again).toMatchObject({ videos: 8, complete: 8, queued: 0 })
        await found('queued')
      },
    ),
    300_000,
  )
}
