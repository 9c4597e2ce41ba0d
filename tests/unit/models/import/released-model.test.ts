import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { catalogue as published } from '../../../../main/downloads/catalogue.ts'
import type { Publication } from '../../../../main/downloads/catalogue.ts'
import { Downloads } from '../../../../main/downloads/downloads.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { ModelRegistry } from '../../../../main/models/registry/registry.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import type { Database } from '../../../../main/storage/database.ts'
import { downloadedModels } from '../../../../main/workbench/downloaded-models.ts'
import { FileServer, serve, status } from '../../../support/file-server.ts'
import { folderOfTest } from '../../../support/folders.ts'
import { tinyA } from '../../../support/models/models.ts'
import { zipArchive } from '../../native-models/checkpoints/zip-archive.ts'

const stage1 = readFileSync(join(tinyA, 'lfvila_pretrain_stage1.bin'))
const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...Array.from({ length: 495 }, (_, at) => `word${at}`)]
const small = {
  'model.json': readFileSync(join(tinyA, 'model_config.json')),
  'bert.json': readFileSync(join(tinyA, 'bert_config.json')),
  'vocab.txt': Buffer.from(words.join('\n')),
}
/** As the authors' archive: the weights in a folder that nobody knows beforehand, beside others. */
const archive = (name = 'lfvila_stage1.bin') =>
  zipArchive({ 'release/README.md': Buffer.from('weights'), [`release/pretrained/${name}`]: stage1 })

const server = new FileServer()
let workspace: string
let database: Database
let jobs: JobQueue
let downloads: Downloads
let registry: ModelRegistry

beforeAll(() => server.listen())
afterAll(() => server.close())
beforeEach(() => {
  workspace = folderOfTest('released')
  database = openDatabase(join(workspace, 'library.db'))
  jobs = new JobQueue(database)
  registry = new ModelRegistry(workspace)
  downloads = new Downloads({
    workspace,
    jobs,
    settings: () => ({ offline: false, downloadMirror: null }),
    models: downloadedModels(registry, { use: id => registry.use(id) }),
    catalogue: catalogue(),
    recommended: [],
    patience: { stall: 60_000, pauses: [5] },
  })
  jobs.define({ download: { run: downloads.job() } })
  jobs.start()
})
afterEach(async () => {
  await jobs.close()
  await downloads.close()
  database.close()
})

/** The published release and its configurations, as far as an import takes them, in small. */
function catalogue(): Publication[] {
  const [release] = published
  const files = Object.keys(small).map(name => ({
    ...{ name, role: 'config' as const, size: null, sha256: null },
    url: `${server.url}/${name}`,
  }))
  return [
    {
      ...release!,
      model: {
        ...release!.model!,
        ...{ config: 'small/model.json', bertConfig: 'small/bert.json', vocab: 'small/vocab.txt' },
      },
      needs: ['small'],
      files: release!.files.map(file => ({ ...file, url: `${server.url}/lfvila_release.zip?se=2027-03-01T13:01:27Z` })),
    },
    { ...release!, id: 'small', title: 'Configurations', needs: [], files, model: undefined },
  ]
}

const answers = (zip: Buffer) =>
  server.answers((request, response) => {
    const name = (request.url ?? '').slice(1).split('?')[0] ?? ''
    const content = name === 'lfvila_release.zip' ? zip : small[name as keyof typeof small]
    ;(content ? serve({ content }) : status(404))(request, response)
  })
const release = async () => (await downloads.list()).downloads[0]!
const bring = () => jobs.wait(downloads.start('lf-vila').jobId)

it('becomes the model in use by one download, from inside its archive, with its checksum on record', async () => {
  const zip = archive()
  answers(zip)
  expect(await release()).toMatchObject({ models: [], until: Date.UTC(2027, 2, 1, 13, 1, 27), becomesModel: true })
  expect(await bring()).toMatchObject({ state: 'succeeded', problem: null, failures: [] })
  const [model] = await registry.list()
  expect(model).toMatchObject({
    id: 'lf-vila',
    kind: 'pretrain-stage1',
    trained: true,
    inUse: true,
    cannotSearch: null,
  })
  const sha256 = createHash('sha256').update(zip).digest('hex')
  expect(await release()).toMatchObject({ models: ['lf-vila'], files: [{ sha256, recorded: true, complete: true }] })

  // What was computed at the first download stays, and a file that differs later is told from it.
  const other = zipArchive({ 'again/lfvila_stage1.bin': stage1 })
  await downloads.remove('lf-vila')
  answers(other)
  const again = await bring()
  expect(again.state).toBe('succeeded')
  expect(again.failures).toEqual([
    {
      path: expect.stringContaining('lfvila_release.zip') as string,
      reason: expect.stringContaining(sha256) as string,
    },
  ])
  expect((await release()).files[0]).toMatchObject({ sha256, recorded: true })
  expect(await registry.list()).toHaveLength(1)
})

it('is registered again when its model was removed, without another download', async () => {
  answers(archive())
  await bring()
  await registry.remove('lf-vila')
  const before = server.requests.length
  expect((await bring()).state).toBe('succeeded')
  expect((await registry.list()).map(({ id }) => id)).toEqual(['lf-vila'])
  expect(server.requests).toHaveLength(before)
})

it('says what the archive holds when the weights are not in it, and registers nothing', async () => {
  answers(archive('another.bin'))
  const job = await bring()
  expect(job.state).toBe('failed')
  expect(job.problem).toMatch(/has no lfvila_stage1\.bin; its checkpoints are: release\/pretrained\/another\.bin/)
  expect(await registry.list()).toEqual([])
  rmSync(join(workspace, 'models'), { recursive: true, force: true })
})

it('of the real release is told apart by what the published configurations call it, and expires in 2027', async () => {
  const real = new Downloads({
    workspace,
    jobs,
    settings: () => ({ offline: false, downloadMirror: null }),
    models: downloadedModels(registry, { use: id => registry.use(id) }),
  })
  const [first] = (await real.list()).downloads
  expect(first).toMatchObject({ id: 'lf-vila', until: Date.UTC(2027, 2, 1, 13, 1, 27), becomesModel: true })
  await real.close()
})
