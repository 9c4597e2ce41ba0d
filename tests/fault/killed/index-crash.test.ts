import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { childProgram } from '../../support/child-program.ts'
import { folderOfTest } from '../../support/folders.ts'
import { frameCount } from '../../unit/retrieval/stand-ins.ts'

const videoCount = 30
/** Segments of the dense pass of video `index`, as the worker makes them: 24, 32 or 40 s at 8 s each. */
const denseSegments = (index: number) => 3 + (index % 3)
const segmentCounts = Array.from({ length: videoCount }, (_, index) => 1 + denseSegments(index)).reduce(
  (sum, count) => sum + count,
  0,
)

const worker = async (folder: string) =>
  spawn(
    process.execPath,
    [await childProgram('tests/fault/killed/processes/index-worker.ts'), folder, String(videoCount)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
const encoded = (folder: string) =>
  existsSync(join(folder, 'encoded.log')) ? readFileSync(join(folder, 'encoded.log')).length : 0

it('an index job that is killed again and again ends complete, with no video lost and none done twice', async () => {
  const folder = folderOfTest('crash')
  const keys = embeddingKeys({ hash: 'm', frames: frameCount }, { sampling: 'fast', denseRate: 1 })
  const database = openDatabase(join(folder, 'library.db'))
  const ledger = new EmbeddingLedger(database)
  try {
    const completeBefore: number[] = []
    for (const segments of [9, 37, 70]) {
      const child = await worker(folder)
      const exit = new Promise(resolve => child.once('exit', (_code, signal) => resolve(signal)))
      while (encoded(folder) < segments && child.exitCode === null) await delay(3)
      child.kill('SIGKILL')
      expect(await exit).toBe('SIGKILL')
      completeBefore.push(ledger.complete(keys.dense).size)
    }
    expect(completeBefore[0]).toBeGreaterThan(0)
    expect(completeBefore).toEqual(completeBefore.toSorted((a, b) => a - b))

    const last = await worker(folder)
    let output = ''
    last.stdout.on('data', (piece: Buffer) => {
      output += piece.toString()
    })
    await new Promise(resolve => last.once('exit', resolve))
    // The very job that was enqueued first, not another one.
    expect(output).toBe('1 succeeded\n')

    expect(ledger.complete(keys.overview).size).toBe(videoCount)
    expect(ledger.complete(keys.dense).size).toBe(videoCount)
    const store = await VectorStore.open(join(folder, 'vectors'))
    try {
      // Five rows of an overview, four of each dense segment: no row lost, none left over.
      expect(await store.contents('overview', keys.overview)).toEqual(ledger.complete(keys.overview))
      expect(await store.contents('dense', keys.dense)).toEqual(
        new Map(Array.from({ length: videoCount }, (_, index) => [`content-${index + 1}`, 4 * denseSegments(index)])),
      )
    } finally {
      await store.close()
    }
    // A kill costs at most the pass in flight and the one being written: two dense passes of five segments.
    expect(encoded(folder)).toBeGreaterThanOrEqual(segmentCounts)
    expect(encoded(folder)).toBeLessThanOrEqual(segmentCounts + 3 * 10)
  } finally {
    database.close()
  }
})
