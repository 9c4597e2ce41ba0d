import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { FileServer, slowly } from '../../support/file-server.ts'
import { folderOfTest } from '../../support/folders.ts'
import { KillableProcess } from './processes/jobs-processes.ts'

/** Bytes in which every position can be told from every other. */
const content = Buffer.from(Uint32Array.from({ length: 250_000 }, (_, index) => Math.imul(index, 2654435761)).buffer)
const portion = 20_000

let workspace: string
let database: Database
let queue: JobQueue
let server: FileServer
let child: KillableProcess | null = null

beforeEach(async () => {
  workspace = folderOfTest('download-kill')
  database = openDatabase(join(workspace, 'library.db'))
  // Never started: it enqueues and watches, the children work.
  queue = new JobQueue(database)
  server = new FileServer()
  await server.listen()
})
afterEach(async () => {
  await child?.kill()
  await server.close()
  await queue.close()
  database.close()
})

it('goes on after kill -9 with the bytes that had arrived', async () => {
  // However late the kill comes, there is something left to go on with.
  let mostOf = 0
  server.answers(slowly(content, portion, () => mostOf))
  const folder = join(workspace, 'downloads', 'one')
  const received = () => statSync(join(folder, 'weights.bin.part'), { throwIfNoEntry: false })?.size ?? 0
  const { id } = queue.enqueue({ kind: 'download', title: 'Download One file', payload: { id: 'one' } })
  const kept: number[] = []
  for (const goal of [200_000, 500_000]) {
    mostOf = goal + 100_000
    child = await KillableProcess.start('tests/fault/killed/processes/download-child.ts', [
      workspace,
      `${server.url}/weights.bin`,
    ])
    await expect.poll(received, { timeout: 120_000, interval: 5 }).toBeGreaterThan(goal)
    await child.kill()
    kept.push(received())
  }
  mostOf = Infinity
  child = await KillableProcess.start('tests/fault/killed/processes/download-child.ts', [
    workspace,
    `${server.url}/weights.bin`,
  ])
  expect((await queue.wait(id)).state).toBe('succeeded')
  expect(readFileSync(join(folder, 'weights.bin')).equals(content)).toBe(true)
  expect(readdirSync(folder)).toEqual(['weights.bin'])
  expect(server.ranges).toEqual(['all', ...kept.map(bytes => `bytes=${bytes}-`)])
})
