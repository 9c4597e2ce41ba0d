import type { ReportInput } from '../../api/inspection/reports.ts'
import type { TierExport, TiersWritten } from '../../api/library/tiers.ts'
import type { ExportInput } from '../../api/models.ts'
import type { AnnotationCounts, AnnotationExport } from '../../api/training/datasets.ts'
import type { ExportedJob } from '../../api/training/training.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { Library } from '../../library/videos/library.ts'
import { enqueueExport } from '../../models/export/export-job.ts'
import type { ModelRegistry } from '../../models/registry/registry.ts'
import { enqueueReport } from '../../report/report-job.ts'
import type { Tiers } from '../../tiers/tiers.ts'
import { exportAnnotations } from '../../training/data/annotation-tools/export-annotations.ts'
import { labellingInterface } from '../../training/data/annotation-tools/label-studio-document.ts'
import type { ClusterJobs } from '../../training/deepspeed/cluster-jobs.ts'
import { assertExportPath } from './confinement.ts'
import type { Confinement } from './confinement.ts'

export interface ExportsParts {
  /** Null where the user sits: at the desktop app or the command line. */
  readonly confinement: Confinement | null
  readonly registry: ModelRegistry
  readonly jobs: JobQueue
  readonly library: Library
  readonly clusterJobs: ClusterJobs
  readonly tiers: Tiers
}

/** What is written to a path that the user names, as far as the host allows it. */
export class Exports {
  readonly #parts: ExportsParts

  constructor(parts: ExportsParts) {
    this.#parts = parts
  }

  async model(input: ExportInput): Promise<{ jobId: number }> {
    const { registry, jobs } = this.#parts
    await this.#assertAllowed(input.path)
    return enqueueExport(registry, jobs, input)
  }

  async report(input: ReportInput): Promise<{ jobId: number }> {
    const { library, jobs } = this.#parts
    await this.#assertAllowed(input.path)
    return enqueueReport(library, jobs, input)
  }

  async clusterJob(
    input: { id: string; folder: string; overwrite: boolean },
    signal?: AbortSignal,
  ): Promise<ExportedJob> {
    await this.#assertAllowed(input.folder)
    return this.#parts.clusterJobs.exportJob(input, signal)
  }

  async annotations(
    input: AnnotationExport,
    signal?: AbortSignal,
  ): Promise<AnnotationCounts & { labellingInterface: string | null }> {
    await this.#assertAllowed(input.out)
    const counts = await exportAnnotations(input, signal ?? new AbortController().signal)
    const { as, into, choice } = input
    const isNewProject = as === 'label-studio' && into === null
    return { ...counts, labellingInterface: isNewProject ? labellingInterface(choice.frameRate ?? 24) : null }
  }

  async tiers(input: TierExport): Promise<TiersWritten> {
    await this.#assertAllowed(input.path)
    return this.#parts.tiers.write(input)
  }

  async #assertAllowed(path: string): Promise<void> {
    const { confinement } = this.#parts
    if (confinement) await assertExportPath(path, confinement)
  }
}
