import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobKind } from '../../../main/api/jobs.ts'
import type { JobDefinition, JobTable } from '../../../main/jobs/job-handler.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'

let directory: string
let database: Database
let queue: JobQueue

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lfvila-job-table-'))
  database = openDatabase(join(directory, 'library.db'))
  queue = new JobQueue(database)
})
afterEach(async () => {
  await queue.close()
  database.close()
  rmSync(directory, { recursive: true, force: true })
})

const done: JobDefinition = { run: async () => 'succeeded' }

describe('the table of jobs', () => {
  it('has a line for every kind of the contract, which the type system demands', () => {
    const { scan, ...rest } = Object.fromEntries(jobKind.options.map(kind => [kind, done])) as JobTable
    const complete: JobTable = { ...rest, scan }
    // @ts-expect-error a table without one of the kinds is refused by the compiler
    const incomplete: JobTable = rest
    expect(Object.keys(complete).sort()).toEqual([...jobKind.options].sort())
    expect(Object.keys(incomplete)).not.toContain('scan')
  })

  it('has no second handler for a kind', () => {
    queue.define({ scan: done })
    expect(() => queue.define({ scan: done })).toThrow('a handler for jobs of kind scan already')
  })

  it('tells a job that had nothing left to do from one that did it, and goes on with the next', async () => {
    queue.define({ scan: { run: async () => 'skipped' }, index: done })
    queue.start()
    const { id } = queue.enqueue(
      { kind: 'scan', title: 'Scan', payload: null },
      { kind: 'index', title: 'Index', payload: null },
    )
    expect(await queue.wait(id)).toMatchObject({ state: 'skipped', problem: null })
    expect(new JobQueue(database).get(id).state).toBe('skipped')
    const next = queue.next(id)
    expect(next && (await queue.wait(next.id))).toMatchObject({ kind: 'index', state: 'succeeded' })
  })

  it('leaves to others what it is asked for after it has stopped', async () => {
    queue.define({ scan: done })
    queue.start()
    await queue.stop()
    const { id } = queue.enqueue({ kind: 'scan', title: 'Scan', payload: null })
    const other = new JobQueue(database)
    try {
      other.define({ scan: done })
      other.start()
      expect(await other.wait(id)).toMatchObject({ state: 'succeeded' })
    } finally {
      await other.close()
    }
  })
})
