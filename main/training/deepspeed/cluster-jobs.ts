import type { ExportedJob, RunRecord } from '../../api/training/training.ts'
import type { Runs } from '../runs/runs.ts'
import { registerContinuation } from './continuation.ts'
import { exportRun } from './export-run.ts'

export interface ClusterJobsParts {
  readonly runs: Runs
  /** The folder of registered models. */
  readonly models: string
  readonly onModels: () => void
}

/** Runs that go to a cluster as jobs of the published code, and come back with the weights that it made. */
export class ClusterJobs {
  readonly #parts: ClusterJobsParts

  constructor(parts: ClusterJobsParts) {
    this.#parts = parts
  }

  /**
   * Writes a run as a job of the published code. @throws ExpectedError while it is at work, or as {@link exportRun}.
   */
  async exportJob(
    { id, folder, overwrite }: { id: string; folder: string; overwrite: boolean },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ExportedJob> {
    return exportRun(await this.#parts.runs.atRest(id, signal), { folder, overwrite }, signal)
  }

  /**
   * A run that goes on from what a job of the published code made of another: its configuration and rows, and the
   * checkpoint as its model.
   * @throws ExpectedError while the other is at work, or as {@link registerContinuation}.
   */
  async importContinuation(
    { id, checkpoint }: { id: string; checkpoint: string },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<RunRecord> {
    const { runs, models, onModels } = this.#parts
    const { run, data, start } = await runs.atRest(id, signal)
    const model = await registerContinuation(models, { run: run.record, start, checkpoint }, signal)
    onModels()
    return runs.createContinuing(run.record, data, model)
  }
}
