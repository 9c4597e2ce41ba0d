import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { slowly } from '../../support/file-server.ts'
import { folderOfTest } from '../../support/folders.ts'
import { commitOf, filesOf, HubStandIn, sha256Of } from '../../support/hub.ts'
import { published } from '../../unit/models/hub-folder/published.ts'
import { writeTinyFolder } from '../../unit/models/hub-folder/tiny-folder.ts'
import { KillableProcess } from './processes/jobs-processes.ts'

const name = 'tester/tiny-clip'
const commit = commitOf('one')
const stand = new HubStandIn()
let workspace: string
let database: Database
let queue: JobQueue
let child: KillableProcess | null = null
let files: Map<string, Buffer>

beforeEach(async () => {
  await stand.listen()
  workspace = folderOfTest('hub-kill')
  database = openDatabase(join(workspace, 'library.db'))
  // Never started: it enqueues, the children work.
  queue = new JobQueue(database)
  const folder = await writeTinyFolder(join(workspace, 'repository'), {
    ...published.clip,
    text: { dataFile: 'text_model.onnx_data' },
  })
  // Weights beside a tower may be longer than what it takes of them.
  const data = join(folder, 'onnx/text_model.onnx_data')
  mkdirSync(dirname(data), { recursive: true })
  writeFileSync(data, Buffer.concat([readFileSync(data), Buffer.alloc(1_000_000, 'weights')]))
  files = filesOf(folder)
  stand.repositories.set(name, { commit, files })
})
afterEach(async () => {
  await child?.kill()
  await stand.close()
  await queue.close()
  database.close()
})

it('goes on after kill -9 with the commit and the bytes that it had', async () => {
  const large = files.get('onnx/text_model.onnx_data')!
  // However late the kill comes, there is something left to go on with.
  let mostOf = 0
  stand.fault = (request, where) =>
    where === 'content' && request.url?.startsWith(`/${sha256Of(large)}`) ? slowly(large, 20_000, () => mostOf) : null
  const target = join(workspace, 'downloads/hub/tester--tiny-clip/tiny-clip/onnx/text_model.onnx_data')
  const received = () => statSync(`${target}.part`, { throwIfNoEntry: false })?.size ?? 0
  queue.enqueue({ kind: 'download', title: `Download hf:${name}`, payload: { id: `hf:${name}` } })
  const kept: number[] = []
  for (const goal of [200_000, 500_000]) {
    mostOf = goal + 100_000
    child = await KillableProcess.start('tests/fault/killed/processes/hub-download-child.ts', [
      workspace,
      stand.hub.url,
    ])
    await expect.poll(received, { timeout: 120_000, interval: 5 }).toBeGreaterThan(goal)
    await child.kill()
    kept.push(received())
  }
  mostOf = Infinity
  child = await KillableProcess.start('tests/fault/killed/processes/hub-download-child.ts', [workspace, stand.hub.url])
  await child.sent(1)
  expect(readFileSync(target).equals(large)).toBe(true)
  const ranges = stand.content.requests
    .filter(({ url }) => url?.startsWith(`/${sha256Of(large)}`))
    .map(({ headers }) => headers.range ?? 'all')
  expect([...new Set(ranges)]).toEqual(['all', ...kept.map(bytes => `bytes=${bytes}-`)])
  expect(stand.asked.filter(url => url.startsWith('/api/'))).toHaveLength(1)
})
