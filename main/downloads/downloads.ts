import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Settings } from '../api/app.ts'
import type { Download, DownloadableFile } from '../api/downloads.ts'
import type { Job } from '../api/jobs.ts'
import { isAtWork } from '../api/rules.ts'
import type { JobHandler, JobOutcome, JobRun } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { sweepAtomicWrites } from '../storage/atomic-file.ts'
import { catalogue as published } from './catalogue.ts'
import type { Publication, PublishedFile } from './catalogue.ts'
import { freeSpace } from './disk-space.ts'
import { findPart, removePart } from './partial-file.ts'
import { request } from './request.ts'
import { transfer } from './transfer.ts'
import type { Patience } from './transfer.ts'

export interface DownloadsParts {
  readonly workspace: string
  readonly jobs: JobQueue
  readonly settings: () => Pick<Settings, 'offline' | 'downloadMirror'>
  readonly catalogue?: readonly Publication[]
  readonly patience?: Patience
}

const payloadOf = z.object({ id: z.string() })

interface Fetching {
  readonly file: PublishedFile
  readonly onProgress: (received: number, total: number | null, note: string | null) => void
}

/**
 * The published files: what is here, and the jobs that bring the rest. Files lie in
 * `<workspace>/downloads/<publication>`.
 */
export class Downloads {
  readonly #folder: string
  readonly #parts: DownloadsParts
  readonly #catalogue: readonly Publication[]
  /** What servers have said of files of unknown size, by URL, in bytes. */
  readonly #measured = new Map<string, number>()
  #online = new AbortController()
  #sweeping: Promise<void>

  constructor(parts: DownloadsParts) {
    this.#folder = join(parts.workspace, 'downloads')
    this.#parts = parts
    this.#catalogue = parts.catalogue ?? published
    const isCancelled = (job: Job) => job.kind === 'download' && job.state === 'cancelled'
    // A program that was killed in between may not have come to this.
    this.#sweeping = this.#sweep(
      parts.jobs
        .list()
        .filter(isCancelled)
        .map(({ id }) => id),
    )
    parts.jobs.onChange(change => {
      if (change.type === 'job' && isCancelled(change.job)) {
        this.#sweeping = this.#sweeping.then(() => this.#sweep([change.job.id]))
      }
    })
  }

  /** As things are on the disk; touches no network. */
  async list(): Promise<{ downloads: Download[]; free: number | null }> {
    await this.#sweeping
    return {
      downloads: await Promise.all(this.#catalogue.map(publication => this.#describe(publication))),
      free: await freeSpace(this.#parts.workspace),
    }
  }

  /**
   * Asks the servers for sizes that are not known. @throws ExpectedError when one does not answer, or in offline mode.
   */
  async measure(id: string, signal?: AbortSignal): Promise<Download> {
    const publication = this.#find(id)
    this.#assertNetwork()
    const online = AbortSignal.any([this.#online.signal, AbortSignal.timeout(20_000), ...(signal ? [signal] : [])])
    for (const { url } of this.#files(publication).filter(file => this.#sizeOf(file) === null)) {
      const { size } = await request({
        method: 'HEAD',
        url,
        headers: {},
        page: publication.page,
        signal: online,
      }).catch((cause: unknown) => {
        signal?.throwIfAborted()
        if (cause instanceof ExpectedError) throw cause
        throw new ExpectedError(
          'download-unreachable',
          `${new URL(url).host} does not answer, so the size is still unknown: check the network and ask again.`,
          { cause },
        )
      })
      if (size !== null) this.#measured.set(url, size)
    }
    return this.#describe(publication)
  }

  /**
   * Enqueues the job that brings what is missing; the one that does so already, if there is one. @throws ExpectedError
   * in offline mode.
   */
  start(id: string): { jobId: number } {
    const publication = this.#find(id)
    this.#assertNetwork()
    const active = this.#activeJob(publication)
    return {
      jobId: (
        active ??
        this.#parts.jobs.enqueue({ kind: 'download', title: titleOf(publication), payload: payloadOf.parse({ id }) })
      ).id,
    }
  }

  /** Deletes the files and what is left of an interrupted download. @throws ExpectedError while it is downloaded. */
  async remove(id: string): Promise<void> {
    const publication = this.#find(id)
    if (this.#activeJob(publication)) {
      throw new ExpectedError('download-active', `“${publication.title}” is being downloaded: cancel that first.`)
    }
    await rm(join(this.#folder, publication.id), { recursive: true, force: true })
  }

  /** Stops what is being downloaded when the settings say so. */
  settingsChanged(): void {
    if (!this.#parts.settings().offline) return
    this.#online.abort()
    this.#online = new AbortController()
  }

  /** Deletes what crashes have left of notes; the bytes that have arrived stay for the next attempt. */
  async tidy(): Promise<void> {
    await Promise.all(this.#catalogue.map(({ id }) => sweepAtomicWrites(join(this.#folder, id))))
  }

  /** Resolves when what cancelled jobs have left is removed. */
  async close(): Promise<void> {
    await this.#sweeping
  }

  /** The handler of 'download' jobs: fetches what is missing of a publication. */
  job(): JobHandler {
    return run => this.#bring(run)
  }

  async #bring(run: JobRun): Promise<JobOutcome> {
    const publication = this.#find(payloadOf.parse(run.payload).id)
    // What an earlier job has left goes first: removed later, it would take the bytes of this one with it.
    await this.#sweeping
    const wanted = [...(publication.needs ?? []).map(id => this.#find(id)), publication].flatMap(of =>
      this.#files(of).map(file => ({ of, file })),
    )
    const sizes = wanted.map(({ file }) => this.#sizeOf(file))
    const sum = (values: readonly (number | null)[]) =>
      values.reduce<number | null>((total, size) => (total === null || size === null ? null : total + size), 0)
    for (const [index, { of, file }] of wanted.entries()) {
      const target = this.#pathOf(of, file)
      const here = await wholeSize(target, file)
      sizes[index] = here ?? sizes[index] ?? null
      if (here !== null) continue
      await mkdir(dirname(target), { recursive: true })
      const before = sum(sizes.slice(0, index)) ?? 0
      await this.#fetch(run, of, {
        file,
        onProgress: (received, total, note) => {
          sizes[index] = total ?? sizes[index] ?? null
          run.progress({
            done: before + received,
            total: sum(sizes),
            unit: 'bytes',
            current: note === null ? file.name : `${file.name}: ${note}`,
          })
        },
      })
      sizes[index] = await wholeSize(target, file)
    }
    return 'succeeded'
  }

  async #fetch(run: JobRun, publication: Publication, { file, onProgress }: Fetching): Promise<void> {
    this.#assertNetwork()
    const online = this.#online.signal
    try {
      await transfer(
        { ...file, target: this.#pathOf(publication, file), page: publication.page, jobId: run.job.id },
        {
          signal: AbortSignal.any([run.signal, online]),
          onProgress,
          ...(this.#parts.patience && { patience: this.#parts.patience }),
        },
      )
    } catch (error) {
      if (online.aborted && !run.signal.aborted) this.#assertNetwork()
      throw error
    }
  }

  async #describe(publication: Publication): Promise<Download> {
    const files = await Promise.all(
      this.#files(publication).map(async (file): Promise<DownloadableFile> => {
        const path = this.#pathOf(publication, file)
        const whole = await wholeSize(path, file)
        const part = whole === null ? await findPart(path) : null
        return {
          ...file,
          path,
          complete: whole !== null,
          size: whole ?? part?.origin.size ?? this.#sizeOf(file),
          received: whole ?? part?.received ?? 0,
        }
      }),
    )
    const { id, title, text, licence, page } = publication
    return { id, title, text, licence, page, files, jobId: this.#newestJob(publication)?.id ?? null }
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

  #pathOf({ id }: Publication, { name }: PublishedFile): string {
    return join(this.#folder, id, name)
  }

  #find(id: string): Publication {
    const found = this.#catalogue.find(publication => publication.id === id)
    if (!found) {
      throw new ExpectedError(
        'download-unknown',
        `There is no download ‘${id}’; there are ${this.#catalogue.map(publication => publication.id).join(', ')}.`,
      )
    }
    return found
  }

  #newestJob(publication: Publication): Job | null {
    const title = titleOf(publication)
    return this.#parts.jobs.list().find(job => job.kind === 'download' && job.title === title) ?? null
  }

  /** There is one at most, and it is the newest. */
  #activeJob(publication: Publication): Job | null {
    const job = this.#newestJob(publication)
    return job && isAtWork(job.state) ? job : null
  }

  #assertNetwork(): void {
    if (this.#parts.settings().offline) {
      throw new ExpectedError(
        'offline',
        'Offline mode is on, so nothing is downloaded: switch it off in the settings, or import the files from disk.',
      )
    }
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
  }
}

function titleOf({ title }: Publication): string {
  return `Download ${title}`
}

/** Bytes of a file that has come to its end; null when it is not here or is not the published one. */
async function wholeSize(path: string, { size }: PublishedFile): Promise<number | null> {
  const found = await stat(path).then(
    ({ size: bytes }) => bytes,
    () => null,
  )
  return found !== null && (size === null || size === found) ? found : null
}
