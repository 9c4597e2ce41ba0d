import type { Downloads } from '../downloads/downloads.ts'
import type { JobHandler, JobTable } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { Learning } from '../learning/learning.ts'
import { demoJob } from '../library/scanning/demo-job.ts'
import { scanJob } from '../library/scanning/scan-job.ts'
import type { Library } from '../library/videos/library.ts'
import type { Maps } from '../map/maps.ts'
import type { ProxyFiles } from '../media/playback/proxy-job.ts'
import { clearAbandonedExport, exportJob } from '../models/export/export-job.ts'
import type { ComparedModel } from '../models/registry/compared-model.ts'
import type { ModelInUse } from '../models/registry/model-in-use.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'
import type { ReportParts } from '../report/gather-report.ts'
import { clearAbandonedReport, reportJob } from '../report/report-job.ts'
import type { IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { indexJob } from '../retrieval/indexing/index-job.ts'
import type { Evaluations } from '../training/evaluation/evaluations.ts'
import type { CheckpointModels } from '../training/runs/checkpoint-models.ts'
import type { Runs } from '../training/runs/runs.ts'
import type { Traces } from '../training/tracing/traces.ts'

export interface JobTableParts {
  readonly library: Library
  readonly jobs: JobQueue
  readonly maps: Maps
  readonly retrieval: IndexingParts & { readonly library: Library }
  readonly model: ModelInUse
  readonly compared: ComparedModel
  readonly checkpointModels: CheckpointModels
  readonly registry: ModelRegistry
  readonly downloads: Downloads
  readonly proxies: ProxyFiles
  readonly runs: Runs
  readonly evaluations: Evaluations
  readonly reports: ReportParts
  readonly traces: Traces
  readonly learning: Learning
  /** Somebody looks on in a window. */
  readonly windowed: boolean
}

/** What is done for each kind of job; a kind without a line here does not compile. */
export function jobTable(parts: JobTableParts): JobTable {
  const {
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
    reports,
    windowed,
  } = parts
  const index = indexJob({
    ...retrieval,
    encoder: id => compared.encoder(id),
    hold: id => checkpointModels.hold(id),
  })
  return {
    scan: { run: scanJob(library) },
    index: { run: windowed ? loadingTexts(model, index) : index },
    map: { run: maps.job() },
    demo: { run: demoJob(library, jobs) },
    download: { run: downloads.job(), outlives: 'always' },
    proxy: { run: proxies.job(id => library.readyVideos([id])[0] ?? null) },
    export: { run: exportJob(registry), outlives: 'never', onAbandoned: clearAbandonedExport },
    report: { run: reportJob(reports), outlives: 'never', onAbandoned: clearAbandonedReport },
    finetune: { run: runs.job(), outlives: 'always' },
    evaluate: { run: evaluations.job(), outlives: 'always' },
    trace: { run: traces.job() },
    learn: { run: learning.job() },
  }
}

/** Whoever looks on while videos are indexed will search: the first search then finds the text encoder loaded. */
function loadingTexts(model: ModelInUse, index: JobHandler): JobHandler {
  return run => {
    void model
      .encoder()
      .then(encoder => encoder.encodeParagraph(['A first sentence.'], run.signal))
      .catch(() => undefined)
    return index(run)
  }
}
