import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { openVectors } from '../../../main/workbench/open-vectors.ts'
import { Committer } from '../../../main/workers/committer.ts'
import { folderOfTest } from '../../support/folders.ts'
import { freePort } from '../../support/free-port.ts'

/** The S3 server of a Python package (`pip install 'moto[server]'`); no package of npm refuses what a store needs. */
const hasServer = spawnSync('moto_server', ['--help']).status === 0
if (!hasServer) console.log('There is no moto_server here: the tests of a store at s3:// are left out.')

describe.skipIf(!hasServer)('a store on an S3 server', () => {
  const before = { ...process.env }
  let stop = (): void => undefined

  beforeAll(async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', new URL(endpoint).port], { stdio: 'ignore' })
    stop = () => void server.kill('SIGKILL')
    await vi.waitFor(() => fetch(`${endpoint}/videos`, { method: 'PUT' }), { timeout: 100_000, interval: 100 })
    Object.assign(process.env, {
      AWS_ENDPOINT: endpoint,
      AWS_ALLOW_HTTP: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    })
  })
  afterAll(() => {
    stop()
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, before)
  })

  it('takes what two write at once, and gives all of it back', async () => {
    const open = async () => {
      const store = await VectorStore.open('s3://videos/store', { shared: true })
      onTestFinished(() => store.close())
      return store
    }
    const stores = [await open(), await open()]
    const names = (place: number) => Array.from({ length: 4 }, (_, number) => `video ${place}.${number}`)
    const vector = Float32Array.of(1, 0.5, 0.25)
    await Promise.all(
      stores.map(async (store, place) => {
        const committer = new Committer(store)
        for (const contentId of names(place)) {
          const entry = { contentId, key: 'k', pass: 'overview' as const, modelHash: 'm', rows: 1, warnings: [] }
          await committer.add([{ entry, rows: [{ segment: 0, clip: -1, start: 0, end: 1, vector }] }])
        }
      }),
    )
    const all = [...names(0), ...names(1)]
    await stores[0]?.optimise()
    for (const store of stores) {
      expect(new Set((await store.contents('overview', 'k')).keys())).toEqual(new Set(all))
    }
    const database = openDatabase(join(folderOfTest('s3'), 'library.db'))
    onTestFinished(() => database.close())
    const ledger = EmbeddingLedger.copy(database)
    await stores[1]?.shared?.copyTo(ledger)
    expect([...ledger.complete('k').keys()].sort()).toEqual(all)
    const [row] = (await stores[1]?.get({ pass: 'overview', key: 'k', contentId: 'video 0.3' })) ?? []
    expect(row?.vector).toEqual(vector)
  })

  it('is told in a sentence where there is no such bucket', async () => {
    const choice = { own: folderOfTest('own'), memory: 0, onProblem: () => undefined, set: null }
    await expect(openVectors({ ...choice, named: 's3://nowhere/store' })).rejects.toMatchObject({
      code: 'store-unusable',
    })
  })
})
