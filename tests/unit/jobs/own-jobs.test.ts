import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job, JobKind } from '../../../main/api/jobs.ts'
import type { JobDefinition, JobHandler } from '../../../main/jobs/job-handler.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { folderOfTest } from '../../support/folders.ts'

let directory: string
let database: Database
let ends: (() => Promise<void> | void)[]
/** Titles of the jobs that were run, and by whom. */
let ran: string[]

beforeEach(() => {
  directory = folderOfTest('own-jobs')
  database = openDatabase(join(directory, 'library.db'))
  ends = []
  ran = []
})
afterEach(async () => {
  for (const end of ends.reverse()) await end()
  database.close()
})

const kinds: Partial<Record<JobKind, Omit<JobDefinition, 'run'>>> = {
  index: {},
  finetune: { outlives: 'always' },
  export: { outlives: 'never' },
}

function open(
  name: string,
  ownJobsOnly: boolean,
  work: (signal: AbortSignal) => Promise<void> = async () => {},
): JobQueue {
  const connection = openDatabase(join(directory, 'library.db'))
  const queue = new JobQueue(connection, { ownJobsOnly })
  const run: JobHandler = async ({ job, signal }) => {
    ran.push(`${name}: ${job.title}`)
    await work(signal)
    return 'succeeded'
  }
  queue.define(Object.fromEntries(Object.entries(kinds).map(([kind, options]) => [kind, { ...options, run }])))
  queue.start()
  ends.push(async () => {
    await queue.close()
    connection.close()
  })
  return queue
}

/** A job as `kill -9` leaves it: the process that ran or asked for it is not there any more. */
function left(kind: JobKind, title: string, by: 'window' | 'command', state: 'running' | 'queued' = 'running'): number {
  const owner = `${encodeURIComponent(hostname())}/999999999/token${by === 'command' ? '/command' : ''}`
  return database
    .prepare(
      `INSERT INTO jobs (kind, title, payload, state, progress, created_at, owner) VALUES (?, ?, 'null', ?, '{"done":0,"total":null,"unit":"","rate":null,"secondsLeft":null,"current":null}', 1, ?)`,
    )
    .run([kind, title, state, owner]).lastInsertRowid
}

const state = (id: number) =>
  database.prepare('SELECT state FROM jobs WHERE id = ?').get<{ state: string }>([id])?.state

describe('a command', () => {
  it('runs its own job and leaves what was killed before alone', async () => {
    const killed = left('finetune', 'A', 'command')
    const queue = open('command', true)
    await queue.wait(queue.enqueue({ kind: 'finetune', title: 'B', payload: null }).id)
    expect(ran).toEqual(['command: B'])
    expect(state(killed)).toBe('running')
  })

  it('runs a killed job that it waits for', async () => {
    const killed = left('finetune', 'A', 'command')
    const queue = open('command', true)
    expect(await queue.wait(killed)).toMatchObject({ state: 'succeeded' })
    expect(ran).toEqual(['command: A'])
  })

  it('says once which job of another process it waits for, and then runs its own', async () => {
    let finish = () => {}
    const window = open(
      'window',
      false,
      () =>
        new Promise(resolve => {
          finish = resolve
        }),
    )
    const other = window.enqueue({ kind: 'finetune', title: 'A', payload: null })
    while (state(other.id) !== 'running') await sleep(5)
    const queue = open('command', true)
    const waitedFor: string[] = []
    const waiting = queue.wait(queue.enqueue({ kind: 'finetune', title: 'B', payload: null }).id, undefined, job =>
      waitedFor.push(job.title),
    )
    // What another process left is found by looking again: once it was, twice over, the run was looked at as often.
    for (const _ of [1, 2]) await queue.wait(left('index', 'meanwhile', 'command'))
    const runs = () => ran.filter(one => !one.endsWith('meanwhile'))
    expect(runs()).toEqual(['window: A'])
    finish()
    await waiting
    expect(waitedFor).toEqual(['A'])
    expect(runs()).toEqual(['window: A', 'command: B'])
  })

  it('leaves nothing behind that another would do with other options', async () => {
    const queue = open(
      'command',
      true,
      signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const [running, waiting] = [
      queue.enqueue({ kind: 'index', title: 'Index a', payload: null }),
      queue.enqueue({ kind: 'index', title: 'Index b', payload: null }),
    ]
    const run = queue.enqueue({ kind: 'finetune', title: 'A', payload: null })
    while (state(running.id) !== 'running') await sleep(5)
    await queue.close()
    expect([running, waiting, run].map(({ id }) => state(id))).toEqual(['cancelled', 'cancelled', 'queued'])
  })
})

describe('a window', () => {
  it.each([
    ['finetune', 'window', 'succeeded'],
    ['finetune', 'command', 'succeeded'],
    ['index', 'window', 'succeeded'],
    ['index', 'command', 'cancelled'],
    ['export', 'window', 'cancelled'],
    ['export', 'command', 'cancelled'],
  ] as const)('finds a job of kind %s that a %s left by being killed: %s', async (kind, by, ends) => {
    for (const was of ['running', 'queued'] as const) {
      const id = left(kind, `Left ${was}`, by, was)
      const queue = open('window', false)
      const job: Job = await queue.wait(id)
      expect(job.state).toBe(ends)
      if (ends === 'cancelled') expect(job.problem).toMatch(/ended before it was done.*ask for it again/)
    }
    expect(ran).toHaveLength(ends === 'succeeded' ? 2 : 0)
  })

  it('does not run what a living command has asked for', async () => {
    open('window', false)
    const queue = open('command', true)
    await queue.wait(queue.enqueue({ kind: 'index', title: 'Index', payload: null }).id)
    expect(ran).toEqual(['command: Index'])
  })
})

/** A disk that is full from a moment on, as the database meets it. */
function fill(queueDatabase: Database): () => void {
  const prepare = queueDatabase.prepare.bind(queueDatabase)
  queueDatabase.prepare = sql => {
    const statement = prepare(sql)
    return /^\s*(INSERT|UPDATE|DELETE)/.test(sql)
      ? {
          ...statement,
          run: () => {
            throw new ExpectedError('disk-full', 'The disk is full: free some space.')
          },
        }
      : statement
  }
  return () => {
    queueDatabase.prepare = prepare
  }
}

it('a job whose end a full disk does not take has ended all the same, and is stored when there is room', async () => {
  const connection = openDatabase(join(directory, 'library.db'))
  const told: (string | null)[] = []
  const queue = new JobQueue(connection, { onStorage: problem => told.push(problem) })
  ends.push(async () => {
    await queue.close()
    connection.close()
  })
  let free = () => {}
  queue.define({
    index: {
      run: async ({ progress }) => {
        free = fill(connection)
        progress({ done: 1, total: 2, unit: 'videos' })
        return 'succeeded'
      },
    },
  })
  queue.start()
  const { id } = queue.enqueue({ kind: 'index', title: 'Index', payload: null })
  expect(await queue.wait(id)).toMatchObject({
    state: 'failed',
    problem: 'The disk is full: free some space.',
    endedAt: expect.any(Number),
  })
  expect(queue.list()[0]?.state).toBe('failed')
  expect(state(id)).toBe('running')
  expect(told.at(-1)).toBe('The disk is full: free some space.')
  free()
  while (state(id) === 'running') await sleep(20)
  expect(state(id)).toBe('failed')
  while (told.at(-1) !== null) await sleep(20)
})

it('a write that the system refuses for want of room is no error in the program', async () => {
  const bugs: unknown[] = []
  const connection = openDatabase(join(directory, 'library.db'))
  const queue = new JobQueue(connection, { onBug: error => bugs.push(error) })
  ends.push(async () => {
    await queue.close()
    connection.close()
  })
  queue.define({
    index: {
      run: () =>
        Promise.reject(
          Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/data/a.onnx' }),
        ),
    },
  })
  queue.start()
  const { problem } = await queue.wait(queue.enqueue({ kind: 'index', title: 'Index', payload: null }).id)
  expect(problem).toMatch(/^The disk of \/data\/a\.onnx is full; free some space/)
  expect(bugs).toEqual([])
})
