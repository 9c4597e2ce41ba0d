import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Settings } from '../api/app.ts'
import type { Download, DownloadableFile } from '../api/downloads.ts'
import type { JobOutcome, JobRun } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { familyIn } from '../models/hub-folder/describe.ts'
import { readApart } from '../reading-process/reading-process.ts'
import { sweepAtomicWrites } from '../storage/files/atomic-file.ts'
import { Delivery, wholeSize } from './delivery.ts'
import type { Ordered } from './delivery.ts'
import { newestJob, titlesOfJobs } from './download-jobs.ts'
import { hubAccess, pageOf } from './hub/hub-access.ts'
import { assertHubAllowed, hubServer } from './hub/hub-server.ts'
import type { Environment, HubServer } from './hub/hub-server.ts'
import { listingFile, listRepository } from './hub/listing.ts'
import type { HubFile, HubListing } from './hub/listing.ts'
import { readManifest, writeManifest } from './hub/manifest.ts'
import { dataFilesOf, planFiles } from './hub/plan.ts'
import { parseRepository, repositoryId } from './hub/repository.ts'
import type { Repository } from './hub/repository.ts'
import type { Models } from './installation.ts'
import type { Network } from './network.ts'
import type { Recommended } from './recommended.ts'
import { assertSpace } from './transfer/disk-space.ts'
import { findPart, removePart } from './transfer/partial-file.ts'
import type { Patience } from './transfer/transfer.ts'

export interface HubDownloadsParts {
  /** Where repositories lie while they are downloaded. */
  readonly folder: string
  readonly jobs: JobQueue
  readonly network: Network
  readonly settings: () => Pick<Settings, 'downloadMirror'>
  readonly models: Models
  readonly recommended: readonly Recommended[]
  readonly patience: Patience | undefined
  readonly environment: Environment
}

/**
 * Models of Hugging Face, downloaded by their names. A repository lies in a folder of its own until it is registered;
 * then the model has the files, and the folder goes.
 */
export class HubDownloads {
  readonly #parts: HubDownloadsParts
  /** What the hub has said of repositories of which nothing is here, by id. */
  readonly #listed = new Map<string, HubListing>()

  constructor(parts: HubDownloadsParts) {
    this.#parts = parts
  }

  /** Those that are recommended, then those of which something is here or was asked for. Touches no network. */
  async list(): Promise<Download[]> {
    const { recommended, jobs } = this.#parts
    const manifests = await Promise.all((await this.#folders()).map(folder => readManifest(folder)))
    const asked = titlesOfJobs(jobs).filter(title => title.startsWith('hf:'))
    const ids = new Set([
      ...recommended.map(({ id }) => id),
      ...manifests.flatMap(manifest => (manifest ? [manifest.id] : [])),
      ...asked,
    ])
    return Promise.all([...ids].map(id => this.#describe(parseRepository(id))))
  }

  /** Asks the hub what a repository holds. @throws ExpectedError when it refuses, or the network may not be used. */
  async measure(id: string, signal: AbortSignal): Promise<Download> {
    const repository = parseRepository(id)
    const listing = await this.#ask(repository, { signal, jobId: 0, onProgress: () => undefined })
    // What cannot be imported is said now.
    planFiles(repository, listing)
    this.#listed.set(repositoryId(repository), listing)
    return this.#describe(repository)
  }

  /** @throws ExpectedError when the hub may not be asked. */
  assertAllowed(): void {
    assertHubAllowed(this.#parts.environment)
    hubServer(this.#parts.settings(), this.#parts.environment)
  }

  async remove(id: string): Promise<void> {
    await rm(this.#folderOf(parseRepository(id)), { recursive: true, force: true })
  }

  /** Deletes what crashes have left of notes. */
  async tidy(): Promise<void> {
    await Promise.all((await this.#folders()).map(folder => sweepAtomicWrites(folder)))
  }

  /** Removes the half-downloaded files of cancelled jobs. */
  async sweep(cancelledJobs: readonly number[]): Promise<void> {
    for (const folder of await this.#folders()) {
      const manifest = await readManifest(folder)
      const repository = manifest && parseRepository(manifest.id)
      const paths = manifest && repository ? manifest.listing.files.map(file => this.#pathOf(repository, file)) : []
      for (const path of paths) {
        const part = await findPart(path)
        if (part && cancelledJobs.includes(part.origin.jobId)) await removePart(path).catch(() => {})
      }
      for (const jobId of cancelledJobs) await removePart(join(folder, listingFile(jobId))).catch(() => {})
      await rmdir(folder).catch(() => {})
    }
  }

  /** Brings a repository's files, registers the model and puts it into use. */
  async bring(run: JobRun, id: string): Promise<JobOutcome> {
    const repository = parseRepository(id)
    const folder = this.#folderOf(repository)
    const begun = await readManifest(folder)
    try {
      return await this.#bring(run, repository, begun?.id === repositoryId(repository) ? begun.listing : null)
    } catch (error) {
      // The commit that was listed is gone: what is there now is asked for, once.
      if (!(error instanceof ExpectedError && error.code === 'hub-changed')) throw error
      await rm(folder, { recursive: true, force: true })
      return this.#bring(run, repository, null)
    }
  }

  async #bring(run: JobRun, repository: Repository, begun: HubListing | null): Promise<JobOutcome> {
    const { models, network, patience } = this.#parts
    const { signal } = run
    const id = repositoryId(repository)
    const folder = this.#folderOf(repository)
    const say = (current: string) => run.progress({ done: 0, total: null, unit: 'bytes', current })
    if (begun === null) say(english`asking for the list of files`)
    const listing =
      begun ??
      (await this.#ask(repository, {
        signal,
        jobId: run.job.id,
        onProgress: (_received, _total, note) => say(note ?? english`asking for the list of files`),
      }))
    const source = sourceOf(repository, listing)
    const known = (await models.list()).find(model => model.source === source)
    if (known) {
      await models.use(known.id)
      await rm(folder, { recursive: true, force: true })
      return 'skipped'
    }
    const plan = planFiles(repository, listing)
    if (begun === null) {
      await mkdir(folder, { recursive: true })
      await writeManifest(folder, { id, listing })
    }
    const server = this.#server()
    const order = (file: HubFile): Ordered => this.#order(server, repository, { listing, file })
    const small = [...plan.configurations, plan.tokenizer]
    const all = [...small, ...plan.towers, ...plan.data].map(order)
    await this.#assertRoom(id, all)
    const delivery = new Delivery(all, { run, network, patience })
    const bringAll = async (files: readonly HubFile[]) => {
      for (const file of files) await delivery.bring(order(file))
    }
    const weights = this.#filesFolder(repository)
    try {
      await bringAll(small)
      // A model of another family is refused before its large files come.
      await familyIn(weights, plan.towerFolders, signal)
      for (const tower of plan.towers) {
        await bringAll([tower])
        const path = this.#pathOf(repository, tower)
        const { dataFiles } = await readApart('onnx', { path }, { file: path, signal })
        await bringAll(dataFilesOf(repository, listing, { tower: tower.path, dataFiles }))
      }
      delivery.say(english`registering the model`)
      const variant = repository.variant === null ? {} : { variant: repository.variant }
      await models.use(await models.register({ weights, source, ...variant }, signal))
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof ExpectedError
        ? new ExpectedError(error.code, error.message.replaceAll(weights, id), { cause: error })
        : error
    }
    await rm(folder, { recursive: true, force: true })
    this.#listed.delete(id)
    return 'succeeded'
  }

  /** Twice over: a model has copies of its own, which are checked before the downloaded files go. */
  async #assertRoom(id: string, files: readonly Ordered[]): Promise<void> {
    const here = await Promise.all(files.map(({ target, size }) => wholeSize(target, size)))
    const all = files.reduce((sum, { size }) => sum + (size ?? 0), 0)
    const missing = all - here.reduce<number>((sum, size) => sum + (size ?? 0), 0)
    await assertSpace(this.#parts.folder, missing + all, english`${id}, while it is registered,`)
  }

  async #ask(
    repository: Repository,
    options: Pick<Parameters<typeof listRepository>[2], 'signal' | 'jobId' | 'onProgress'>,
  ): Promise<HubListing> {
    const { network, patience } = this.#parts
    const server = this.#server()
    const folder = this.#folderOf(repository)
    try {
      return await network.use(options.signal, signal =>
        listRepository(server, repository, { ...options, signal, folder, ...(patience && { patience }) }),
      )
    } finally {
      // Goes where nothing else is in it.
      await rmdir(folder).catch(() => undefined)
    }
  }

  #server(): HubServer {
    this.assertAllowed()
    return hubServer(this.#parts.settings(), this.#parts.environment)
  }

  #order(
    server: HubServer,
    repository: Repository,
    { listing, file }: { readonly listing: HubListing; readonly file: HubFile },
  ): Ordered {
    const { path, size, sha256, gitHash } = file
    return {
      name: path,
      url: `${server.endpoint}/${listing.name}/resolve/${listing.commit}/${path.split('/').map(encodeURIComponent).join('/')}`,
      target: this.#pathOf(repository, file),
      size,
      sha256,
      gitHash,
      page: pageOf(repository),
      access: hubAccess(server, repository, listing.commit),
    }
  }

  async #describe(repository: Repository): Promise<Download> {
    const { recommended, jobs, models } = this.#parts
    const id = repositoryId(repository)
    const known = recommended.find(one => one.id === id)
    const begun = await readManifest(this.#folderOf(repository))
    const listing = begun?.listing ?? this.#listed.get(id) ?? null
    const made = (await models.list()).filter(({ source }) => isOf(repository, source))
    return {
      id,
      title: known?.title ?? id,
      text: known?.text ?? '',
      licence: known?.licence ?? listing?.licence ?? '',
      page: pageOf(repository),
      files: listing ? await this.#describeFiles(repository, listing) : [],
      jobId: newestJob(jobs, id)?.id ?? null,
      becomesModel: true,
      models: made.map(model => model.id),
      about: known?.about ?? null,
      until: null,
      commit: listing?.commit ?? null,
    }
  }

  async #describeFiles(repository: Repository, listing: HubListing): Promise<DownloadableFile[]> {
    const { configurations, tokenizer, towers, data } = planFiles(repository, listing)
    const roles = new Map([
      ...configurations.map(file => [file, 'config'] as const),
      [tokenizer, 'vocabulary'] as const,
      ...[...towers, ...data].map(file => [file, 'weights'] as const),
    ])
    const server = this.#serverToShow()
    return Promise.all(
      [...roles].map(async ([file, role]) => {
        const path = this.#pathOf(repository, file)
        const whole = await wholeSize(path, file.size)
        const part = whole === null ? await findPart(path) : null
        return {
          name: file.path,
          role,
          url: `${server}/${listing.name}/resolve/${listing.commit}/${file.path}`,
          size: file.size ?? part?.origin.size ?? null,
          sha256: file.sha256,
          recorded: false,
          path,
          received: whole ?? part?.received ?? 0,
          complete: whole !== null,
        }
      }),
    )
  }

  /** The endpoint; a wrong one is said where it is used. */
  #serverToShow(): string {
    try {
      return hubServer(this.#parts.settings(), this.#parts.environment).endpoint
    } catch {
      return ''
    }
  }

  #folderOf(repository: Repository): string {
    return join(this.#parts.folder, repositoryId(repository).slice('hf:'.length).replaceAll('/', '--'))
  }

  /** Called as the model, whose name an import takes from it. */
  #filesFolder(repository: Repository): string {
    return join(this.#folderOf(repository), repository.name.split('/')[1] ?? repository.name)
  }

  #pathOf(repository: Repository, { path }: HubFile): string {
    return join(this.#filesFolder(repository), ...path.split('/'))
  }

  async #folders(): Promise<string[]> {
    const { folder } = this.#parts
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => join(folder, name))
  }
}

/** What a model says it was made of: a repository at a commit. */
const sourceOf = ({ name, variant }: Repository, { commit }: HubListing): string =>
  repositoryId({ name, variant, revision: commit })

/** Whether a model was made of a repository, at whatever commit. */
function isOf({ name, variant }: Repository, source: string): boolean {
  if (!source.startsWith('hf:')) return false
  try {
    const made = parseRepository(source)
    return made.name === name && made.variant === variant
  } catch {
    return false
  }
}
