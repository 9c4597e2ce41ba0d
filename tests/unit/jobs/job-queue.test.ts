import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { job as jobSchema } from '../../../main/api/jobs.ts'
import type { Job } from '../../../main/api/jobs.ts'
import type { JobChange } from '../../../main/jobs/job-changes.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import type { Database } from '../../../main/storage/database.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { folderOfTest } from '../../support/folders.ts'

let directory: string
let databases: Database[]
let queues: JobQueue[]

function openQueue(onBug?: (error: unknown) => void): JobQueue {
  const database = openDatabase(join(directory, 'library.db'))
  const queue = new JobQueue(database, onBug ? { onBug } : {})
  databases.push(database)
  queues.push(queue)
  return queue
}

beforeEach(() => {
  directory = folderOfTest('jobs')
  databases = []
  queues = []
})
afterEach(async () => {
  for (const queue of queues) await queue.close()
  for (const database of databases) database.close()
})

describe('running', () => {
  it('runs what was enqueued and keeps how it ended', async () => {
    const queue = openQueue()
    const seen: unknown[] = []
    queue.define({
      scan: {
        run: async ({ payload, fail, progress }) => {
          seen.push(payload)
          fail('/videos/a.mp4', 'a.mp4 is empty.')
          fail('/videos/a.mp4', 'a.mp4 is still empty.')
          progress({ done: 3, total: 3, unit: 'videos' })
          return 'succeeded'
        },
      },
    })
    queue.start()
    const { id, state } = queue.enqueue({ kind: 'scan', title: 'Scanning', payload: { folderIds: [1] } })
    expect(state).toBe('queued')
    const ended = await queue.wait(id)
    expect(jobSchema.parse(ended)).toMatchObject({
      state: 'succeeded',
      problem: null,
      failures: [{ path: '/videos/a.mp4', reason: 'a.mp4 is still empty.' }],
      progress: { done: 3, total: 3, unit: 'videos' },
    })
    expect(seen).toEqual([{ folderIds: [1] }])
    expect(ended.endedAt).toBeGreaterThanOrEqual(ended.startedAt ?? Infinity)
  })

  it('fails a job with the sentence of an expected failure, and tells a bug apart', async () => {
    const bugs: unknown[] = []
    const queue = openQueue(error => bugs.push(error))
    queue.define({
      scan: { run: () => Promise.reject(new ExpectedError('ffmpeg-missing', 'ffprobe was not found: install it.')) },
    })
    queue.define({ index: { run: () => Promise.reject(new TypeError('x is undefined')) } })
    queue.start()
    const expected = await queue.wait(queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null }).id)
    const bug = await queue.wait(queue.enqueue({ kind: 'index', title: 'Indexing', payload: null }).id)
    expect(expected).toMatchObject({ state: 'failed', problem: 'ffprobe was not found: install it.' })
    expect(bug.state).toBe('failed')
    expect(bug.problem).toContain('error in the program: x is undefined')
    expect(bugs).toHaveLength(1)
  })

  it('runs one job of a kind at a time, kinds beside each other', async () => {
    const queue = openQueue()
    const running = { scan: 0, index: 0 }
    const most = { scan: 0, index: 0, together: 0 }
    let meet = () => {}
    const met = new Promise<void>(resolve => {
      meet = resolve
    })
    for (const kind of ['scan', 'index'] as const) {
      queue.define({
        [kind]: {
          run: async () => {
            running[kind] += 1
            most[kind] = Math.max(most[kind], running[kind])
            most.together = Math.max(most.together, running.scan + running.index)
            if (most.together === 2) meet()
            // One of each kind waits for the other, which a queue that ran one job at a time would never begin.
            await met
            running[kind] -= 1
            return 'succeeded'
          },
        },
      })
    }
    queue.start()
    const ids = (['scan', 'scan', 'index', 'index', 'scan'] as const).map(
      kind => queue.enqueue({ kind, title: kind, payload: null }).id,
    )
    await Promise.all(ids.map(id => queue.wait(id)))
    expect(most).toEqual({ scan: 1, index: 1, together: 2 })
  })

  it('enqueues the successor on success only', async () => {
    const queue = openQueue()
    let succeed = false
    const indexed: unknown[] = []
    queue.define({
      scan: {
        run: async () => {
          if (!succeed) throw new ExpectedError('disk-full', 'The disk is full.')
          return 'succeeded'
        },
      },
    })
    queue.define({
      index: {
        run: async ({ payload }) => {
          indexed.push(payload)
          return 'succeeded'
        },
      },
    })
    queue.start()
    const next = { kind: 'index', title: 'Indexing', payload: { dense: true } } as const
    const failed = await queue.wait(queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null }, next).id)
    expect(queue.next(failed.id)).toBeNull()
    succeed = true
    const scanned = await queue.wait(queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null }, next).id)
    const successor = queue.next(scanned.id)
    expect(successor).toMatchObject({ kind: 'index', title: 'Indexing' })
    await queue.wait(successor?.id ?? -1)
    expect(indexed).toEqual([{ dense: true }])
  })

  it('does not queue the same work twice when asked once', () => {
    const queue = openQueue()
    const first = queue.enqueueOnce({ kind: 'scan', title: 'Scanning', payload: { folderIds: [1] } })
    expect(queue.enqueueOnce({ kind: 'scan', title: 'Scanning', payload: { folderIds: [1] } }).id).toBe(first.id)
    expect(queue.enqueueOnce({ kind: 'scan', title: 'Scanning', payload: { folderIds: [2] } }).id).not.toBe(first.id)
  })

  it('leaves one entry of routine work, but keeps what has something to report', async () => {
    const queue = openQueue()
    let broken = false
    queue.define({
      scan: {
        run: async ({ fail }) => {
          if (broken) fail('/videos/a.mp4', 'It is empty.')
          return 'succeeded'
        },
      },
    })
    queue.start()
    const scan = (folder: number) =>
      queue.wait(queue.enqueueOnce({ kind: 'scan', title: 'Scan what changed', payload: { folder } }).id)
    for (let folder = 0; folder < 3; folder += 1) await scan(folder)
    expect(queue.list()).toHaveLength(1)
    broken = true
    const reported = await scan(3)
    broken = false
    await scan(4)
    await scan(5)
    expect(queue.list().map(job => job.failures.length)).toEqual([0, 1])
    expect(queue.list()[1]?.id).toBe(reported.id)
  })

  it('refuses to start when a stored job has no handler', async () => {
    openQueue().enqueue({ kind: 'proxy', title: 'Making a playable copy', payload: { videoId: 1 } })
    const queue = openQueue()
    queue.define({ scan: { run: async () => 'succeeded' } })
    expect(() => queue.start()).toThrow('kind proxy has no handler')
  })

  it('lists a thousand failures and says how many more there are', async () => {
    const queue = openQueue()
    queue.define({
      scan: {
        run: async ({ fail }) => {
          for (let i = 0; i < 1500; i += 1) fail(`/videos/${i}.mp4`, 'It is empty.')
          return 'succeeded'
        },
      },
    })
    queue.start()
    const { id, failures } = await queue.wait(queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null }).id)
    expect(failures).toHaveLength(1000)
    expect(failures.at(-1)?.reason).toContain('501 more files')
    expect(queue.failures(id)).toHaveLength(1500)
  })
})

describe('telling', () => {
  it('sends at most ten messages a second per job, done never falling, and always the last state', async () => {
    const queue = openQueue()
    const changes: { at: number; job: Job }[] = []
    const reported: number[] = []
    queue.onChange((change: JobChange) => {
      if (change.type === 'job') changes.push({ at: performance.now(), job: change.job })
    })
    queue.define({
      scan: {
        run: async ({ progress }) => {
          for (let done = 1; done <= 200; done += 1) {
            progress({ done, total: 200, unit: 'videos', current: `clip ${done}.mp4` })
            reported.push(performance.now())
            await sleep(5)
          }
          return 'succeeded'
        },
      },
    })
    queue.start()
    await queue.wait(queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null }).id)
    const running = changes.filter(({ job }) => job.state === 'running')
    const seconds = ((running.at(-1)?.at ?? 0) - (running[0]?.at ?? 0)) / 1000
    expect(running.length).toBeLessThanOrEqual(seconds * 10 + 2)
    expect(running.length).toBeGreaterThan(5)
    const done = changes.map(({ job }) => job.progress.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(changes.at(-1)?.job).toMatchObject({ state: 'succeeded', progress: { done: 200, total: 200 } })
    // Whatever the mean, it lies between the slowest step and the quickest; the queue's clock may count whole
    // milliseconds.
    const steps = reported.slice(1).map((at, index) => at - (reported[index] ?? 0))
    const rate = running.at(-1)?.job.progress.rate ?? 0
    expect(rate).toBeGreaterThan(1000 / (Math.max(...steps) + 2))
    expect(rate).toBeLessThan(1000 / Math.max(Math.min(...steps) - 2, 1))
  })

  it('forgets a dismissed job and refuses to dismiss one that is not over', async () => {
    const queue = openQueue()
    const removed: number[] = []
    queue.onChange(change => {
      if (change.type === 'job-removed') removed.push(change.id)
    })
    queue.define({ scan: { run: async () => 'succeeded' } })
    const { id } = queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null })
    expect(() => queue.dismiss(id)).toThrow('has not ended yet')
    queue.start()
    await queue.wait(id)
    queue.dismiss(id)
    expect(removed).toEqual([id])
    expect(queue.list()).toEqual([])
    expect(() => queue.get(id)).toThrow(ExpectedError)
  })
})

describe('stopping', () => {
  const untilAborted = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  it('cancels a waiting job at once and a running one between its steps', async () => {
    const queue = openQueue()
    queue.define({ scan: { run: ({ signal }) => untilAborted(signal) } })
    queue.start()
    const running = queue.enqueue({ kind: 'scan', title: 'First', payload: null })
    const waiting = queue.enqueue({ kind: 'scan', title: 'Second', payload: null })
    expect(queue.cancel(waiting.id).state).toBe('cancelled')
    await vi.waitUntil(() => queue.get(running.id).state === 'running')
    queue.cancel(running.id)
    expect(await queue.wait(running.id)).toMatchObject({ state: 'cancelled', problem: null })
    expect(queue.get(waiting.id).startedAt).toBeNull()
  })

  it('gives running jobs back when it closes; the next start runs them again', async () => {
    const first = openQueue()
    first.define({ scan: { run: ({ signal }) => untilAborted(signal) } })
    first.start()
    const { id } = first.enqueue({ kind: 'scan', title: 'Scanning', payload: { folderIds: null } })
    await vi.waitUntil(() => first.get(id).state === 'running')
    await first.close()
    const second = openQueue()
    expect(second.get(id).state).toBe('queued')
    second.define({ scan: { run: async () => 'succeeded' } })
    second.start()
    expect((await second.wait(id)).state).toBe('succeeded')
  })

  it('stops waiting, not the job, when the waiter gives up', async () => {
    const queue = openQueue()
    queue.define({ scan: { run: ({ signal }) => untilAborted(signal) } })
    queue.start()
    const { id } = queue.enqueue({ kind: 'scan', title: 'Scanning', payload: null })
    await vi.waitUntil(() => queue.get(id).state === 'running')
    await expect(queue.wait(id, AbortSignal.timeout(30))).rejects.toThrow()
    expect(queue.get(id).state).toBe('running')
  })
})

describe('two connections on one workspace', () => {
  it('runs a job in one of them only, and shows and cancels it from the other', async () => {
    const [one, two] = [openQueue(), openQueue()]
    let runs = 0
    const shown: Job[] = []
    for (const queue of [one, two]) {
      queue.define({
        index: {
          run: async ({ signal, progress }) => {
            runs += 1
            for (let done = 0; ; done += 1) {
              progress({ done, total: null, unit: 'videos' })
              await sleep(20, undefined, { signal })
            }
          },
        },
      })
    }
    one.start()
    const { id } = one.enqueue({ kind: 'index', title: 'Indexing', payload: null })
    two.onChange(change => {
      if (change.type === 'job') shown.push(change.job)
    })
    two.start()
    // Each time that it shows progress the other has looked at what there is to run.
    const seen = () => shown.filter(job => job.state === 'running' && job.progress.done > 0).length
    await vi.waitUntil(() => seen() >= 3, { timeout: 60_000 })
    expect(runs).toBe(1)
    two.cancel(id)
    expect((await two.wait(id)).state).toBe('cancelled')
    expect(runs).toBe(1)
  })
})
