import { existsSync, openSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRouterClient, EventPublisher } from '@orpc/server'
import { pino } from 'pino'
import type { Logger } from 'pino'
import type { AppInfo, Notice, Work, WorkbenchEvent } from '../api/app.ts'
import type { DeviceChoice, PrecisionChoice } from '../api/engine.ts'
import type { WorkbenchClient } from '../api/index.ts'
import type { Job } from '../api/jobs.ts'
import { Downloads } from '../downloads/downloads.ts'
import { DeviceSelection } from '../engine/device-selection.ts'
import { Engine } from '../engine/engine.ts'
import { enginePriority, forkLauncher } from '../engine/launcher.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import { createInspect } from '../inspect/inspect.ts'
import { JobQueue } from '../jobs/job-queue.ts'
import { enqueueScan } from '../library/scanning/scan-job.ts'
import { LibraryWatcher } from '../library/scanning/watch.ts'
import { Library } from '../library/videos/library.ts'
import { generateDemo } from '../media/demo/demo.ts'
import type { DemoLibrary } from '../media/demo/demo.ts'
import { configureExecutables, findExecutable } from '../media/ffmpeg/executables.ts'
import { FrameCache } from '../media/playback/frame-cache.ts'
import { serveMedia } from '../media/playback/media-requests.ts'
import type { MediaResponse } from '../media/playback/media-requests.ts'
import { ProxyFiles } from '../media/playback/proxy-job.ts'
import { SamplingThread } from '../media/sampling-thread/sampling-thread.ts'
import { probe } from '../media/timeline/probe.ts'
import { ModelInUse } from '../models/registry/model-in-use.ts'
import { ModelRegistry } from '../models/registry/registry.ts'
import { SearchableVideos } from '../retrieval/search/searchable-videos.ts'
import { EmbeddingLedger } from '../retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../retrieval/vectors/vectors.ts'
import { sweepAtomicWrites } from '../storage/atomic-file.ts'
import { CachedFiles } from '../storage/cached-files.ts'
import { openDatabase } from '../storage/database.ts'
import { SettingsStore } from '../storage/settings.ts'
import { openWorkspace } from '../storage/workspace.ts'
import { ClusterJobs } from '../training/deepspeed/cluster-jobs.ts'
import { Evaluations } from '../training/evaluation/evaluations.ts'
import { Runs } from '../training/runs/runs.ts'
import { jobTable } from './job-table.ts'
import { Notices } from './notices.ts'
import { createRouter } from './router.ts'
import { Services } from './services.ts'
import type { Dialogs } from './services.ts'

export type { Dialogs } from './services.ts'

export interface WorkbenchOptions {
  host: AppInfo['host']
  version: string
  /** Where everything is stored; the platform's data folder by default. */
  workspace?: string | undefined
  launchEngine?: EngineLauncher | undefined
  /** For this process only, in the place of the model and device chosen in the settings. */
  model?: string | undefined
  device?: DeviceChoice | undefined
  precision?: PrecisionChoice | undefined
  /** Bytes of decoded frames that training keeps, for this process only. */
  frameCache?: number | undefined
  dialogs?: Dialogs | undefined
  /** For a served window: it names no programs and exports below this folder only; `<workspace>/exports` by default. */
  exportFolder?: string | undefined
  /** Make the demo library when the workspace is new, and watch the opened folders: a window is looking. Default true. */
  demo?: boolean | undefined
  /** Run jobs: in a window also those that an earlier process left, on the command line only its own. Default true. */
  runJobs?: boolean | undefined
  /** Fallbacks that the host knows of. */
  notices?: Notice[] | undefined
}

/** The product behind every host: one router, one way to media. */
export interface Workbench {
  readonly router: ReturnType<typeof createRouter>
  /** The router called in this process. */
  readonly client: WorkbenchClient
  readonly log: Logger
  /** Answers a path of `api/media.ts`, with HTTP's meaning. */
  media(path: string, range: string | null, signal?: AbortSignal): Promise<MediaResponse>
  generateDemo(directory: string, signal?: AbortSignal): Promise<DemoLibrary>
  /**
   * Resolves when the job has ended. Aborting ends the waiting, not the job. `onOther` is told of the job of another process that has to
   * end before, or that is this very one.
   */
  waitForJob(
    id: number,
    hooks?: { onProgress?: (job: Job) => void; onOther?: (job: Job) => void; signal?: AbortSignal },
  ): Promise<Job>
  /** Gives running jobs back to the queue, so that they go on at the next start, and ends the engine. */
  close(): Promise<void>
}

/** Builds the parts in the order of their dependence and connects their changes to the event stream. @throws ExpectedError when the workspace cannot be used. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const workspace = openWorkspace(options.workspace)
  const isNew = !existsSync(workspace.databaseFile)
  const log = openLog(workspace.logFile)
  const settings = new SettingsStore(workspace.settingsFile)
  const notices = new Notices([...(options.notices ?? []), ...(settings.notice ? [settings.notice] : [])])
  const { ffmpeg, ffprobe } = settings.get()
  configureExecutables({ ffmpeg: ffmpeg ?? undefined, ffprobe: ffprobe ?? undefined })

  const database = openDatabase(workspace.databaseFile)
  const library = new Library(database, { probe })
  const jobs = new JobQueue(database, {
    ownJobsOnly: options.host === 'cli',
    onBug: (error, job) => log.error({ err: error, job: job.id, kind: job.kind }, 'a job failed'),
    onStorage: problem => notices.set('storage', 'error', problem),
  })
  const launch = options.launchEngine ?? forkLauncher()
  const engine = new Engine({ launch, beside: new Engine({ launch, environment: { [enginePriority]: 'normal' } }) })
  const devices = new DeviceSelection(engine, launch, join(workspace.root, 'devices.json'), {
    device: options.device ?? settings.get().device,
    precision: options.precision ?? settings.get().precision,
  })
  const downloads = new Downloads({ workspace: workspace.root, jobs, settings: () => settings.get() })
  const registry = new ModelRegistry(workspace.root, launch)
  await registry.ensureUntrained()
  const model = await ModelInUse.open(registry, engine, devices, options.model ?? null)

  const store = await VectorStore.open(workspace.vectorsDirectory)
  const ledger = new EmbeddingLedger(database, () => library.changed())
  const sampler = new SamplingThread()
  const retrieval = {
    store,
    ledger,
    sampler,
    library,
    searchable: new SearchableVideos(database),
    encoder: () => model.encoder(),
    settings: () => settings.get(),
  }
  const windowed = options.demo ?? true
  const events = new EventPublisher<{ event: WorkbenchEvent }>()
  const tell = (event: WorkbenchEvent) => events.publish('event', event)
  const onWork = (work: Work) => tell({ type: 'work', work })
  const cached = new CachedFiles(workspace.cacheDirectory, problem => notices.set('cache', 'warning', problem))
  const inspect = createInspect({
    ...retrieval,
    cacheFolder: join(workspace.cacheDirectory, 'attention'),
    files: cached,
    tell: onWork,
  })
  const frames = new FrameCache({ directory: workspace.cacheDirectory, write: cached.write })
  const proxies = new ProxyFiles(workspace.cacheDirectory)
  await Promise.all([sweepAtomicWrites(workspace.root), proxies.tidy(), cached.tidy(), downloads.tidy()])
  const shown = (id: number) => library.readyVideos([id])[0] ?? null

  const chosenDevice = async () => {
    await devices.ready()
    return { ...engine.status(), precision: devices.precision === 'fp16' ? ('fp16' as const) : ('fp32' as const) }
  }
  const trainingFrames = join(workspace.cacheDirectory, 'training-frames')
  const runs = new Runs({
    folder: join(workspace.root, 'runs'),
    models: workspace.modelsDirectory,
    jobs,
    launch,
    version: options.version,
    device: chosenDevice,
    sampler,
    frameCache: () => ({ directory: trainingFrames, limit: options.frameCache ?? settings.get().frameCache }),
    onRuns: () => tell({ type: 'runs' }),
    onModels: () => tell({ type: 'models' }),
    tell: onWork,
  })
  const clusterJobs = new ClusterJobs({
    runs,
    models: workspace.modelsDirectory,
    onModels: () => tell({ type: 'models' }),
  })
  const damagedRuns = await runs.tidy()
  const evaluations = new Evaluations({
    folder: join(workspace.root, 'evaluations'),
    jobs,
    registry,
    launch,
    runs,
    sampler,
    device: chosenDevice,
    denseRate: () => settings.get().denseRate,
    thumbnail: path => {
      const video = library.videoByPath(path)
      return video && `thumbnail/${video.id}`
    },
    onEvaluations: () => tell({ type: 'evaluations' }),
  })
  const damaged = [...damagedRuns, ...(await evaluations.tidy())]
  if (damaged.length > 0) notices.set('records', 'warning', damaged.join(' '))
  const confinement =
    options.host === 'server'
      ? { exportFolder: resolve(options.exportFolder ?? join(workspace.root, 'exports')) }
      : null
  const services = new Services({
    confinement,
    log,
    notices,
    library,
    jobs,
    engine,
    devices,
    registry,
    downloads,
    model,
    retrieval,
    inspect,
    frames,
    settings,
    launch,
    runs,
    clusterJobs,
    evaluations,
    trainingFrames,
    dialogs: options.dialogs,
    info: {
      version: options.version,
      host: options.host,
      workspace: workspace.root,
      platform: process.platform,
      nativeDialogs: options.dialogs !== undefined,
      confined: confinement !== null,
      exportFolder: confinement?.exportFolder ?? workspace.root,
    },
    onModels: () => tell({ type: 'models' }),
    onSettings: changed => tell({ type: 'settings', settings: changed }),
    onWork,
  })

  library.onChange(() => tell({ type: 'library' }))
  jobs.onChange(tell)
  notices.onChange(list => tell({ type: 'notices', notices: list }))
  engine.onStatus(status => {
    tell({ type: 'engine', status })
    notices.set('device', 'info', status.fallback)
  })
  services.sayModel()
  findExecutable('ffmpeg').catch((error: unknown) =>
    notices.set('ffmpeg', 'error', error instanceof Error ? error.message : String(error)),
  )

  jobs.define(jobTable({ library, jobs, retrieval, model, registry, downloads, proxies, runs, evaluations, windowed }))
  if (options.runJobs ?? true) jobs.start()
  if (windowed && isNew) jobs.enqueueOnce('demo', 'Make the demo library', { directory: workspace.demoDirectory })
  const watch = windowed ? new Watch(library, jobs, notices) : null
  services.onWatch = on => watch?.set(on)
  watch?.set(settings.get().watch)

  const router = createRouter(services, events)
  return {
    router,
    client: createRouterClient(router),
    log,
    media: (path, range) =>
      serveMedia({ frames, video: shown, proxy: video => proxies.find(video.contentId) }, path, range),
    generateDemo: (directory, signal) => generateDemo(directory, { signal }),
    waitForJob: async (id, { onProgress, onOther, signal } = {}) => {
      const stop = jobs.onChange(change => {
        if (change.type === 'job' && change.job.id === id) onProgress?.(change.job)
      })
      try {
        return await jobs.wait(id, signal, onOther)
      } finally {
        stop()
      }
    },
    close: async () => {
      await watch?.close()
      await jobs.close()
      await downloads.close()
      devices.close()
      await engine.close()
      await sampler.close()
      library.close()
      await store.close()
      database.close()
    },
  }
}

/** One JSON line per entry; a log over 5 MB starts anew, keeping the one before. */
function openLog(file: string): Logger {
  const level = process.env.LFVILA_LOG_LEVEL ?? 'info'
  const tooLong = existsSync(file) && statSync(file).size > 5e6
  // Opened here: a program that ends in its first moments would find a log that is not ready.
  return pino({ level }, pino.destination({ dest: openSync(file, tooLong ? 'w' : 'a', 0o600), sync: false }))
}

/** Watching the opened folders, switched by a setting. What changed is scanned, and then indexed. */
class Watch {
  readonly #start: () => LibraryWatcher
  #watcher: LibraryWatcher | null = null

  constructor(library: Library, jobs: JobQueue, notices: Notices) {
    const index = { kind: 'index' as const, title: 'Index what changed', payload: { videoIds: null, dense: true } }
    this.#start = () =>
      new LibraryWatcher(library, {
        onChange: within => {
          enqueueScan(jobs, { folderIds: null, within }, 'Scan what changed', index)
        },
        onProblem: sentence => notices.set('watch', 'warning', sentence),
      })
  }

  set(on: boolean): void {
    if (on) this.#watcher ??= this.#start()
    else void this.close()
  }

  async close(): Promise<void> {
    const watcher = this.#watcher
    this.#watcher = null
    await watcher?.close()
  }
}
