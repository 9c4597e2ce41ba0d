import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { folderOfTest } from '../../support/folders.ts'
import { KillableProcess } from './processes/jobs-processes.ts'

const stepCount = 120
let directory: string
let database: Database
let queue: JobQueue
let children: KillableProcess[]

beforeEach(() => {
  directory = folderOfTest('kill')
  database = openDatabase(join(directory, 'library.db'))
  // Never started: it enqueues and watches, the children work.
  queue = new JobQueue(database)
  children = []
})
afterEach(async () => {
  await Promise.all(children.map(child => child.kill()))
  await queue.close()
  database.close()
})

async function startChild(): Promise<KillableProcess> {
  const child = await KillableProcess.start('tests/fault/killed/processes/jobs-child.ts', [
    directory,
    String(stepCount),
  ])
  children.push(child)
  await child.sent(1)
  return child
}

function expectAllDoneOnce(kills: number): void {
  const steps = database
    .prepare('SELECT number FROM steps ORDER BY number')
    .all<{ number: number }>()
    .map(row => row.number)
  expect(steps).toEqual(Array.from({ length: stepCount }, (_, step) => step))
  const attempts = readFileSync(join(directory, 'attempts.txt'), 'utf8').trim().split('\n')
  // A kill loses at most the step in flight.
  expect(attempts.length).toBeLessThanOrEqual(stepCount + kills)
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
}

it('goes on after kill -9 at any moment, without loss and without double work', async () => {
  const { id } = queue.enqueue(
    { kind: 'index', title: 'Indexing', payload: null },
    { kind: 'export', title: 'Exporting', payload: null },
  )
  const kills = 4
  for (let round = 0; round < kills; round += 1) {
    const child = await startChild()
    await child.sent(8 + 5 * round)
    // Not always at the same point of a step.
    await sleep(3 * round)
    await child.kill()
    expect(queue.get(id).state).toBe('running')
  }
  await startChild()
  const job = await queue.wait(id)
  expect(job).toMatchObject({ state: 'succeeded', progress: { done: stepCount, total: stepCount } })
  expect(job.failures.map(failure => failure.path)).toEqual(
    Array.from({ length: stepCount / 10 }, (_, tenth) => `step ${tenth * 10}`),
  )
  expectAllDoneOnce(kills)
  const successors = queue.list().filter(candidate => candidate.kind === 'export')
  expect(successors).toHaveLength(1)
  expect(queue.next(id)?.id).toBe(successors[0]?.id)
})

it('another process takes over from one that was killed, and never works beside a living one', async () => {
  const [one, two] = [await startChild(), await startChild()]
  const { id } = queue.enqueue({ kind: 'index', title: 'Indexing', payload: null })
  await Promise.race([one.sent(20), two.sent(20)])
  const owner = one.messages > two.messages ? one : two
  const workers = (): number[] =>
    database
      .prepare('SELECT DISTINCT pid FROM steps')
      .all<{ pid: number }>()
      .map(row => row.pid)
  expect(workers()).toEqual([owner.pid])
  await owner.kill()
  expect((await queue.wait(id)).state).toBe('succeeded')
  expect(workers()).toHaveLength(2)
  expectAllDoneOnce(1)
})

it('a job that was to be cancelled when its process was killed is cancelled, not run again', async () => {
  const { id } = queue.enqueue({ kind: 'index', title: 'Indexing', payload: null })
  const child = await startChild()
  await child.sent(6)
  await child.kill()
  expect(queue.cancel(id).state).toBe('cancelled')
  await startChild()
  // Jobs of a kind are run in their order: when a later one is done, the cancelled one was passed over.
  const next = queue.enqueue({ kind: 'index', title: 'Indexing', payload: null })
  expect((await queue.wait(next.id)).state).toBe('succeeded')
  expect(queue.get(id).state).toBe('cancelled')
})
