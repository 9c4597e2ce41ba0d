import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobQueue } from '../../main/jobs/job-queue.ts'
import { openDatabase } from '../../main/storage/database.ts'
import type { Database } from '../../main/storage/database.ts'
import { FileServer } from '../support/file-server.ts'
import type { Answer } from '../support/file-server.ts'
import { folderOfTest } from '../support/folders.ts'
import { KillableProcess } from './jobs-processes.ts'

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

/** A portion every few milliseconds. */
const slowly: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    etag: '"v1"',
    'content-length': content.length - start,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  })
  let at = start
  const timer = setInterval(() => {
    response.write(content.subarray(at, (at += portion)))
    if (at >= content.length) response.end()
    if (at >= content.length || response.destroyed) clearInterval(timer)
  }, 5)
  response.on('close', () => clearInterval(timer))
}

it('goes on after kill -9 with the bytes that had arrived', async () => {
  server.answers(slowly)
  const folder = join(workspace, 'downloads', 'one')
  const received = () => statSync(join(folder, 'weights.bin.part'), { throwIfNoEntry: false })?.size ?? 0
  const { id } = queue.enqueue({ kind: 'download', title: 'Download One file', payload: { id: 'one' } })
  const kept: number[] = []
  for (const goal of [200_000, 500_000]) {
    child = await KillableProcess.start('tests/fault/download-child.ts', [workspace, `${server.url}/weights.bin`])
    await expect.poll(received, { timeout: 120_000, interval: 5 }).toBeGreaterThan(goal)
    await child.kill()
    kept.push(received())
  }
  child = await KillableProcess.start('tests/fault/download-child.ts', [workspace, `${server.url}/weights.bin`])
  expect((await queue.wait(id)).state).toBe('succeeded')
  expect(readFileSync(join(folder, 'weights.bin')).equals(content)).toBe(true)
  expect(readdirSync(folder)).toEqual(['weights.bin'])
  expect(server.ranges).toEqual(['all', ...kept.map(bytes => `bytes=${bytes}-`)])
})
