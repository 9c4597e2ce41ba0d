import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { Downloads } from '../../../../main/downloads/downloads.ts'
import type { Installation } from '../../../../main/downloads/installation.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import type { Database } from '../../../../main/storage/database.ts'
import { folderOfFile, folderOfTest } from '../../../support/folders.ts'
import { commitOf, filesOf, HubStandIn } from '../../../support/hub.ts'
import type { HubRepository } from '../../../support/hub.ts'
import { published } from '../../models/hub-folder/published.ts'
import { writeTinyFolder } from '../../models/hub-folder/tiny-folder.ts'

export const name = 'tester/tiny-clip'
export const id = `hf:${name}`
export const token = 'hf_only_for_the_hub'
export const needed = [
  ...['config.json', 'preprocessor_config.json', 'tokenizer_config.json', 'tokenizer.json'],
  ...['onnx/vision_model.onnx', 'onnx/text_model.onnx', 'onnx/text_model.onnx_data'],
]

/** The downloads of a program of its own for each test, and a hub that has one model. */
class HubDownloadBench {
  readonly stand = new HubStandIn()
  /** What the hub has under the name {@link name}. */
  usual!: HubRepository
  workspace!: string
  database!: Database
  jobs!: JobQueue
  downloads!: Downloads
  registered: (Installation & { readonly files: ReadonlyMap<string, Buffer> })[] = []
  used: string[] = []
  offline = false
  environment: Record<string, string> = {}

  async listen(folder: string): Promise<void> {
    await this.stand.listen()
    const plain = await writeTinyFolder(join(folder, 'plain'), {
      ...published.clip,
      text: { dataFile: 'text_model.onnx_data' },
    })
    const files = filesOf(plain)
    for (const other of ['README.md', 'onnx/model.onnx', 'onnx/vision_model_fp16.onnx', 'onnx/text_model_fp16.onnx']) {
      files.set(other, files.get('onnx/vision_model.onnx')!)
    }
    files.set('model.safetensors', Buffer.alloc(1000))
    this.usual = { commit: commitOf('one'), licence: 'mit', files }
  }

  begin(): void {
    this.workspace = folderOfTest('hub-download')
    this.environment = { HF_ENDPOINT: this.stand.hub.url }
    this.offline = false
    this.stand.repositories.clear()
    this.stand.repositories.set(name, this.usual)
    this.stand.fault = () => null
    this.stand.forget()
    this.registered = []
    this.used = []
    this.open()
  }

  /** As the program starts. */
  open(): void {
    const { registered, used } = this
    this.database = openDatabase(join(this.workspace, 'library.db'))
    this.jobs = new JobQueue(this.database)
    this.downloads = new Downloads({
      workspace: this.workspace,
      jobs: this.jobs,
      environment: this.environment,
      recommended: [],
      catalogue: [],
      patience: { stall: 60_000, pauses: [5, 5] },
      settings: () => ({ offline: this.offline, downloadMirror: null }),
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
    this.jobs.define({ download: { run: this.downloads.job() } })
    this.jobs.start()
  }

  async close(): Promise<void> {
    await this.jobs.close()
    await this.downloads.close()
    this.database.close()
  }

  bring(asked = id) {
    return this.jobs.wait(this.downloads.start(asked).jobId)
  }

  async entry(of = id) {
    return (await this.downloads.list()).downloads.find(one => one.id === of)
  }

  hubFolder(): string {
    return join(this.workspace, 'downloads/hub')
  }

  left(): string[] {
    return existsSync(this.hubFolder()) ? readdirSync(this.hubFolder()) : []
  }

  /** Nothing is registered, and nothing is left that a next attempt could not go on with. */
  expectNothing(): void {
    expect(this.registered).toEqual([])
    expect(this.used).toEqual([])
  }
}

/** For the tests of the file that asks for it. */
export function hubDownloadBench(): HubDownloadBench {
  const bench = new HubDownloadBench()
  const scratch = folderOfFile('hub')
  beforeAll(() => bench.listen(scratch))
  afterAll(() => bench.stand.close())
  beforeEach(() => bench.begin())
  afterEach(() => bench.close())
  return bench
}
