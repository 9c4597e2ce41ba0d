import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import type { Work, WorkbenchEvent } from '../api/app.ts'
import { Downloads } from '../downloads/downloads.ts'
import { DeviceSelection } from '../engine/devices/device-selection.ts'
import { Engine } from '../engine/engine.ts'
import { enginePriority, forkLauncher } from '../engine/launcher.ts'
import { createInspect } from '../inspect/inspect.ts'
import { provenanceOf } from '../inspect/provenance.ts'
import { JobQueue } from '../jobs/job-queue.ts'
import { Learning } from '../learning/learning.ts'
import { CaptionEditing } from '../library/editing/caption-editing.ts'
import { Library } from '../library/videos/library.ts'
import { MapFiles } from '../map/map-files.ts'
import { Maps } from '../map/maps.ts'
import { findExecutable } from '../media/ffmpeg/executables.ts'
import { FrameCache } from '../media/playback/frame-cache.ts'
import { ProxyFiles } from '../media/playback/proxy-job.ts'
import { probe } from '../media/probing/probe.ts'
import { SamplingThread } from '../media/sampling-thread/sampling-thread.ts'
import { ComparedModel } from '../models/registry/compared-model.ts'
import { ModelInUse } from '../models/registry/model-in-use.ts'
import { ModelRegistry } from '../models/registry/registry.ts'
import { QueryFiles } from '../retrieval/search/query-files.ts'
import { ListScores } from '../retrieval/search/scored-list.ts'
import { SearchHistory } from '../retrieval/search/search-history.ts'
import { SearchableVideos } from '../retrieval/search/searchable-videos.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../retrieval/vectors/embedding-ledger.ts'
import { memoryForRows } from '../retrieval/vectors/rows-in-memory.ts'
import { openDatabase } from '../storage/database.ts'
import { sweepAtomicWrites } from '../storage/files/atomic-file.ts'
import { CachedFiles } from '../storage/files/cached-files.ts'
import { SettingsStore } from '../storage/settings.ts'
import { openWorkspace } from '../storage/workspace.ts'
import { Tiers } from '../tiers/tiers.ts'
import { Datasets } from '../training/data/datasets/datasets.ts'
import { ClusterJobs } from '../training/deepspeed/cluster-jobs.ts'
import { Comparisons } from '../training/evaluation/comparisons.ts'
import { Evaluations } from '../training/evaluation/evaluations.ts'
import { CheckpointModels } from '../training/runs/checkpoint-models.ts'
import { Runs } from '../training/runs/runs.ts'
import { Traces } from '../training/tracing/traces.ts'
import { WordInspector } from '../words/word-inspector.ts'
import { appInfo, confinementOf } from './app-info.ts'
import { downloadedModels } from './downloaded-models.ts'
import { Exports } from './exports/exports.ts'
import { indexingModels } from './indexing-models.ts'
import { jobTable } from './job-table.ts'
import type { Lifecycle } from './lifecycle.ts'
import { openLog } from './log.ts'
import { sayWhatItKnows } from './notices/model-notice.ts'
import { Notices } from './notices/notices.ts'
import { openVectors } from './open-vectors.ts'
import type { WorkbenchOptions } from './options.ts'
import { FolderWatch } from './settings/folder-watch.ts'
import { SettingsChanges, useExecutables } from './settings/settings-changes.ts'
import { tellChanges } from './tell-changes.ts'

export type Parts = Awaited<ReturnType<typeof openParts>>

/**
 * Opens the parts in the order of their dependence and connects their changes to the event stream. @throws
 * ExpectedError
 */
export async function openParts(options: WorkbenchOptions, lifecycle: Lifecycle) {
  const workspace = openWorkspace(options.workspace)
  const isNew = !existsSync(workspace.databaseFile)
  const windowed = options.demo ?? true
  const log = openLog(workspace.logFile)
  log.info({ version: options.version, host: options.host, node: process.versions.node }, 'the workbench was opened')
  const settings = new SettingsStore(workspace.settingsFile)
  const notices = new Notices([...(options.notices ?? []), ...(settings.notice ? [settings.notice] : [])])
  useExecutables(settings.get())
  const events = new EventPublisher<{ event: WorkbenchEvent }>()
  const tell = (event: WorkbenchEvent) => events.publish('event', event)
  const onWork = (work: Work) => tell({ type: 'work', work })
  const onModels = () => tell({ type: 'models' })

  const database = await lifecycle.open(
    'database',
    () => openDatabase(workspace.databaseFile),
    opened => opened.close(),
  )
  const library = await lifecycle.open(
    'library',
    () => new Library(database, { probe }),
    opened => opened.close(),
  )
  const jobs = await lifecycle.open(
    'job queue',
    () =>
      new JobQueue(database, {
        ownJobsOnly: options.host === 'cli',
        onBug: (error, job) => log.error({ err: error, job: job.id, kind: job.kind }, 'a job failed'),
        onStorage: problem => notices.set('storage', 'error', problem),
      }),
    opened => opened.close(),
  )
  const launch = options.launchEngine ?? forkLauncher()
  const engine = await lifecycle.open(
    'engine',
    () => new Engine({ launch, beside: new Engine({ launch, environment: { [enginePriority]: 'normal' } }) }),
    opened => opened.close(),
  )
  const devices = await lifecycle.open(
    'devices',
    () =>
      new DeviceSelection(engine, launch, {
        file: join(workspace.root, 'devices.json'),
        device: options.device ?? settings.get().device,
        precision: options.precision ?? settings.get().precision,
      }),
    opened => opened.close(),
  )
  const store = await lifecycle.open(
    'vector store',
    () =>
      openVectors({
        named: options.store ?? null,
        set: settings.get().vectorStore,
        own: workspace.vectorsDirectory,
        // A command searches once: to read everything first would take longer than that.
        memory: windowed ? memoryForRows : 0,
        onProblem: problem => notices.set('vector-store', 'error', problem),
      }),
    opened => opened.close(),
  )
  const sampler = await lifecycle.open(
    'sampling thread',
    () => new SamplingThread(),
    opened => opened.close(),
  )

  const registry = new ModelRegistry(workspace.root, { launch, onImport: onModels })
  await registry.ensureShipped()
  const model = await ModelInUse.open(
    {
      registry,
      engine,
      devices,
      onChange: () => {
        sayWhatItKnows(notices, model.identity)
        onModels()
        library.changed()
      },
    },
    options.model ?? null,
  )
  const device = async () => {
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
    device,
    sampler,
    frameCache: () => ({ directory: trainingFrames, limit: options.frameCache ?? settings.get().frameCache }),
    onRuns: () => tell({ type: 'runs' }),
    onModels,
    tell: onWork,
  })
  const checkpointModels = new CheckpointModels(
    runs,
    join(workspace.root, 'runs'),
    join(workspace.cacheDirectory, 'checkpoints'),
  )
  const compared = new ComparedModel({
    registry,
    engine,
    devices,
    inUse: model,
    unregistered: id => checkpointModels.open(id),
  })
  const downloads = await lifecycle.open(
    'downloads',
    () =>
      new Downloads({
        workspace: workspace.root,
        jobs,
        settings: () => settings.get(),
        models: downloadedModels(registry, model),
      }),
    opened => opened.close(),
  )
  const told = () => library.changed()
  const ledger = store.shared ? EmbeddingLedger.copy(database, told) : new EmbeddingLedger(database, told)
  await store.shared?.copyTo(ledger)
  const retrieval = {
    store,
    ledger,
    sampler,
    library,
    searchable: new SearchableVideos(database),
    encoder: () => model.encoder(),
    settings: () => settings.get(),
  }
  const queryFiles = await lifecycle.open(
    'query files',
    () => new QueryFiles(workspace.cacheDirectory, path => sampler.probe(path)),
    opened => opened.close(),
  )
  const cached = new CachedFiles(workspace.cacheDirectory, problem => notices.set('cache', 'warning', problem))
  const frames = new FrameCache({ directory: workspace.cacheDirectory, write: cached.write })
  const inspect = createInspect({
    ...retrieval,
    encoder: id => compared.encoder(id),
    frames,
    cacheFolder: join(workspace.cacheDirectory, 'attention'),
    files: cached,
    tell: onWork,
  })
  const proxies = new ProxyFiles(workspace.cacheDirectory)
  await Promise.all([
    sweepAtomicWrites(workspace.root),
    proxies.tidy(),
    cached.tidy(),
    downloads.tidy(),
    queryFiles.tidy(),
    checkpointModels.tidy(),
  ])

  const questions = { registry, engine, sampler, library, frames, ready: device }
  const words = new WordInspector({
    ...{ engine, sampler, frames, registry, ready: device },
    settings: () => settings.get(),
    inUse: () => model.identity.id,
    unregistered: id => checkpointModels.open(id),
    library: { ready: id => library.ready(id), captions: id => library.video(id, keysNow()) },
    tell: onWork,
  })
  const clusterJobs = new ClusterJobs({ runs, models: workspace.modelsDirectory, onModels })
  const damagedRuns = await runs.tidy()
  const evaluationsFolder = join(workspace.root, 'evaluations')
  const evaluations = new Evaluations({
    folder: evaluationsFolder,
    jobs,
    registry,
    launch,
    runs,
    sampler,
    version: options.version,
    device,
    denseRate: () => settings.get().denseRate,
    thumbnail: path => {
      const video = library.videoByPath(path)
      return video && `thumbnail/${video.id}`
    },
    onEvaluations: () => tell({ type: 'evaluations' }),
  })
  const traces = new Traces({ runs, jobs, launch, sampler, device, onTraces: () => tell({ type: 'runs' }) })
  const comparisons = new Comparisons(evaluationsFolder, path => library.videoByPath(path)?.id ?? null)
  const damaged = [...damagedRuns, ...(await evaluations.tidy())]
  if (damaged.length > 0) notices.set('records', 'warning', damaged.join(' '))

  tellChanges({ library, jobs, notices, engine, log }, tell)
  sayWhatItKnows(notices, model.identity)
  findExecutable('ffmpeg').catch((error: unknown) =>
    notices.set('ffmpeg', 'error', error instanceof Error ? error.message : String(error)),
  )

  const keysNow = () => embeddingKeys(model.identity, settings.get())
  const maps = new Maps({
    ...retrieval,
    database,
    jobs,
    files: new MapFiles(workspace.mapsDirectory),
    keys: keysNow,
    modelId: () => model.identity.id,
    onMap: () => tell({ type: 'map' }),
  })
  const origin = { version: options.version, settings: () => settings.get(), model, registry, library }
  const reports = {
    inspect,
    retrieval,
    library,
    provenance: (videoIds: readonly number[]) => provenanceOf(origin, { model: null, videoIds }),
    folder: join(workspace.cacheDirectory, 'reports'),
  }
  const captionEditing = new CaptionEditing(library)
  const tiers = new Tiers({ database, library, captions: captionEditing })
  const learning = new Learning({
    ...retrieval,
    jobs,
    captions: captionEditing,
    models: workspace.modelsDirectory,
    inUse: () => model.identity.id,
    encoder: id => compared.encoder(id),
    onModels,
  })
  jobs.define(
    jobTable({
      reports,
      library,
      jobs,
      retrieval,
      maps,
      model,
      compared,
      checkpointModels,
      registry,
      downloads,
      proxies,
      runs,
      evaluations,
      traces,
      learning,
      windowed,
    }),
  )
  // Jobs end before the parts that they use; the queue itself is there as long as any of these may ask it for one.
  await lifecycle.open(
    'running jobs',
    () => {
      if (options.runJobs ?? true) jobs.start()
    },
    () => jobs.stop(),
  )
  if (windowed && isNew) {
    jobs.enqueueOnce({ kind: 'demo', title: 'Make the demo library', payload: { directory: workspace.demoDirectory } })
  }
  const watch = await lifecycle.open(
    'folder watch',
    () => (windowed ? new FolderWatch(library, jobs, notices) : null),
    opened => opened?.close(),
  )
  watch?.set(settings.get().watch)

  const confinement = confinementOf(options, workspace.root)
  const info = appInfo(options, { workspace: workspace.root, confinement })
  return {
    log,
    events,
    info,
    dialogs: options.dialogs,
    notices,
    settings,
    settingsChanges: new SettingsChanges({
      settings,
      devices,
      downloads,
      library,
      watch,
      confined: confinement !== null,
      onSettings: changed => tell({ type: 'settings', settings: changed }),
    }),
    library,
    captionEditing,
    tiers,
    learning,
    /** Keys under which embeddings count as up to date. */
    embeddingKeys: keysNow,
    indexingModels: () => indexingModels({ registry, devices, settings }),
    listScores: new ListScores(retrieval),
    maps,
    queryFiles,
    searchHistory: new SearchHistory(database),
    jobs,
    engine,
    devices,
    registry,
    model,
    compared,
    downloads,
    retrieval,
    inspect,
    origin,
    questions,
    words,
    frames,
    proxies,
    datasets: new Datasets({ probe, frames: () => model.identity.frames }),
    runs,
    clusterJobs,
    evaluations,
    comparisons,
    traces,
    checkpointModels,
    exports: new Exports({ confinement, registry, jobs, library, clusterJobs, tiers }),
    verification: { launch, devices: () => devices.devices(), tell: onWork },
    trainingFrames,
    diagnosed: {
      info,
      logFile: workspace.logFile,
      database,
      settings: () => settings.get(),
      devices: () => devices.devices(),
      status: () => engine.status(),
      models: () => registry.list(),
      jobs: () => jobs.list(),
    },
  }
}
