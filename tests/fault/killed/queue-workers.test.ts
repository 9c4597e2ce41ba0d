import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { contentIdentity } from '../../../main/storage/files/file-identity.ts'
import { WorkQueue } from '../../../main/workers/queue.ts'
import { childProgram } from '../../support/child-program.ts'
import { folderOfTest } from '../../support/folders.ts'
import { hasRedis, redisOfFile } from '../../support/redis.ts'
import { frameCount } from '../../unit/retrieval/stand-ins.ts'

const [videoCount, kills] = [60, 8]
const startRedis = redisOfFile()
const keys = embeddingKeys({ hash: 'm', frames: frameCount }, { sampling: 'fast', denseRate: 1 })
/** A small linear congruential generator: the same choices in every run. */
let state = 5
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32

it.skipIf(!hasRedis)('workers that are killed at random index every video once in effect', async () => {
  const folder = folderOfTest('workers')
  const redis = await startRedis()
  const items = await Promise.all(
    Array.from({ length: videoCount }, async (_, index) => {
      const path = join(folder, `${index}.mp4`)
      writeFileSync(path, `video ${index}`)
      return { path, contentId: await contentIdentity(path), keys }
    }),
  )
  const queue = await WorkQueue.open({ redis, lock: 1 })
  await queue.fill(items)
  // The same again changes nothing.
  await queue.fill(items)
  expect(await queue.counts()).toEqual({ toEmbed: videoCount, toWrite: 0, failed: 0 })

  const program = await childProgram('tests/fault/killed/processes/queue-worker.ts')
  const start = (role: string) => startWorker([program, redis, join(folder, 'store'), role])
  const roles = ['embed', 'embed', 'embed', 'write']
  const workers = roles.map(start)
  const done = async () => {
    const { toEmbed, toWrite } = await queue.counts()
    return 2 * videoCount - 2 * toEmbed - toWrite
  }
  let killed = 0
  // Spread over the work: each time a part of it is done, whoever is chosen dies.
  for (let kill = 1; kill <= kills; kill += 1) {
    while ((await done()) < (kill * 1.6 * videoCount) / (kills + 2)) await delay(10)
    const chosen = Math.floor(random() * roles.length)
    workers[chosen]!.kill()
    killed += Number((await workers[chosen]!.ended).signal === 'SIGKILL')
    workers[chosen] = start(roles[chosen]!)
  }
  const ends = await Promise.all(workers.map(({ ended }) => ended))
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(killed).toBeGreaterThanOrEqual(kills / 2)
  expect(await queue.counts()).toEqual({ toEmbed: 0, toWrite: 0, failed: 0 })
  await queue.close()

  const store = await VectorStore.open(join(folder, 'store'), { shared: true })
  const database = openDatabase(join(folder, 'library.db'))
  try {
    const ledger = EmbeddingLedger.copy(database)
    await store.shared?.copyTo(ledger)
    // Five rows of an overview, eight of the two segments of a dense pass: none lost, none twice.
    const each = (rows: number) => new Map(items.map(({ contentId }) => [contentId, rows]).sort() as [string, number][])
    const sorted = (map: Map<string, number>) => new Map([...map].sort())
    expect(sorted(await store.contents('overview', keys.overview))).toEqual(each(5))
    expect(sorted(await store.contents('dense', keys.dense))).toEqual(each(8))
    expect(sorted(ledger.complete(keys.overview))).toEqual(each(5))
    expect(sorted(ledger.complete(keys.dense))).toEqual(each(8))
    console.log(
      `${videoCount} videos, ${killed} kills: every one indexed once. The last workers: ${ends.map(({ text }) => text).join(' ')}`,
    )
  } finally {
    database.close()
    await store.close()
  }
})

interface End {
  readonly code: number | null
  readonly signal: string | null
  readonly text: string
}

function startWorker(words: readonly string[]): { kill(): void; readonly ended: Promise<End> } {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = new Promise<End>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal, text: text.trim() }))
  })
  return { kill: () => void child.kill('SIGKILL'), ended }
}

it.skipIf(!hasRedis)('says in one sentence when Redis cannot be reached, without the password', async () => {
  await expect(WorkQueue.open({ redis: 'redis://me:secret@127.0.0.1:1', lock: 1 })).rejects.toThrow(
    /^Redis at redis:\/\/…@127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*\): start redis-server there, or correct --redis\.$/,
  )
})
