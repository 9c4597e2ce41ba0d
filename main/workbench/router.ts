import { mapEventIterator } from '@orpc/client'
import { implement } from '@orpc/server'
import { contract } from '../api/index.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { readLog } from '../diagnostics/log-files.ts'
import { provenanceOf } from '../inspect/provenance.ts'
import { browse } from '../library/folders/browse.ts'
import { openFolder, putBackVideos, rereadVideos, rescan } from '../library/scanning/scan-job.ts'
import { clearKeptFrames, keptBytes } from '../media/frame-store/kept-bytes.ts'
import { keyframes } from '../media/timeline/timeline.ts'
import { ask } from '../questions/ask.ts'
import { enqueueIndex } from '../retrieval/indexing/index-job.ts'
import { videoIndexes } from '../retrieval/indexing/video-indexes.ts'
import { search } from '../retrieval/search/search.ts'
import { findSimilar } from '../retrieval/search/similar.ts'
import { removeFolder } from '../retrieval/vectors/consistency.ts'
import { whyNot } from '../retrieval/why-not/why-not.ts'
import { presets } from '../training/runs/presets.ts'
import { verify } from '../verify/verify.ts'
import { answersTo, countedViews } from './library-lists.ts'
import type { Parts } from './parts.ts'
import { toldFailure } from './told-failure.ts'

/**
 * The contract implemented over the workbench's parts: each procedure asks the one that owns it. What fails, at once or
 * later in a stream, is told by {@link toldFailure}.
 */
export function createRouter(parts: Parts) {
  const { compared, comparisons, traces, checkpointModels, learning } = parts
  const searching = (id: string | null) => ({ ...parts.retrieval, encoder: () => compared.encoder(id) })
  const os = implement(contract).use(async ({ next, path }) => {
    const told = (error: unknown) => toldFailure(error, path.join('.'), parts.log)
    try {
      const result = await next()
      if (!isStream(result.output)) return result
      // The handler has only made the stream by now: whatever is wrong it says when it is read.
      return {
        ...result,
        output: mapEventIterator(result.output, { value: async value => value, error: async error => told(error) }),
      }
    } catch (error) {
      throw told(error)
    }
  })
  const {
    events,
    info,
    dialogs,
    notices,
    settings,
    settingsChanges,
    library,
    captionEditing,
    tiers,
    embeddingKeys,
    indexingModels,
    queryFiles,
    searchHistory,
    maps,
    jobs,
  } = parts
  const { engine, devices, registry, model, downloads, retrieval, inspect, origin, questions, words, frames, proxies } =
    parts
  const { datasets, runs, clusterJobs, evaluations, exports, verification, trainingFrames, diagnosed } = parts
  return os.router({
    app: {
      info: os.app.info.handler(() => info),
      notices: os.app.notices.handler(() => notices.list()),
      settings: os.app.settings.handler(() => settings.get()),
      changeSettings: os.app.changeSettings.handler(({ input }) => settingsChanges.apply(input)),
      frameCache: os.app.frameCache.handler(() => keptBytes(trainingFrames)),
      clearFrameCache: os.app.clearFrameCache.handler(() => clearKeptFrames(trainingFrames)),
      pickFolder: os.app.pickFolder.handler(() => dialogs?.pickFolder() ?? null),
      pickFiles: os.app.pickFiles.handler(({ input }) => dialogs?.pickFiles(input) ?? []),
      events: os.app.events.handler(async function* ({ signal }) {
        yield* events.subscribe('event', { signal, maxBufferedEvents: 1000 })
      }),
    },
    library: {
      folders: os.library.folders.handler(() => library.folders()),
      addFolder: os.library.addFolder.handler(({ input }) => openFolder(library, jobs, input)),
      openVideo: os.library.openVideo.handler(async ({ input, signal }) =>
        library.video(await library.openVideo(input.path, signal), embeddingKeys()),
      ),
      removeFolder: os.library.removeFolder.handler(({ input }) => removeFolder(library, retrieval, input.id)),
      rescan: os.library.rescan.handler(() => rescan(jobs)),
      summary: os.library.summary.handler(() => library.summary(embeddingKeys())),
      videos: os.library.videos.handler(async ({ input, signal }) =>
        library.list(input, embeddingKeys(), await answersTo(parts, input, signal)),
      ),
      ids: os.library.ids.handler(async ({ input, signal }) =>
        library.ids(input, embeddingKeys(), await answersTo(parts, input, signal)),
      ),
      indexes: os.library.indexes.handler(async ({ input }) =>
        videoIndexes(retrieval.ledger.passes(library.records.contentOf(input.id) ?? ''), await indexingModels()),
      ),
      describe: os.library.describe.handler(({ input }) => library.describe(input.videoIds, embeddingKeys())),
      tags: os.library.tags.handler(() => library.tags.list()),
      tag: os.library.tag.handler(({ input }) => ({
        changed: library.changing(() => library.tags.change(input.changes)),
      })),
      views: os.library.views.handler(() => countedViews(parts)),
      saveView: os.library.saveView.handler(({ input }) =>
        library.changing(() => library.views.save(input.name, input.rules)),
      ),
      renameView: os.library.renameView.handler(({ input }) =>
        library.changing(() => library.views.rename(input.id, input.name)),
      ),
      removeView: os.library.removeView.handler(({ input }) => library.changing(() => library.views.remove(input.id))),
      reread: os.library.reread.handler(({ input }) => rereadVideos(library, jobs, input.videoIds)),
      removeVideos: os.library.removeVideos.handler(({ input }) => ({
        paths: library.changing(() => library.removed.remove(input.videoIds)),
      })),
      removed: os.library.removed.handler(() => library.removed.list()),
      putBack: os.library.putBack.handler(({ input }) => putBackVideos(library, jobs, input.paths)),
      video: os.library.video.handler(({ input }) => library.video(input.id, embeddingKeys())),
      strip: os.library.strip.handler(({ input }) => frames.strip(library.ready(input.id), input.count, input.span)),
      index: os.library.index.handler(({ input }) => enqueueIndex(jobs, library, input)),
      keyframes: os.library.keyframes.handler(({ input, signal }) => {
        const { path, info: media } = library.ready(input.id)
        return keyframes(path, media, { signal })
      }),
      makeProxy: os.library.makeProxy.handler(({ input }) => proxies.enqueue(jobs, library.ready(input.id))),
      browse: os.library.browse.handler(({ input }) => browse(input.path)),
    },
    captions: {
      draft: os.captions.draft.handler(({ input }) => captionEditing.draft(input.videoId)),
      file: os.captions.file.handler(({ input }) => captionEditing.file(input.videoId)),
      keep: os.captions.keep.handler(({ input }) => captionEditing.keep(input)),
      save: os.captions.save.handler(({ input }) => captionEditing.save(input.videoId, input)),
      edited: os.captions.edited.handler(() => library.drafts.edited()),
    },
    tiers: {
      list: os.tiers.list.handler(({ input }) => tiers.list(input.videoId)),
      add: os.tiers.add.handler(({ input }) => tiers.add(input.videoId, input.name, input.content)),
      rename: os.tiers.rename.handler(({ input }) => tiers.rename(input.id, input.name)),
      remove: os.tiers.remove.handler(({ input }) => tiers.remove(input.id)),
      keep: os.tiers.keep.handler(({ input }) => tiers.keep(input)),
      found: os.tiers.found.handler(({ input, signal }) => tiers.found(input.videoId, input.path, signal)),
      read: os.tiers.read.handler(({ input, signal }) => tiers.read(input.videoId, input, signal)),
      write: os.tiers.write.handler(({ input }) => exports.tiers(input)),
    },
    search: {
      query: os.search.query.handler(({ input, signal }) => search(searching(input.model), input, signal)),
      similar: os.search.similar.handler(({ input, signal }) =>
        findSimilar({ ...searching(input.model), queryFiles }, input, signal ?? new AbortController().signal),
      ),
      whyNot: os.search.whyNot.handler(async function* ({ input, signal }) {
        yield* whyNot(searching(input.model), input, signal ?? new AbortController().signal)
      }),
      upload: os.search.upload.handler(async ({ input }) => ({ upload: await queryFiles.receive(input) })),
      history: os.search.history.handler(() => searchHistory.list()),
      remember: os.search.remember.handler(({ input }) => searchHistory.remember(input)),
      name: os.search.name.handler(({ input }) => searchHistory.name(input.id, input.name)),
      forget: os.search.forget.handler(({ input }) => searchHistory.forget(input.id)),
    },
    map: {
      get: os.map.get.handler(({ input }) => maps.get(input.subject)),
      start: os.map.start.handler(({ input }) => maps.start(input.subject, input.anew)),
      scores: os.map.scores.handler(({ input, signal }) => maps.scores(input.subject, input.text, signal)),
    },
    inspect: {
      align: os.inspect.align.handler(({ input, signal }) => inspect.align(input, signal)),
      embeddings: os.inspect.embeddings.handler(({ input, signal }) => inspect.embeddings(input, signal)),
      provenance: os.inspect.provenance.handler(({ input }) => provenanceOf(origin, input)),
      attention: os.inspect.attention.handler(({ input, signal }) => inspect.attention(input, signal)),
      attentionRollout: os.inspect.attentionRollout.handler(({ input, signal }) =>
        inspect.attentionRollout(input, signal),
      ),
      attentionBlock: os.inspect.attentionBlock.handler(({ input, signal }) => inspect.attentionBlock(input, signal)),
      attentionRow: os.inspect.attentionRow.handler(({ input, signal }) => inspect.attentionRow(input, signal)),
      attentionWords: os.inspect.attentionWords.handler(({ input, signal }) => words.look(input, signal)),
    },
    reports: {
      start: os.reports.start.handler(({ input }) => exports.report(input)),
    },
    learning: {
      corrected: os.learning.corrected.handler(() => learning.corrected()),
      start: os.learning.start.handler(({ input }) => learning.start(input)),
    },
    questions: {
      ask: os.questions.ask.handler(async function* ({ input, signal }) {
        yield* ask(questions, input, signal ?? new AbortController().signal)
      }),
    },
    models: {
      list: os.models.list.handler(() => registry.list()),
      indexed: os.models.indexed.handler(async () =>
        Object.fromEntries(
          (await indexingModels()).map(({ id, keys }) => [id, library.summary(keys).overview.indexed]),
        ),
      ),
      info: os.models.info.handler(({ input }) => registry.info(input.id)),
      use: os.models.use.handler(({ input }) => model.use(input.id)),
      import: os.models.import.handler(({ input, signal }) => registry.import(input, { signal })),
      export: os.models.export.handler(({ input }) => exports.model(input)),
      remove: os.models.remove.handler(async ({ input }) => {
        await compared.release(input.id)
        return model.remove(input.id)
      }),
      verify: os.models.verify.handler(({ input, signal }) => verify(input, { ...verification, signal })),
    },
    downloads: {
      list: os.downloads.list.handler(() => downloads.list()),
      measure: os.downloads.measure.handler(({ input, signal }) => downloads.measure(input.id, signal)),
      start: os.downloads.start.handler(({ input }) => downloads.start(input.id)),
      remove: os.downloads.remove.handler(({ input }) => downloads.remove(input.id)),
    },
    datasets: {
      exportAnnotations: os.datasets.exportAnnotations.handler(({ input, signal }) =>
        exports.annotations(input, signal),
      ),
      inspect: os.datasets.inspect.handler(({ input, signal }) => datasets.inspect(input, signal)),
    },
    training: {
      presets: os.training.presets.handler(() => [...presets]),
      estimate: os.training.estimate.handler(({ input, signal }) => runs.estimate(input, signal)),
      start: os.training.start.handler(({ input, signal }) => runs.start(input, signal)),
      list: os.training.list.handler(() => runs.list()),
      info: os.training.info.handler(async ({ input }) => (await runs.open(input.id)).record),
      metrics: os.training.metrics.handler(async ({ input }) => (await runs.open(input.id)).metrics(input.afterStep)),
      log: os.training.log.handler(async ({ input }) => (await runs.open(input.id)).log()),
      pause: os.training.pause.handler(({ input }) => runs.pause(input.id)),
      resume: os.training.resume.handler(({ input }) => runs.resume(input.id)),
      cancel: os.training.cancel.handler(({ input }) => runs.cancel(input.id)),
      rename: os.training.rename.handler(({ input }) => runs.rename(input.id, input.name)),
      remove: os.training.remove.handler(({ input }) => runs.remove(input.id)),
      checkpoints: os.training.checkpoints.handler(() => checkpointModels.list()),
      traceable: os.training.traceable.handler(({ input, signal }) => traces.traceable(input.id, signal)),
      trace: os.training.trace.handler(({ input }) => traces.start(input)),
      traced: os.training.traced.handler(({ input }) => traces.traced(input)),
      exportJob: os.training.exportJob.handler(({ input, signal }) => exports.clusterJob(input, signal)),
      importContinuation: os.training.importContinuation.handler(({ input, signal }) =>
        clusterJobs.importContinuation(input, signal),
      ),
    },
    evaluation: {
      start: os.evaluation.start.handler(({ input, signal }) => evaluations.start(input, signal)),
      list: os.evaluation.list.handler(() => evaluations.list()),
      info: os.evaluation.info.handler(({ input }) => evaluations.info(input.id)),
      remove: os.evaluation.remove.handler(({ input }) => evaluations.remove(input.id)),
      failures: os.evaluation.failures.handler(({ input }) => evaluations.failures(input)),
      videos: os.evaluation.videos.handler(({ input }) => evaluations.videos(input.id)),
      compare: os.evaluation.compare.handler(({ input, signal }) => comparisons.compare(input, signal)),
      compared: os.evaluation.compared.handler(({ input, signal }) => comparisons.queries(input, signal)),
      predictions: os.evaluation.predictions.handler(({ input }) => evaluations.predictions(input.id)),
      certificate: os.evaluation.certificate.handler(({ input }) => evaluations.certificate(input.id)),
      startFrom: os.evaluation.startFrom.handler(({ input, signal }) => evaluations.startFrom(input, signal)),
      probeTime: os.evaluation.probeTime.handler(({ input }) => evaluations.probeTime(input.id, input.seed)),
      probed: os.evaluation.probed.handler(({ input }) => evaluations.probed(input)),
      confusion: os.evaluation.confusion.handler(({ input }) => evaluations.confusion(input.id)),
    },
    engine: {
      devices: os.engine.devices.handler(({ input }) => devices.devices(input.again)),
      status: os.engine.status.handler(() => engine.status()),
    },
    diagnostics: {
      diagnose: os.diagnostics.diagnose.handler(({ input }) => diagnose(diagnosed, input)),
      log: os.diagnostics.log.handler(async ({ input }) => ({
        file: diagnosed.logFile,
        ...(await readLog(diagnosed.logFile, input)),
      })),
    },
    jobs: {
      list: os.jobs.list.handler(() => jobs.list()),
      cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.id)),
      dismiss: os.jobs.dismiss.handler(({ input }) => jobs.dismiss(input.id)),
    },
  })
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}
