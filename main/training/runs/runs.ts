import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Work } from '../../api/app.ts'
import { isAtWork, resumableStates } from '../../api/common/rules.ts'
import type { Estimate, RunRecord, RunConfig } from '../../api/training/training.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { unusedId } from '../../model-folder/register.ts'
import { RecordFolder } from '../../storage/record-folder.ts'
import { readDataset } from '../data/datasets/dataset.ts'
import { noticesOf } from '../data/datasets/rows/settle-times.ts'
import { estimateRun } from './estimate.ts'
import { readRunData } from './folder/run-data.ts'
import type { RunData } from './folder/run-data.ts'
import { RunFolder } from './folder/run-folder.ts'
import { makePlan } from './loop/plan.ts'
import { examplesToKeepApart } from './loop/videos-apart.ts'
import { runPayload, startOf, trainRun } from './run-job.ts'
import type { BestCheckpoint, RunJobParts } from './run-job.ts'
import { baseModel } from './start-model.ts'
import { writeTrainedModel } from './trained-model.ts'

export interface RunsParts {
  /** Where runs are kept; made when the first begins. */
  readonly folder: string
  /** The folder of registered models. */
  readonly models: string
  readonly jobs: JobQueue
  readonly launch: EngineLauncher
  readonly device: RunJobParts['device']
  readonly sampler: RunJobParts['sampler']
  readonly frameCache: RunJobParts['frameCache']
  readonly version: string
  readonly onRuns: () => void
  readonly onModels: () => void
  /** Told of each stage of a start. */
  readonly tell?: ((work: Work) => void) | undefined
}

export interface RunAtRest {
  readonly run: RunFolder
  readonly data: RunData
  /** The model that the run begins with. */
  readonly start: RegisteredModel
}

/** The fine-tuning runs of a workspace. */
export class Runs {
  readonly #parts: RunsParts

  constructor(parts: RunsParts) {
    this.#parts = parts
  }

  /**
   * Begins a run as a job. What can be known to be wrong is said now: the folder's rows, the model, a batch of one.
   * @throws ExpectedError
   */
  async start(config: RunConfig, signal: AbortSignal = new AbortController().signal): Promise<RunRecord> {
    const { folder, models, jobs, version, onRuns } = this.#parts
    const say = (stage: Work['stage']) =>
      this.#parts.tell?.({ key: `start ${config.name}`, stage, done: null, total: null, current: null })
    const base = await baseModel(models, config.model)
    say('rows')
    const dataset = await readDataset({ ...config.dataset, task: config.task }, signal, {
      clips: config.clips ?? base.config.clips,
    })
    const count = (split: string) => dataset.examples.filter(example => example.split === split).length
    if (count('train') === 0) {
      throw new ExpectedError(
        'no-training-rows',
        `${dataset.folder} has no row for training; name an annotation file ‘train’, or draw the splits with a seed.`,
      )
    }
    if (count('validation') === 0) {
      throw new ExpectedError(
        'no-validation-rows',
        `${dataset.folder} has no row for validation, so that no checkpoint could be chosen; name an annotation file ‘val’, or draw the splits with a seed.`,
      )
    }
    const training = dataset.examples.filter(example => example.split === 'train')
    makePlan(examplesToKeepApart(config.task, training) ?? training.length, config.parameters, config.task)
    signal.throwIfAborted()
    say('keeping')
    await mkdir(folder, { recursive: true })
    const leftOut = dataset.problems
      .filter(({ severity }) => severity === 'error')
      .reduce((sum, problem) => sum + problem.count, 0)
    const run = await RunFolder.create(
      folder,
      newRun({
        config: {
          ...config,
          dataset: { ...config.dataset, folder: dataset.folder, format: dataset.format, split: dataset.split },
        },
        state: 'queued',
        dataHash: dataset.hash,
        codeVersion: version,
        continues: null,
        counts: { train: count('train'), validation: count('validation'), test: count('test') },
        notices: [
          ...(leftOut === 0 ? [] : [`${leftOut} rows of ${dataset.folder} are left out: see its report.`]),
          ...noticesOf(dataset.problems),
        ],
      }),
      dataset,
    )
    if (signal.aborted) {
      await run.remove()
      signal.throwIfAborted()
    }
    const job = jobs.enqueue({ title: `Fine-tune ${config.name}`, ...jobOf(run.record.id) })
    const record = await run.change({ state: 'queued', jobId: job.id, endedAt: null })
    onRuns()
    return record
  }

  /** What a run would take; measures one step. @throws ExpectedError as the start would. */
  async estimate(config: RunConfig, signal: AbortSignal = new AbortController().signal): Promise<Estimate> {
    await mkdir(this.#parts.folder, { recursive: true })
    const busy = (await this.list()).some(({ state }) => state === 'running')
    return estimateRun(this.#parts, config, { busy, signal })
  }

  async list(): Promise<RunRecord[]> {
    const runs = await RunFolder.list(this.#parts.folder)
    return Promise.all(
      runs.map(run =>
        this.#followed(run).then(
          ({ record }) => record,
          () => run.record,
        ),
      ),
    )
  }

  async open(id: string): Promise<RunFolder> {
    return this.#followed(await RunFolder.open(this.#parts.folder, id))
  }

  /** Stops after the step in flight, with a checkpoint. */
  async pause(id: string): Promise<RunRecord> {
    return this.#end(id, 'paused')
  }

  /** Stops for good; what was reached stays. */
  async cancel(id: string): Promise<RunRecord> {
    return this.#end(id, 'cancelled')
  }

  /** Goes on from the last checkpoint. @throws ExpectedError when the run is at work or at its end. */
  async resume(id: string): Promise<RunRecord> {
    const { jobs, onRuns } = this.#parts
    const run = await this.open(id)
    if (!resumableStates.includes(run.record.state)) {
      throw new ExpectedError(
        'run-state',
        `The run ‘${run.record.config.name}’ is ${run.record.state}; only one that was paused or stopped can go on.`,
      )
    }
    const job = jobs.enqueue({ title: `Fine-tune ${run.record.config.name}`, ...jobOf(id) })
    const record = await run.change({ state: 'queued', jobId: job.id, problem: null, endedAt: null })
    onRuns()
    return record
  }

  async rename(id: string, name: string): Promise<RunRecord> {
    const run = await this.open(id)
    const record = await run.change({ config: { ...run.record.config, name } })
    this.#parts.onRuns()
    return record
  }

  /**
   * Deletes a run and its checkpoints; a model that was made of it stays. @throws ExpectedError while it is at work.
   */
  async remove(id: string): Promise<void> {
    const run = await this.open(id)
    if (isAtWork(run.record.state)) {
      throw new ExpectedError('run-state', `The run ‘${run.record.config.name}’ is at work; cancel it first.`)
    }
    await run.remove()
    this.#parts.onRuns()
  }

  /**
   * A run that nothing changes meanwhile, with its rows and the model it begins with. @throws ExpectedError while it is
   * at work.
   */
  async atRest(id: string, signal: AbortSignal): Promise<RunAtRest> {
    const run = await this.open(id)
    if (isAtWork(run.record.state)) {
      throw new ExpectedError('run-state', `The run ‘${run.record.config.name}’ is at work; pause it first.`)
    }
    const data = await readRunData(run.path)
    return { run, data, start: await startOf(this.#parts, run, { labels: data.labels, signal }) }
  }

  /**
   * A run, not yet begun, with the configuration and rows of another, that goes on from a model made of that one
   * elsewhere.
   */
  async createContinuing(
    { id, config, counts, dataHash, notices }: RunRecord,
    data: RunData,
    model: string,
  ): Promise<RunRecord> {
    const { folder, version, onRuns } = this.#parts
    const { record } = await RunFolder.create(
      folder,
      newRun({
        config: { ...config, model },
        state: 'paused',
        counts,
        dataHash,
        codeVersion: version,
        continues: id,
        notices,
      }),
      data,
    )
    onRuns()
    return record
  }

  /** Deletes what a crash left half made. @returns a sentence for each run that cannot be read. */
  async tidy(): Promise<string[]> {
    await RecordFolder.tidy(this.#parts.folder)
    return RunFolder.damaged(this.#parts.folder)
  }

  /**
   * A record does not know the end of its job when the job was cancelled before it began, or the disk was full, nor its
   * job when the program was killed before it was written down.
   */
  async #followed(run: RunFolder): Promise<RunFolder> {
    const { state, jobId, id } = run.record
    if (!isAtWork(state)) return run
    const { jobs } = this.#parts
    const job = jobId === null ? jobs.unfinished(jobOf(id)) : jobs.list().find(one => one.id === jobId)
    const isUnderWay = job && job.endedAt === null
    if (isUnderWay && jobId !== null) return run
    const known = isUnderWay
      ? { jobId: job.id }
      : {
          state: job?.state === 'failed' ? ('failed' as const) : ('paused' as const),
          problem: job?.problem ?? null,
          endedAt: job?.endedAt ?? Date.now(),
        }
    // The disk may still be full: what was known of the end is told all the same.
    await run.change(known).catch((error: unknown) => {
      if (!isDiskFull(error)) throw error
    })
    return run
  }

  async #end(id: string, state: 'paused' | 'cancelled'): Promise<RunRecord> {
    const run = await this.open(id)
    const { jobId, state: now, config } = run.record
    if (!isAtWork(now) && !(state === 'cancelled' && resumableStates.includes(now))) {
      throw new ExpectedError('run-state', `The run ‘${config.name}’ is ${now} already.`)
    }
    const record = await run.change({ state, endedAt: Date.now() })
    if (isAtWork(now) && jobId !== null) this.#parts.jobs.cancel(jobId)
    this.#parts.onRuns()
    return record
  }

  /** The handler of 'finetune' jobs: trains a run, and writes into its record how that ended. */
  job(): JobHandler {
    return async ({ payload, signal, progress, fail, job }) => {
      const { models, launch, device, sampler, frameCache, onRuns } = this.#parts
      // Not followed: the record may not name this job yet.
      const run = await RunFolder.open(this.#parts.folder, runPayload.parse(payload).run)
      try {
        await run.change({ state: 'running', jobId: job.id, problem: null })
        onRuns()
        await trainRun(
          {
            models,
            launch,
            device,
            sampler,
            frameCache,
            register: (folder, best) => this.#register(folder, best),
          },
          run,
          { signal, progress, fail },
        )
        return 'succeeded'
      } catch (error) {
        if (signal.aborted) {
          const { state } = await run.change({})
          if (state === 'running') await run.change({ state: 'paused' })
        } else {
          const problem = isDiskFull(error)
            ? diskFull(
                error,
                `The disk that holds ${run.path}`,
                'free some space and resume the run: it goes on from its last checkpoint',
              )
            : error
          const sentence = problem instanceof Error ? problem.message : String(problem)
          const state = problem instanceof ExpectedError && problem.code === 'training-diverged' ? 'stopped' : 'failed'
          // A full disk may not hold even this; the record then follows its job when it is next opened.
          await run
            .change({ state, problem: sentence, endedAt: Date.now() })
            .then(() => run.say('error', sentence))
            .catch(() => undefined)
          throw problem
        }
        throw error
      } finally {
        onRuns()
      }
    }
  }

  /** The start model with the best weights in the place of those that were trained, as a registered model. */
  async #register({ record }: RunFolder, best: BestCheckpoint): Promise<string> {
    const { models, onModels } = this.#parts
    const taken = new Set(await readdir(models).catch(() => []))
    const id = unusedId(record.config.name, taken)
    await writeTrainedModel({ models, id }, record, best)
    onModels()
    return id
  }
}

const jobOf = (run: string) => ({ kind: 'finetune', payload: { run } }) as const

/** A record of which nothing has been trained yet. */
function newRun(
  known: Pick<RunRecord, 'config' | 'state' | 'counts' | 'dataHash' | 'codeVersion' | 'continues' | 'notices'>,
): RunRecord {
  return {
    ...known,
    id: newId(known.config.name),
    jobId: null,
    createdAt: Date.now(),
    endedAt: null,
    epoch: 0,
    step: 0,
    steps: 0,
    best: null,
    model: null,
    problem: null,
    precision: null,
    contrast: null,
  }
}

/** A folder's name made of the run's, and some letters that no other has. */
function newId(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60) || 'run'}-${randomBytes(4).toString('hex')}`
}
