import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Settings } from '../api/app.ts'
import type { Download, DownloadableFile } from '../api/downloads.ts'
import type { Job } from '../api/jobs.ts'
import type { JobHandler, JobOutcome, JobRun } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { sweepAtomicWrites } from '../storage/files/atomic-file.ts'
import { catalogue as published } from './catalogue.ts'
import type { Publication, PublishedFile } from './catalogue.ts'
import { Delivery, wholeSize } from './delivery.ts'
import { activeJob, downloadOf, newestJob, startJob } from './download-jobs.ts'
import type { Environment } from './hub/hub-server.ts'
import { namesRepository, parseRepository, repositoryId } from './hub/repository.ts'
import { HubDownloads } from './hub-downloads.ts'
import type { Models } from './installation.ts'
import { Network } from './network.ts'
import { recommended as usual } from './recommended.ts'
import type { Recommended } from './recommended.ts'
import { RecordedChecksums } from './recorded-checksums.ts'
import { freeSpace } from './transfer/disk-space.ts'
import { findPart, removePart } from './transfer/partial-file.ts'
import { request } from './transfer/request.ts'
import type { Patience } from './transfer/transfer.ts'

export interface DownloadsParts {
  readonly workspace: string
  readonly jobs: JobQueue
  readonly settings: () => Pick<Settings, 'offline' | 'downloadMirror'>
  readonly models: Models
  readonly catalogue?: readonly Publication[]
  readonly recommended?: readonly Recommended[]
  readonly patience?: Patience
  readonly environment?: Environment
}

/**
 * The published files and the models of Hugging Face: what is here, and the jobs that bring the rest. Files lie in
 * `<workspace>/downloads/<publication>`.
 */
export class Downloads {
  readonly #folder: string
  readonly #parts: DownloadsParts
  readonly #catalogue: readonly Publication[]
  readonly #network: Network
  readonly #hub: HubDownloads
  readonly #checksums: RecordedChecksums
  /** What servers have said of files of unknown size, by URL, in bytes. */
  readonly #measured = new Map<string, number>()
  #sweeping: Promise<void>

  constructor(parts: DownloadsParts) {
    const { jobs, settings, models, patience, environment = process.env, recommended = usual } = parts
    this.#folder = join(parts.workspace, 'downloads')
    this.#parts = parts
    this.#catalogue = parts.catalogue ?? published
    this.#network = new Network(settings)
    this.#checksums = new RecordedChecksums(this.#folder)
    const hubParts = { jobs, settings, models, recommended, patience, environment, network: this.#network }
    this.#hub = new HubDownloads({ ...hubParts, folder: join(this.#folder, 'hub') })
    const isCancelled = (job: Job) => job.kind === 'download' && job.state === 'cancelled'
    // A program that was killed in between may not have come to this.
    this.#sweeping = this.#sweep(
      jobs
        .list()
        .filter(isCancelled)
        .map(({ id }) => id),
    )
    jobs.onChange(change => {
      if (change.type === 'job' && isCancelled(change.job)) {
        this.#sweeping = this.#sweeping.then(() => this.#sweep([change.job.id]))
      }
    })
  }

  /** As things are on the disk; touches no network. */
  async list(): Promise<{ downloads: Download[]; free: number | null }> {
    await this.#sweeping
    const publications = await Promise.all(this.#catalogue.map(publication => this.#describe(publication)))
    return {
      downloads: [...publications, ...(await this.#hub.list())],
      free: await freeSpace(this.#parts.workspace),
    }
  }

  /**
   * Asks the servers for sizes that are not known. @throws ExpectedError when one does not answer, or in offline mode.
   */
  async measure(id: string, signal?: AbortSignal): Promise<Download> {
    const limit = AbortSignal.any([AbortSignal.timeout(20_000), ...(signal ? [signal] : [])])
    if (namesRepository(id)) {
      return saidUnreachable('huggingface.co', signal, () => this.#hub.measure(id, limit))
    }
    const publication = this.#find(id)
    this.#network.assertOpen()
    for (const { url } of this.#files(publication).filter(file => this.#sizeOf(file) === null)) {
      const { size } = await saidUnreachable(new URL(url).host, signal, () =>
        this.#network.use(limit, open =>
          request({ method: 'HEAD', url, headers: {}, page: publication.page, signal: open }),
        ),
      )
      if (size !== null) this.#measured.set(url, size)
    }
    return this.#describe(publication)
  }

  /**
   * Enqueues the job that brings what is missing; the one that does so already, if there is one. @throws ExpectedError
   * in offline mode.
   */
  start(id: string): { jobId: number } {
    const { jobs } = this.#parts
    if (namesRepository(id)) {
      const whole = repositoryId(parseRepository(id))
      this.#network.assertOpen()
      this.#hub.assertAllowed()
      return { jobId: startJob(jobs, whole, whole).id }
    }
    const { title } = this.#find(id)
    this.#network.assertOpen()
    return { jobId: startJob(jobs, id, title).id }
  }

  /** Deletes the files and what is left of an interrupted download. @throws ExpectedError while it is downloaded. */
  async remove(id: string): Promise<void> {
    const isModel = namesRepository(id)
    const title = isModel ? repositoryId(parseRepository(id)) : this.#find(id).title
    if (activeJob(this.#parts.jobs, title)) {
      throw new ExpectedError('download-active', `“${title}” is being downloaded: cancel that first.`)
    }
    if (!isModel) return rm(join(this.#folder, id), { recursive: true, force: true })
    await this.#hub.remove(id)
    // What was asked for by its name is in the list for as long as its job is.
    const job = newestJob(this.#parts.jobs, title)
    if (job) this.#parts.jobs.dismiss(job.id)
  }

  /** Stops what is being downloaded when the settings say so. */
  settingsChanged(): void {
    this.#network.settingsChanged()
  }

  /** Deletes what crashes have left of notes; the bytes that have arrived stay for the next attempt. */
  async tidy(): Promise<void> {
    await Promise.all(['', ...this.#catalogue.map(({ id }) => id)].map(id => sweepAtomicWrites(join(this.#folder, id))))
    await this.#hub.tidy()
  }

  /** Resolves when what cancelled jobs have left is removed. */
  async close(): Promise<void> {
    await this.#sweeping
  }

  /** The handler of 'download' jobs: fetches what is missing, and registers it where it is a model. */
  job(): JobHandler {
    return async run => {
      // What an earlier job has left goes first: removed later, it would take the bytes of this one with it.
      await this.#sweeping
      const id = downloadOf(run.payload)
      return namesRepository(id) ? this.#hub.bring(run, id) : this.#bring(run, this.#find(id))
    }
  }

  async #bring(run: JobRun, publication: Publication): Promise<JobOutcome> {
    const { models, patience } = this.#parts
    const wanted = [...(publication.needs ?? []).map(id => this.#find(id)), publication].flatMap(of =>
      this.#files(of).map(file => ({ of, file })),
    )
    const orders = wanted.map(({ of, file }) => ({
      ...file,
      measured: this.#sizeOf(file),
      target: this.#pathOf(of, file),
      page: of.page,
    }))
    const delivery = new Delivery(orders, { run, network: this.#network, patience })
    for (const [index, { of, file }] of wanted.entries()) {
      const sha256 = await delivery.bring(orders[index]!)
      if (sha256 !== null && file.sha256 === null) await this.#record(run, of, { name: file.name, sha256 })
    }
    const { id, model } = publication
    if (!model) return 'succeeded'
    delivery.say(english`registering the model`)
    await models.use(await this.#register({ id, model }, run.signal))
    return 'succeeded'
  }

  /** What the publisher does not state is taken from the first download; that a later one differs is said. */
  async #record(run: JobRun, of: Publication, { name, sha256 }: { name: string; sha256: string }): Promise<void> {
    const first = await this.#checksums.compare(`${of.id}/${name}`, sha256)
    if (first === null) return
    run.fail(
      this.#pathOf(of, { name }),
      english`Its SHA-256 is ${sha256}, and at the first download it was ${first}: the publisher has replaced the file, or somebody else has; compare with ${of.page}.`,
    )
  }

  /** Registers the model that a publication is, unless it was before. @returns its id. */
  async #register({ id, model }: Required<Pick<Publication, 'id' | 'model'>>, signal: AbortSignal): Promise<string> {
    const { models } = this.#parts
    const at = (path: string) => join(this.#folder, path)
    const [known] = await this.#madeOf(model)
    if (known !== undefined) return known
    const { weights, config, bertConfig, vocab } = model
    const taken = (await models.list()).some(one => one.id === id)
    return models.register(
      {
        weights: at(weights),
        config: at(config),
        bertConfig: at(bertConfig),
        vocab: at(vocab),
        ...(taken ? {} : { name: id }),
      },
      signal,
    )
  }

  /** Models that were registered from a publication's own files. */
  async #madeOf(model: Publication['model']): Promise<string[]> {
    if (!model) return []
    const weights = join(this.#folder, model.weights)
    return (await this.#parts.models.list()).filter(({ source }) => source === weights).map(({ id }) => id)
  }

  async #describe(publication: Publication): Promise<Download> {
    const recorded = await this.#checksums.read()
    const files = await Promise.all(
      this.#files(publication).map(async (file): Promise<DownloadableFile> => {
        const path = this.#pathOf(publication, file)
        const whole = await wholeSize(path, file.size)
        const part = whole === null ? await findPart(path) : null
        const first = recorded[`${publication.id}/${file.name}`] ?? null
        return {
          ...file,
          path,
          sha256: file.sha256 ?? first,
          recorded: file.sha256 === null && first !== null,
          complete: whole !== null,
          size: whole ?? part?.origin.size ?? this.#sizeOf(file),
          received: whole ?? part?.received ?? 0,
        }
      }),
    )
    const { id, title, text, licence, page, model } = publication
    return {
      ...{ id, title, text, licence, page, files },
      becomesModel: model !== undefined,
      models: await this.#madeOf(model),
      about: null,
      until: expiryOf(files.map(({ url }) => url)),
      commit: null,
      jobId: newestJob(this.#parts.jobs, title)?.id ?? null,
    }
  }

  /** The files with the URLs that are asked. */
  #files({ id, files }: Publication): PublishedFile[] {
    const { downloadMirror } = this.#parts.settings()
    return downloadMirror === null
      ? [...files]
      : files.map(file => ({ ...file, url: `${downloadMirror.replace(/\/+$/, '')}/${id}/${file.name}` }))
  }

  #sizeOf({ url, size }: PublishedFile): number | null {
    return size ?? this.#measured.get(url) ?? null
  }

  #pathOf({ id }: Publication, { name }: Pick<PublishedFile, 'name'>): string {
    return join(this.#folder, id, name)
  }

  #find(id: string): Publication {
    const found = this.#catalogue.find(publication => publication.id === id)
    if (!found) {
      throw new ExpectedError(
        'download-unknown',
        `There is no download ‘${id}’; there are ${this.#catalogue.map(publication => publication.id).join(', ')}, and the models of Hugging Face as hf:OWNER/NAME.`,
      )
    }
    return found
  }

  /** Removes what cancelled jobs have left, also those that nobody was running when they were cancelled. */
  async #sweep(cancelledJobs: readonly number[]): Promise<void> {
    if (cancelledJobs.length === 0) return
    for (const publication of this.#catalogue) {
      for (const file of publication.files) {
        const path = this.#pathOf(publication, file)
        const part = await findPart(path)
        // What cannot be removed now is tried again at the next start.
        if (part && cancelledJobs.includes(part.origin.jobId)) await removePart(path).catch(() => {})
      }
    }
    await this.#hub.sweep(cancelledJobs)
  }
}

/** Asks a server; that it does not answer is said in a sentence. */
async function saidUnreachable<Result>(
  host: string,
  signal: AbortSignal | undefined,
  ask: () => Promise<Result>,
): Promise<Result> {
  return ask().catch((cause: unknown) => {
    signal?.throwIfAborted()
    if (cause instanceof ExpectedError) throw cause
    throw new ExpectedError(
      'download-unreachable',
      `${host} does not answer, so the size is still unknown: check the network and ask again.`,
      { cause },
    )
  })
}

/** When the first of these links expires, in milliseconds since the epoch, as Azure writes it into its links. */
function expiryOf(urls: readonly string[]): number | null {
  const times = urls
    .map(url => Date.parse(new URL(url).searchParams.get('se') ?? ''))
    .filter(time => Number.isFinite(time))
  return times.length > 0 ? Math.min(...times) : null
}
