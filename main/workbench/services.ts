import { rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { AppInfo, FrameCacheUse, Settings, Work } from '../api/app.ts'
import type { DatasetChoice, Inspection } from '../api/datasets.ts'
import type { Alignment, AttentionOverview } from '../api/inspect.ts'
import type { Folder, Video } from '../api/library.ts'
import type { Frame } from '../api/media.ts'
import type { ExportInput, ImportInput, ImportReport, Model, VerifyInput, VerifyReport } from '../api/models.ts'
import type { SearchResponse } from '../api/search.ts'
import type { ExportedJob } from '../api/training.ts'
import type { Downloads } from '../downloads/downloads.ts'
import type { DeviceSelection } from '../engine/device-selection.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import type { Inspect } from '../inspect/inspect.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { JobRequest } from '../jobs/job-store.ts'
import { enqueueScan } from '../library/scanning/scan-job.ts'
import type { Library } from '../library/videos/library.ts'
import type { LibraryVideo } from '../library/videos/video-list.ts'
import { configureExecutables } from '../media/ffmpeg/executables.ts'
import { cachedFrames } from '../media/frame-store/frame-store.ts'
import type { FrameCache } from '../media/playback/frame-cache.ts'
import { probe } from '../media/timeline/probe.ts'
import { exportRequest } from '../models/export/export-job.ts'
import { assertExportable } from '../models/export/export.ts'
import type { ModelInUse } from '../models/registry/model-in-use.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'
import type { IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { search } from '../retrieval/search/search.ts'
import type { SearchParts, SearchQuery } from '../retrieval/search/search.ts'
import { forgetEmbeddings } from '../retrieval/vectors/consistency.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { Pass } from '../retrieval/vectors/embedding-key.ts'
import type { SettingsStore } from '../storage/settings.ts'
import { inspectDataset } from '../training/data/datasets/inspect.ts'
import type { ClusterJobs } from '../training/deepspeed/cluster-jobs.ts'
import type { Evaluations } from '../training/evaluation/evaluations.ts'
import type { Runs } from '../training/runs/runs.ts'
import { verify } from '../verify/verify.ts'
import { assertExportPath, assertNoProgram } from './confinement.ts'
import type { Confinement } from './confinement.ts'
import type { Notices } from './notices.ts'

/** The system's file dialogs, where the host has them. */
export interface Dialogs {
  pickFolder(): Promise<string | null>
  pickFiles(options: { title: string; extensions: string[] }): Promise<string[]>
}

export interface Parts {
  /** Null where the user sits: at the desktop app or the command line. */
  readonly confinement: Confinement | null
  readonly log: Logger
  readonly info: AppInfo
  readonly dialogs: Dialogs | undefined
  readonly notices: Notices
  readonly library: Library
  readonly jobs: JobQueue
  readonly engine: Engine
  readonly devices: DeviceSelection
  readonly launch: EngineLauncher
  readonly registry: ModelRegistry
  readonly downloads: Downloads
  readonly model: ModelInUse
  readonly retrieval: IndexingParts & SearchParts
  readonly inspect: Inspect
  readonly frames: FrameCache
  readonly settings: SettingsStore
  readonly runs: Runs
  readonly clusterJobs: ClusterJobs
  readonly evaluations: Evaluations
  /** Where training keeps decoded frames. */
  readonly trainingFrames: string
  onModels(): void
  onSettings(settings: Settings): void
  onWork(work: Work): void
}

type Started = { jobId: number }

/** The actions that concern several parts of the workbench at once; what concerns one part the router asks of it directly. */
export class Services {
  readonly parts: Parts
  /** Set by whoever watches folders. */
  onWatch: (on: boolean) => void = () => {}

  constructor(parts: Parts) {
    this.parts = parts
  }

  /** Keys under which embeddings count as up to date. */
  embeddingKeys(): Record<Pass, string> {
    return embeddingKeys(this.parts.model.identity, this.parts.settings.get())
  }

  async changeSettings(changes: Partial<Settings>): Promise<Settings> {
    const { confinement, settings, devices, downloads, library } = this.parts
    if (confinement) assertNoProgram(changes, settings.get())
    const changed = await settings.change(changes)
    configureExecutables({ ffmpeg: changed.ffmpeg ?? undefined, ffprobe: changed.ffprobe ?? undefined })
    this.onWatch(changed.watch)
    downloads.settingsChanged()
    this.parts.onSettings(changed)
    // Other sampling means other keys: what is indexed may be stale now.
    library.changed()
    if (changes.device !== undefined || changes.precision !== undefined) {
      await devices.choose(changed)
      library.changed()
    }
    return changed
  }

  async frameCache(): Promise<FrameCacheUse> {
    return { bytes: (await cachedFrames(this.parts.trainingFrames)).reduce((sum, { size }) => sum + size, 0) }
  }

  /** A run at work decodes again what it misses. */
  async clearFrameCache(): Promise<FrameCacheUse> {
    await rm(this.parts.trainingFrames, { recursive: true, force: true })
    return this.frameCache()
  }

  async addFolder({
    path,
    index,
    dense,
  }: {
    path: string
    index: boolean
    dense: boolean
  }): Promise<Started & { folder: Folder }> {
    const { library, jobs } = this.parts
    const folder = await library.addFolder(path)
    const next: JobRequest | null = index
      ? { kind: 'index', title: `Index ${folder.path}`, payload: { videoIds: null, dense } }
      : null
    return { folder, jobId: enqueueScan(jobs, { folderIds: [folder.id] }, `Scan ${folder.path}`, next).id }
  }

  async openVideo(path: string, signal?: AbortSignal): Promise<Video> {
    const { library } = this.parts
    return library.video(await library.openVideo(path, signal), this.embeddingKeys())
  }

  async removeFolder(id: number): Promise<void> {
    const { library, retrieval } = this.parts
    await forgetEmbeddings(retrieval.store, retrieval.ledger, await library.removeFolder(id))
  }

  rescan(): Started {
    return { jobId: enqueueScan(this.parts.jobs, { folderIds: null }, 'Scan all folders').id }
  }

  index({ videoIds, dense }: { videoIds: number[] | null; dense: boolean }): Started {
    const title =
      videoIds === null
        ? 'Index the library'
        : videoIds.length === 1
          ? `Index ${this.#ready(videoIds[0] ?? 0).path}`
          : `Index ${videoIds.length} videos`
    return { jobId: this.parts.jobs.enqueueOnce('index', title, { videoIds, dense }).id }
  }

  makeProxy(id: number): Started {
    const { path } = this.#ready(id)
    return { jobId: this.parts.jobs.enqueueOnce('proxy', `Make a playable copy of ${path}`, { videoId: id }).id }
  }

  /** Frames at the middle of `count` equal parts of a video. */
  strip(id: number, count: number): Frame[] {
    const video = this.#ready(id)
    const { firstFrameTime, duration } = video.info
    const times = Array.from({ length: count }, (_, part) =>
      Math.round((firstFrameTime + (duration * (part + 0.5)) / count) * 1000),
    )
    this.parts.frames.prepare(video, times)
    return times.map(milliseconds => ({ time: milliseconds / 1000, image: `frame/${id}/${milliseconds}` }))
  }

  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchResponse> {
    return search(this.parts.retrieval, query, signal)
  }

  async align(input: { videoId: number; text: string | null; pass: Pass }, signal?: AbortSignal): Promise<Alignment> {
    const alignment = await this.parts.inspect.align(input, signal)
    this.#prepareFrames(
      input.videoId,
      alignment.clips.map(clip => clip.thumbnail),
    )
    return alignment
  }

  async attention(input: { videoId: number }, signal?: AbortSignal): Promise<AttentionOverview> {
    const overview = await this.parts.inspect.attention(input, signal)
    this.#prepareFrames(
      input.videoId,
      overview.frames.map(frame => frame.image),
    )
    return overview
  }

  async useModel(id: string): Promise<Model> {
    const model = await this.parts.model.use(id)
    this.#modelsChanged()
    return model
  }

  async removeModel(id: string): Promise<void> {
    await this.parts.model.remove(id)
    this.#modelsChanged()
  }

  async importModel(input: ImportInput, signal?: AbortSignal): Promise<ImportReport> {
    const report = await this.parts.registry.import(input, { signal })
    this.parts.onModels()
    return report
  }

  async exportModel(input: ExportInput): Promise<Started> {
    const { confinement, registry, jobs } = this.parts
    if (confinement) await assertExportPath(input.path, confinement)
    await assertExportable(await registry.lfVila(input.id), input)
    return { jobId: jobs.enqueue('export', `Export ${input.id} to ${input.path}`, await exportRequest(input)).id }
  }

  async exportTrainingJob(
    input: { id: string; folder: string; overwrite: boolean },
    signal?: AbortSignal,
  ): Promise<ExportedJob> {
    const { confinement, clusterJobs } = this.parts
    if (confinement) await assertExportPath(input.folder, confinement)
    return clusterJobs.exportJob(input, signal)
  }

  /** The dry run over a labelled folder; its report is the last event. */
  async *inspectDataset(
    choice: DatasetChoice,
    probes: boolean,
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<Inspection> {
    const steps: Inspection[] = []
    let wake = () => {}
    const frames = this.parts.model.identity.frames
    const report = inspectDataset(choice, {
      signal,
      frames,
      probe: probes ? probe : null,
      onProgress: (done, total, current) => {
        // Only the newest is worth telling.
        steps.splice(0, steps.length, { type: 'progress', done, total, current })
        wake()
      },
    })
    let ended = false
    const end = report
      .catch(() => undefined)
      .then(() => {
        ended = true
        wake()
      })
    while (!ended) {
      await Promise.race([
        end,
        new Promise<void>(resolve => {
          wake = resolve
        }),
      ])
      yield* steps.splice(0)
    }
    yield { type: 'report', report: await report }
  }

  verify(input: VerifyInput, signal?: AbortSignal): Promise<VerifyReport> {
    const { launch, devices, onWork } = this.parts
    const onProgress = (done: number, total: number, current: string | null) =>
      onWork({ key: `verify ${input.fixture}`, stage: 'case', done, total, current })
    return verify(input, { launch, devices: () => devices.devices(), signal, onProgress })
  }

  /** Says on screen that results of random weights mean nothing. */
  sayModel(): void {
    const { trained, id } = this.parts.model.identity
    this.parts.notices.set(
      'untrained',
      'warning',
      trained
        ? null
        : `The model ‘${id}’ has random weights: everything works, but scores and attention mean nothing. Import trained weights and use them.`,
    )
  }

  #modelsChanged(): void {
    this.sayModel()
    this.parts.onModels()
    this.parts.library.changed()
  }

  #ready(id: number): LibraryVideo {
    const [ready] = this.parts.library.readyVideos([id])
    if (ready) return ready
    const { name, problem } = this.parts.library.video(id, this.embeddingKeys())
    throw new ExpectedError(
      'video-unusable',
      problem ?? `${name} is not ready: wait until the scan has looked at it, or scan again.`,
    )
  }

  /** The window asks for these pictures next: they are decoded in one run. */
  #prepareFrames(id: number, images: readonly string[]): void {
    this.parts.frames.prepare(
      this.#ready(id),
      images.map(image => Number(image.split('/').at(-1))),
    )
  }
}
