import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { catalogue } from '../../../main/downloads/catalogue.ts'
import { Downloads } from '../../../main/downloads/downloads.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import type { Database } from '../../../main/storage/database.ts'
import { FileServer, serve, status } from '../../support/file-server.ts'
import type { Answer } from '../../support/file-server.ts'
import { folderOfTest } from '../../support/folders.ts'
import { noModels } from '../../support/models/no-models.ts'

const weights = Buffer.alloc(300_000, 'weights')
const settingsFile = Buffer.from('depths: [2, 2]')
const server = new FileServer()
let workspace: string
let database: Database
let jobs: JobQueue
let downloads: Downloads
let offline: boolean
let mirror: string | null

beforeAll(() => server.listen())
afterAll(() => server.close())
beforeEach(() => {
  workspace = folderOfTest('downloads')
  offline = false
  mirror = null
  open()
})
afterEach(async () => {
  await close()
})

/** As the program starts. */
function open(): void {
  database = openDatabase(join(workspace, 'library.db'))
  jobs = new JobQueue(database)
  downloads = new Downloads({
    workspace,
    jobs,
    patience: { stall: 60_000, pauses: [5, 5] },
    settings: () => ({ offline, downloadMirror: mirror }),
    models: noModels,
    recommended: [],
    catalogue: [
      {
        id: 'tiny',
        title: 'A tiny model',
        text: '',
        licence: 'MIT',
        page: 'https://publisher.example',
        files: [
          {
            name: 'config.yaml',
            role: 'config',
            url: `${server.url}/config.yaml`,
            size: settingsFile.length,
            sha256: createHash('sha256').update(settingsFile).digest('hex'),
          },
          { name: 'weights.bin', role: 'weights', url: `${server.url}/weights.bin`, size: null, sha256: null },
        ],
      },
      {
        id: 'part',
        title: 'A part of one',
        text: '',
        licence: 'MIT',
        page: 'https://publisher.example',
        needs: ['tiny'],
        files: [{ name: 'part.pth', role: 'swin', url: `${server.url}/part.pth`, size: null, sha256: null }],
      },
    ],
  })
  jobs.define({ download: { run: downloads.job() } })
  jobs.start()
}

async function close(): Promise<void> {
  await jobs.close()
  await downloads.close()
  database.close()
}

const config = serve({ content: settingsFile })
/** Sends the beginning and then nothing more. */
const silent: Answer = (_request, response) => {
  response.writeHead(200, { 'content-length': weights.length, etag: '"v1"' }).write(weights.subarray(0, 100_000))
}
const place = (name: string) => join(workspace, 'downloads', 'tiny', name)
const tiny = async () => (await downloads.list()).downloads[0]!
const arrived = async (bytes: number) =>
  expect.poll(async () => (await tiny()).files[1]?.received, { timeout: 60_000 }).toBe(bytes)

it('brings every file of a publication, counting bytes', async () => {
  server.answers(config, serve({ content: weights }))
  const job = await jobs.wait(downloads.start('tiny').jobId)
  expect(job).toMatchObject({
    kind: 'download',
    state: 'succeeded',
    progress: {
      done: weights.length + settingsFile.length,
      total: weights.length + settingsFile.length,
      unit: 'bytes',
    },
  })
  expect(readFileSync(place('weights.bin')).equals(weights)).toBe(true)
  expect(await tiny()).toMatchObject({
    jobId: job.id,
    files: [
      { complete: true, received: settingsFile.length },
      { complete: true, size: weights.length, path: place('weights.bin') },
    ],
  })
})

it('brings first what an import of it takes too', async () => {
  server.answers(config, serve({ content: weights }))
  expect((await jobs.wait(downloads.start('part').jobId)).state).toBe('succeeded')
  expect(server.requests.map(({ url }) => url)).toEqual(['/config.yaml', '/weights.bin', '/part.pth'])
  expect((await downloads.list()).downloads.map(({ files }) => files.every(({ complete }) => complete))).toEqual([
    true,
    true,
  ])
})

it('fetches only what is missing', async () => {
  server.answers(config, status(404))
  expect((await jobs.wait(downloads.start('tiny').jobId)).problem).toMatch(/does not have weights\.bin any more/)
  server.answers(serve({ content: weights }))
  expect((await jobs.wait(downloads.start('tiny').jobId)).state).toBe('succeeded')
  expect(server.requests.map(({ url }) => url)).toEqual(['/weights.bin'])
})

it('leaves nothing half-downloaded behind when it is cancelled', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  await arrived(100_000)
  expect(await tiny()).toMatchObject({ jobId })
  jobs.cancel(jobId)
  expect((await jobs.wait(jobId)).state).toBe('cancelled')
  expect(await tiny()).toMatchObject({ files: [{ complete: true }, { complete: false, received: 0 }] })
  expect(existsSync(place('weights.bin.part')) || existsSync(place('weights.bin.part.json'))).toBe(false)
})

it('brings the whole file when it is asked for again as soon as it was cancelled', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  await arrived(100_000)
  server.answers(serve({ content: weights }))
  jobs.cancel(jobId)
  await jobs.wait(jobId)
  expect((await jobs.wait(downloads.start('tiny').jobId)).state).toBe('succeeded')
  expect(readFileSync(place('weights.bin')).equals(weights)).toBe(true)
})

it('goes on after the program was closed and opened again', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  await arrived(100_000)
  await close()
  server.answers(serve({ content: weights }))
  open()
  expect((await jobs.wait(jobId)).state).toBe('succeeded')
  expect(server.ranges).toEqual(['bytes=100000-'])
  expect(readFileSync(place('weights.bin')).equals(weights)).toBe(true)
})

it('removes what is left of a job that was cancelled while nobody ran it', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  await arrived(100_000)
  await close()
  database = openDatabase(join(workspace, 'library.db'))
  const idle = new JobQueue(database)
  idle.cancel(jobId)
  await idle.close()
  database.close()
  expect(existsSync(place('weights.bin.part'))).toBe(true)
  open()
  expect((await tiny()).files[1]?.received).toBe(0)
})

it('asks for unknown sizes only when told to', async () => {
  server.answers((request, response) =>
    response.writeHead(200, { 'content-length': request.method === 'HEAD' ? weights.length : 0 }).end(),
  )
  expect((await tiny()).files.map(({ size }) => size)).toEqual([settingsFile.length, null])
  expect(server.requests).toEqual([])
  expect((await downloads.measure('tiny')).files.map(({ size }) => size)).toEqual([settingsFile.length, weights.length])
  expect(server.requests.map(({ method }) => method)).toEqual(['HEAD'])
})

it('touches no network in offline mode', async () => {
  offline = true
  server.answers(config)
  expect(() => downloads.start('tiny')).toThrow(/Offline mode is on/)
  await expect(downloads.measure('tiny')).rejects.toThrow(/Offline mode is on/)
  expect((await tiny()).files).toHaveLength(2)
  expect(server.requests).toEqual([])
})

it('stops when offline mode is switched on, and keeps what has arrived', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  await arrived(100_000)
  offline = true
  downloads.settingsChanged()
  expect(await jobs.wait(jobId)).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/Offline mode is on/),
  })
  expect((await tiny()).files[1]).toMatchObject({ received: 100_000, size: weights.length })
})

it('takes the files from a mirror', async () => {
  mirror = `${server.url}/mirror/`
  server.answers(config, serve({ content: weights }))
  expect((await jobs.wait(downloads.start('tiny').jobId)).state).toBe('succeeded')
  expect(server.requests.map(({ url }) => url)).toEqual(['/mirror/tiny/config.yaml', '/mirror/tiny/weights.bin'])
})

it('starts one job, however often it is asked', async () => {
  server.answers(config, silent)
  const { jobId } = downloads.start('tiny')
  expect(downloads.start('tiny')).toEqual({ jobId })
  await arrived(100_000)
  await expect(downloads.remove('tiny')).rejects.toThrow(/is being downloaded: cancel that first/)
})

it('deletes what was downloaded', async () => {
  server.answers(config, serve({ content: weights }))
  await jobs.wait(downloads.start('tiny').jobId)
  await downloads.remove('tiny')
  expect((await tiny()).files.map(({ received }) => received)).toEqual([0, 0])
})

it('names what there is when asked for something else', () => {
  expect(() => downloads.start('huge')).toThrow(/no download ‘huge’; there are tiny, part/)
})

it('lists published files by secure addresses, each in its own place', () => {
  const files = catalogue.flatMap(({ id, files: ofOne }) =>
    ofOne.map(file => ({ ...file, place: `${id}/${file.name}` })),
  )
  for (const { url } of files) expect(url).toMatch(/^https:\/\//)
  expect(new Set(files.map(file => file.place)).size).toBe(files.length)
})
