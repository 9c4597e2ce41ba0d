import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { migrations } from '../../../main/storage/migrations.ts'
import { folderOfTest } from '../../support/folders.ts'

let file: string
const progress = JSON.stringify({ done: 3, total: 3, unit: 'videos', rate: null, secondsLeft: null, current: null })

beforeEach(() => {
  file = join(folderOfTest('earlier-database'), 'library.db')
  const database = new Libsql(file)
  for (const { version, sql } of migrations.filter(({ version }) => version <= 5)) {
    database.exec(sql)
    database.exec(`PRAGMA user_version = ${version}`)
  }
  const job = database.prepare(
    "INSERT INTO jobs (kind, title, payload, state, progress, problem, created_at, ended_at) VALUES (?, ?, 'null', ?, ?, ?, 1, 2)",
  )
  job.run(['scan', 'Scan', 'succeeded', progress, null])
  job.run(['index', 'Index', 'failed', progress, 'The disk is full.'])
  job.run(['export', 'Export', 'cancelled', progress, null])
  database.exec("INSERT INTO job_failures (job_id, path, reason) VALUES (1, 'b.mp4', 'broken'), (1, 'a.mp4', 'empty')")
  // The last id was given once: it must not be given again.
  database.exec('DELETE FROM jobs WHERE id = 3')
  database.close()
})

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

it('jobs of a database from before jobs could be skipped are as they were, and new ones can be', async () => {
  const database = openDatabase(file)
  const queue = new JobQueue(database)
  close = async () => {
    await queue.close()
    database.close()
  }
  expect(queue.list()).toMatchObject([
    { id: 2, kind: 'index', title: 'Index', state: 'failed', problem: 'The disk is full.', failures: [] },
    {
      id: 1,
      kind: 'scan',
      title: 'Scan',
      state: 'succeeded',
      progress: { done: 3, total: 3 },
      failures: [
        { path: 'b.mp4', reason: 'broken' },
        { path: 'a.mp4', reason: 'empty' },
      ],
    },
  ])
  queue.define({ scan: { run: async () => 'skipped' } })
  queue.start()
  const { id } = queue.enqueue({ kind: 'scan', title: 'Scan', payload: null })
  expect(id).toBe(4)
  expect(await queue.wait(id)).toMatchObject({ state: 'skipped' })
  queue.dismiss(1)
  expect(database.prepare('SELECT COUNT(*) AS count FROM job_failures').get()).toEqual({ count: 0 })
})
