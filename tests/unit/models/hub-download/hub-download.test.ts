import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Downloads } from '../../../../main/downloads/downloads.ts'
import type { Installation } from '../../../../main/downloads/installation.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import type { Database } from '../../../../main/storage/database.ts'
import { serve, status } from '../../../support/file-server.ts'
import type { Answer } from '../../../support/file-server.ts'
import { folderOfFile, folderOfTest } from '../../../support/folders.ts'
import { commitOf, filesOf, HubStandIn } from '../../../support/hub.ts'
import type { HubRepository } from '../../../support/hub.ts'
import { published } from '../hub-folder/published.ts'
import { writeTinyFolder } from '../hub-folder/tiny-folder.ts'

const name = 'tester/tiny-clip'
const id = `hf:${name}`
const token = 'hf_only_for_the_hub'
const needed = [
  ...['config.json', 'preprocessor_config.json', 'tokenizer_config.json', 'tokenizer.json'],
  ...['onnx/vision_model.onnx', 'onnx/text_model.onnx', 'onnx/text_model.onnx_data'],
]
const stand = new HubStandIn()
const scratch = folderOfFile('hub')
let usual: HubRepository
let workspace: string
let database: Database
let jobs: JobQueue
let downloads: Downloads
let registered: (Installation & { readonly files: ReadonlyMap<string, Buffer> })[]
let used: string[]
let offline: boolean
let environment: Record<string, string>

beforeAll(async () => {
  await stand.listen()
  const folder = await writeTinyFolder(join(scratch, 'plain'), {
    ...published.clip,
    text: { dataFile: 'text_model.onnx_data' },
  })
  const files = filesOf(folder)
  for (const other of ['README.md', 'onnx/model.onnx', 'onnx/vision_model_fp16.onnx', 'onnx/text_model_fp16.onnx']) {
    files.set(other, files.get('onnx/vision_model.onnx')!)
  }
  files.set('model.safetensors', Buffer.alloc(1000))
  usual = { commit: commitOf('one'), licence: 'mit', files }
})
afterAll(() => stand.close())
beforeEach(() => {
  workspace = folderOfTest('hub-download')
  environment = { HF_ENDPOINT: stand.hub.url }
  offline = false
  stand.repositories.clear()
  stand.repositories.set(name, usual)
  stand.fault = () => null
  stand.forget()
  registered = []
  used = []
  open()
})
afterEach(() => close())

/** As the program starts. */
function open(): void {
  database = openDatabase(join(workspace, 'library.db'))
  jobs = new JobQueue(database)
  downloads = new Downloads({
    workspace,
    jobs,
    environment,
    recommended: [],
    catalogue: [],
    patience: { stall: 60_000, pauses: [5, 5] },
    settings: () => ({ offline, downloadMirror: null }),
    models: {
      register(installation) {
        registered.push({ ...installation, files: filesOf(installation.weights) })
        return Promise.resolve(`model-${registered.length}`)
      },
      use(model) {
        used.push(model)
        return Promise.resolve()
      },
      list: () => Promise.resolve(registered.map(({ source = '' }, index) => ({ id: `model-${index + 1}`, source }))),
    },
  })
  jobs.define({ download: { run: downloads.job() } })
  jobs.start()
}

async function close(): Promise<void> {
  await jobs.close()
  await downloads.close()
  database.close()
}

const bring = (asked = id) => jobs.wait(downloads.start(asked).jobId)
const entry = async (of = id) => (await downloads.list()).downloads.find(one => one.id === of)
const hubFolder = () => join(workspace, 'downloads/hub')
const left = () => (existsSync(hubFolder()) ? readdirSync(hubFolder()) : [])

/** Nothing is registered, and nothing is left that a next attempt could not go on with. */
function expectNothing(): void {
  expect(registered).toEqual([])
  expect(used).toEqual([])
}

describe('a model of Hugging Face', () => {
  it('is downloaded by its name: what an import takes, at the commit that was listed, and nothing else', async () => {
    const job = await bring()
    expect(job).toMatchObject({ state: 'succeeded', title: `Download ${id}`, problem: null })
    const sizes = needed.map(path => usual.files.get(path)!.length)
    const all = sizes.reduce((sum, size) => sum + size, 0)
    expect(job.progress).toMatchObject({ done: all, total: all, unit: 'bytes', current: 'registering the model' })
    expect(registered).toHaveLength(1)
    const [{ files, weights, ...rest }] = registered as [(typeof registered)[0]]
    expect(rest).toEqual({ source: `${id}@${usual.commit}` })
    expect(weights.endsWith('tiny-clip')).toBe(true)
    expect([...files.keys()].sort()).toEqual([...needed].sort())
    for (const path of needed) expect(files.get(path)!.equals(usual.files.get(path)!)).toBe(true)
    expect(used).toEqual(['model-1'])
    // The model has the files now.
    expect(left()).toEqual([])
    expect(stand.asked).toEqual([
      `/api/models/${name}/revision/main?blobs=true`,
      ...needed.map(path => `/${name}/resolve/${usual.commit}/${path}`),
    ])
    expect(await entry()).toMatchObject({ jobId: job.id, becomesModel: true, models: ['model-1'] })
  })

  it('is taken at another revision and in another variant', async () => {
    expect((await bring(`${id}@${usual.commit}#fp16`)).state).toBe('succeeded')
    expect(registered[0]).toMatchObject({ variant: 'fp16', source: `${id}@${usual.commit}#fp16` })
    expect([...registered[0]!.files.keys()]).toContain('onnx/text_model_fp16.onnx')
    expect([...registered[0]!.files.keys()]).not.toContain('onnx/text_model.onnx')
  })

  it('is not downloaded twice: the one that is there is used', async () => {
    await bring()
    stand.forget()
    expect((await bring()).state).toBe('skipped')
    expect(stand.asked).toEqual([`/api/models/${name}/revision/main?blobs=true`])
    expect([registered.length, used]).toEqual([1, ['model-1', 'model-1']])
    // A new commit is a new model.
    stand.repositories.set(name, { ...usual, commit: commitOf('two') })
    expect((await bring()).state).toBe('succeeded')
    expect(registered).toHaveLength(2)
  })

  it('tells its files and sizes when it is asked for them', async () => {
    const measured = await downloads.measure(id)
    expect(measured).toMatchObject({ licence: 'mit', commit: usual.commit, models: [] })
    expect(measured.files.map(file => file.name)).toEqual(needed)
    expect(measured.files.map(file => file.size)).toEqual(needed.map(path => usual.files.get(path)!.length))
    expect(left()).toEqual([])
  })

  it('goes on where a dropped connection stopped, with the content server’s ranges', async () => {
    const text = usual.files.get('onnx/vision_model.onnx')!
    let first = true
    stand.fault = (_request, where) => {
      if (where === 'hub' || !first) return null
      first = false
      return serve({ content: text, dropAfter: 200 })
    }
    expect((await bring()).state).toBe('succeeded')
    expect(stand.content.ranges.slice(0, 2)).toEqual(['all', 'bytes=200-'])
  })

  it('goes on after the program was closed and opened again, with the commit that was begun', async () => {
    const tower = usual.files.get('onnx/vision_model.onnx')!
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': tower.length, etag: '"x"' }).write(tower.subarray(0, 100))
    }
    stand.fault = (_request, where) => (where === 'content' ? silent : null)
    downloads.start(id)
    const received = async () => (await entry())?.files.find(file => file.name === 'onnx/vision_model.onnx')?.received
    await expect.poll(received, { timeout: 60_000 }).toBe(100)
    await close()
    stand.fault = () => null
    stand.forget()
    // Meanwhile the branch has moved on; the old commit can still be had.
    const [small = ''] = needed
    const moved = new Map(usual.files).set(small, Buffer.from('{"model_type": "clip", "moved": true}'))
    stand.repositories.set(name, { ...usual, files: moved })
    open()
    expect((await jobs.wait(downloads.start(id).jobId)).state).toBe('succeeded')
    expect(registered[0]?.source).toBe(`${id}@${usual.commit}`)
    expect(stand.asked.filter(path => path.startsWith('/api/'))).toEqual([])
  })

  it('is begun anew when its commit is gone between listing and fetching', async () => {
    const rewritten = { ...usual, commit: commitOf('rewritten'), files: new Map(usual.files) }
    stand.fault = request => {
      // Somebody has rewritten the history just after the list was sent.
      if (request.url?.includes('/resolve/')) stand.repositories.set(name, rewritten)
      return null
    }
    expect((await bring()).state).toBe('succeeded')
    expect(registered.map(({ source }) => source)).toEqual([`${id}@${rewritten.commit}`])
  })

  it('leaves nothing half-downloaded when it is cancelled', async () => {
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 200_000, etag: '"x"' }).write(Buffer.alloc(100))
    }
    stand.fault = (_request, where) => (where === 'content' ? silent : null)
    const { jobId } = downloads.start(id)
    await expect.poll(() => stand.content.requests.length, { timeout: 60_000 }).toBeGreaterThan(0)
    jobs.cancel(jobId)
    expect((await jobs.wait(jobId)).state).toBe('cancelled')
    const unfinished = (await entry())!.files.filter(file => !file.complete)
    expect(unfinished.map(file => file.received)).toEqual(unfinished.map(() => 0))
    expectNothing()
    await downloads.remove(id)
    expect(left()).toEqual([])
  })

  it('waits as long as the hub asks, and tries again after its faults', async () => {
    const faults = [status(429, { 'retry-after': '1' }), status(503), status(500)]
    const later = [status(502), status(429, { 'retry-after': '0' })]
    stand.fault = (_request, where) => (where === 'hub' ? faults.shift() : later.shift()) ?? null
    const started = performance.now()
    expect((await bring()).state).toBe('succeeded')
    expect(performance.now() - started).toBeGreaterThan(950)
  })

  it('asks for a new address when the content server’s has expired', async () => {
    const expired = [status(403)]
    stand.fault = (_request, where) => (where === 'content' ? (expired.shift() ?? null) : null)
    expect((await bring()).state).toBe('succeeded')
  })
})

describe('the token', () => {
  it('goes to the hub and nowhere else, and into no sentence, job or file', async () => {
    environment.HF_TOKEN = token
    stand.repositories.set(name, { ...usual, readers: [token] })
    expect((await bring()).state).toBe('succeeded')
    expect(new Set(stand.hub.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${token}`]),
    )
    expect(stand.content.requests.length).toBeGreaterThan(0)
    expect(stand.content.requests.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([])

    environment.HF_TOKEN = `${token}_wrong`
    const { problem } = await bring(`${id}@other`)
    const kept = filesOf(workspace)
    for (const text of [problem ?? '', JSON.stringify(jobs.list()), ...[...kept.values()].map(String)]) {
      expect(text).not.toContain(token)
    }
  })
})

describe('what the hub refuses', () => {
  it.each<[string, Partial<HubRepository> | null, string | null, RegExp]>([
    ['a misspelt name', null, null, /has no public model tester\/tiny-clip: check the spelling/],
    ['a misspelt name, with a token', null, token, /has no model tester\/tiny-clip/],
    ['a private model', { readers: [token] }, null, /HF_TOKEN to a token from .* if it is a private one/],
    ['a private model of somebody else', { readers: ['another'] }, token, /has no model tester\/tiny-clip/],
    [
      'a licence',
      { readers: [token], gated: true },
      null,
      /asks you to accept its licence first: sign in at https:\/\/huggingface\.co\/tester\/tiny-clip/,
    ],
    [
      'a licence that this account has not accepted',
      { readers: ['another'], gated: true },
      token,
      /The account of HF_TOKEN has not been given/,
    ],
  ])('is said with the remedy: %s', async (_what, repository, asker, sentence) => {
    if (asker !== null) environment.HF_TOKEN = asker
    stand.repositories.delete(name)
    if (repository) stand.repositories.set(name, { ...usual, ...repository })
    const job = await bring()
    expect(job).toMatchObject({ state: 'failed', problem: expect.stringMatching(sentence) as string })
    expect(job.problem).not.toContain('\n')
    expectNothing()
    expect(left().filter(folder => existsSync(join(hubFolder(), folder, 'tiny-clip', 'onnx')))).toEqual([])
  })

  it.each<[string, Answer, RegExp]>([
    [
      'a token that is not valid',
      status(401, { 'x-error-message': 'Invalid credentials' }),
      /does not let the token of HF_TOKEN read .*Invalid credentials/,
    ],
    [
      'a token without the right',
      status(403, {
        'x-error-code': 'GatedRepo',
        'x-error-message': 'Please enable access to public gated repositories in your fine-grained token settings',
      }),
      /may not read models with a licence to accept/,
    ],
    [
      'a model that was closed',
      status(403, { 'x-error-message': 'Access to this resource is disabled.' }),
      /has closed hf:tester\/tiny-clip/,
    ],
    ['a pause that is too long', status(429, { 'retry-after': '3600' }), /asks to wait 60 minutes/],
    [
      'faults without end',
      status(500),
      /^The list of files of tester\/tiny-clip could not be downloaded\. .* answers 500/,
    ],
    [
      'a page of a sign-in',
      serve({ content: Buffer.from('<html>'), headers: { 'content-type': 'text/html' } }),
      /sends a web page instead of the file/,
    ],
    [
      'another service',
      serve({ content: Buffer.from('{"hello": 1}') }),
      /does not list tester\/tiny-clip as Hugging Face does/,
    ],
    [
      'a list without end',
      (_request, response) => {
        response.writeHead(200)
        for (let i = 0; i < 40; i++) response.write(Buffer.alloc(1 << 20, 32))
        response.end()
      },
      /sends more than/,
    ],
  ])('is said with the remedy: %s', async (_what, answer, sentence) => {
    environment.HF_TOKEN = token
    stand.fault = () => answer
    expect(await bring()).toMatchObject({ state: 'failed', problem: expect.stringMatching(sentence) as string })
    expectNothing()
    expect(left()).toEqual([])
  })

  it('is said of a revision that is not there', async () => {
    expect((await bring(`${id}@v2`)).problem).toMatch(/has no revision ‘v2’: its branches and tags are listed at/)
    expectNothing()
  })

  it('is not asked when the environment or the settings say so', async () => {
    environment.HF_HUB_OFFLINE = '1'
    expect(() => downloads.start(id)).toThrow(/HF_HUB_OFFLINE is set/)
    await expect(downloads.measure(id)).rejects.toThrow(/HF_HUB_OFFLINE is set/)
    environment.HF_HUB_OFFLINE = '0'
    offline = true
    expect(() => downloads.start(id)).toThrow(/Offline mode is on/)
    await expect(downloads.measure(id)).rejects.toThrow(/Offline mode is on/)
    expect(stand.asked).toEqual([])
  })
})

describe('a repository that cannot be imported', () => {
  const without = (...paths: string[]) => new Map([...usual.files].filter(([path]) => !paths.includes(path)))
  const onnx = () => [...usual.files.keys()].filter(path => path.includes('.onnx'))

  it.each<[string, string, () => ReadonlyMap<string, Buffer>, RegExp]>([
    [
      'without ONNX files',
      id,
      () => without(...onnx()),
      /has no ONNX files: look for an ONNX export .*search=tiny-clip, or export it with .*--split_modalities/,
    ],
    [
      'without towers',
      id,
      () => without(...onnx().filter(path => path !== 'onnx/model.onnx')),
      /has onnx\/model\.onnx, but no two towers/,
    ],
    [
      'with one tower',
      id,
      () => without('onnx/text_model.onnx', 'onnx/text_model_fp16.onnx'),
      /has only one tower .* onnx\/vision_model/,
    ],
    ['without a tokenizer', id, () => without('tokenizer.json'), /has no tokenizer\.json/],
    ['without config.json', id, () => without('config.json'), /has no config\.json/],
    [
      'without preprocessor_config.json',
      id,
      () => without('preprocessor_config.json'),
      /has no preprocessor_config\.json/,
    ],
    ['without the variant', `${id}#q4`, () => usual.files, /has no variant ‘q4’ of both towers; it has plain, fp16/],
    [
      'without the weights beside a tower',
      id,
      () => without('onnx/text_model.onnx_data'),
      /lacks onnx\/text_model\.onnx_data/,
    ],
    [
      'of an unknown family',
      id,
      () => new Map(usual.files).set('config.json', Buffer.from('{"model_type": "llama"}')),
      /names the family ‘llama’/,
    ],
  ])('is refused: %s', async (_what, asked, files, sentence) => {
    stand.repositories.set(name, { ...usual, files: files() })
    const { state, problem } = await bring(asked)
    expect([state, problem]).toEqual(['failed', expect.stringMatching(sentence)])
    expect(problem).toContain(asked)
    expectNothing()
  })

  it('costs no large file when the family is unknown', async () => {
    stand.repositories.set(name, {
      ...usual,
      files: new Map(usual.files).set('config.json', Buffer.from('{"model_type": "llama"}')),
    })
    await bring()
    expect(stand.content.requests).toEqual([])
  })

  it('names the repository that has the towers of a well-known one', async () => {
    stand.repositories.set('openai/clip-vit-base-patch32', { ...usual, files: without(...onnx()) })
    const { problem } = await bring('hf:openai/clip-vit-base-patch32')
    expect(problem).toMatch(/has no ONNX files: hf:Xenova\/clip-vit-base-patch32 has them/)
  })

  it('may not lead out of its folder', async () => {
    const files = new Map(usual.files).set('../../outside.json', Buffer.from('{}')).set('/etc/x', Buffer.from('{}'))
    stand.repositories.set(name, { ...usual, files })
    expect((await downloads.measure(id)).files.map(file => file.name)).toEqual(needed)
  })
})

describe('bytes that are not those that were listed', () => {
  const sent = (path: string, content: Buffer, headers: Record<string, string> = {}) => {
    stand.fault = request => (request.url?.includes(path) ? serve({ content, headers }) : null)
  }
  const same = (path: string) => Buffer.from(usual.files.get(path)!.map(byte => byte ^ 1))

  it('of a small file are known by Git’s hash', async () => {
    sent('/resolve/', same('config.json'))
    expect((await bring()).problem).toMatch(/config\.json does not have the published Git hash and was thrown away/)
    expectNothing()
  })

  it('of a large file are known by the SHA-256', async () => {
    stand.fault = (_request, where) =>
      where === 'content' ? serve({ content: same('onnx/vision_model.onnx'), etag: null }) : null
    expect((await bring()).problem).toMatch(/vision_model\.onnx does not have the published SHA-256/)
    expectNothing()
  })

  it('are known by their size', async () => {
    sent('/resolve/', Buffer.from('{}'))
    expect((await bring()).problem).toMatch(/sends 2 bytes as config\.json, which was published with \d+ bytes/)
    expectNothing()
  })

  it('are known by the commit they are of', async () => {
    sent('/resolve/', usual.files.get('config.json')!, { 'x-repo-commit': commitOf('elsewhere') })
    expect((await bring()).problem).toMatch(/sends commit [0-9a-f]{40} of tester\/tiny-clip where [0-9a-f]{40}/)
    expectNothing()
  })
})

it('is in the list for as long as it was asked for, and can be taken from it', async () => {
  stand.repositories.clear()
  await bring()
  expect(await entry()).toMatchObject({ title: id, files: [], models: [] })
  await downloads.remove(id)
  expect(await entry()).toBeUndefined()
})

it('keeps what was downloaded when registering fails, and goes on with it', async () => {
  const files = new Map(usual.files)
  const tower = files.get('onnx/text_model.onnx')!
  files.set('onnx/text_model.onnx', tower.subarray(0, 50))
  stand.repositories.set(name, { ...usual, files })
  expect((await bring()).problem).toMatch(/^hf:tester\/tiny-clip\/onnx\/text_model\.onnx/)
  expectNothing()
  expect((await entry())?.files.find(({ name: file }) => file === 'tokenizer.json')).toMatchObject({ complete: true })
  const [folder = ''] = left()
  expect(readFileSync(join(hubFolder(), folder, 'manifest.json'), 'utf8')).toContain(usual.commit)
})
