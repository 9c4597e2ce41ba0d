import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { diskFull, isDiskFull } from '../../../native-models/disk-full.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { isAtWork } from '../../api/common/rules.ts'
import type { Certificate } from '../../api/evaluation/certificate.ts'
import type {
  Evaluation,
  EvaluationChoice,
  Failure,
  ProbedQuery,
  ProbeVariant,
  VideoStanding,
} from '../../api/evaluation/evaluation.ts'
import type { JobState } from '../../api/jobs.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { packedFile } from '../../storage/files/packed-file.ts'
import { RecordFolder } from '../../storage/record-folder.ts'
import { readDataset } from '../data/datasets/dataset.ts'
import { textOf, videosOf } from '../data/examples/example.ts'
import { predictionsText } from '../moments/predictions-file.ts'
import type { Runs } from '../runs/runs.ts'
import { subjectOf } from './asked-subject.ts'
import { hashOfPredictions, takePredictions } from './asking/take-predictions.ts'
import { certificateOf } from './certificates/certificate-of.ts'
import { certificateText, parseCertificate } from './certificates/certificate-text.ts'
import { choiceOfCertificate, otherRows } from './certificates/same-again.ts'
import { openOriginals } from './conditions/copies.ts'
import { evaluate } from './evaluate.ts'
import type { EvaluationParts } from './evaluate.ts'
import { withProtocol } from './protocols/recognise.ts'
import { EvaluationFolder } from './results/evaluation-folder.ts'
import type { Results } from './results/evaluation-folder.ts'
import { judgedQueries } from './results/moment-results.ts'
import { videoName } from './results/results.ts'
import { videoStandings } from './results/video-standings.ts'
import { rowsToEvaluate } from './rows-to-evaluate.ts'
import { startWarnings } from './start-warnings.ts'

export interface EvaluationsParts extends EvaluationParts {
  /** Where evaluations are kept; made when the first begins. */
  readonly folder: string
  readonly jobs: JobQueue
  readonly runs: Runs
  /** A picture of a video that the library knows, or null. */
  readonly thumbnail: (path: string) => string | null
  readonly onEvaluations: () => void
}

/** What a job that has not ended as it should says of its evaluation. */
const stateOfJob: Record<JobState, Evaluation['state']> = {
  queued: 'queued',
  running: 'running',
  cancelled: 'cancelled',
  failed: 'failed',
  succeeded: 'finished',
  skipped: 'finished',
}

const payload = z.object({ evaluation: z.string() })

/** The evaluations of a workspace. */
export class Evaluations {
  readonly #parts: EvaluationsParts

  constructor(parts: EvaluationsParts) {
    this.#parts = parts
  }

  /**
   * Begins an evaluation as a job, or goes on with the same one where it was stopped. What can be known to be wrong is
   * said now: the folder's rows, the model, an empty split.
   * @throws ExpectedError
   */
  start(choice: EvaluationChoice, signal: AbortSignal = new AbortController().signal): Promise<Evaluation> {
    return this.#start(choice, { from: null, signal })
  }

  /**
   * Begins what a certificate says, with the model of the same hash; when it has come to its end it is compared.
   * @throws ExpectedError when the text is no certificate, no model is the one it is of, or the rows are others.
   */
  async startFrom(
    {
      text,
      name,
      folder,
      videos,
    }: { readonly text: string; readonly name: string; readonly folder: string | null; readonly videos: string | null },
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Evaluation> {
    const from = parseCertificate(text, name)
    const { model } = from
    const same =
      from.predictions === null ? (await this.#parts.registry.list()).find(({ hash }) => hash === model.hash) : model
    if (from.predictions !== null && (await hashOfPredictions(from.predictions, signal)) !== model.hash) {
      throw new ExpectedError(
        'certificate-differs',
        `${from.predictions} is not the file of the certificate, whose hash is ${model.hash.slice(0, 12)}…; put that one back.`,
      )
    }
    if (!same) {
      throw new ExpectedError(
        'certificate-differs',
        `No model here is the one of the certificate, ‘${model.id}’ with the hash ${model.hash.slice(0, 12)}…; import its weights.`,
      )
    }
    const choice = choiceOfCertificate(from, { model: same.id, folder, videos })
    return this.#start(choice, { from, signal })
  }

  async #start(
    given: EvaluationChoice,
    { from, signal }: { readonly from: Certificate | null; readonly signal: AbortSignal },
  ): Promise<Evaluation> {
    const { folder, registry } = this.#parts
    const choice = withProtocol(given)
    const { name, hash: modelHash, task, model } = await subjectOf(choice, registry, signal)
    const reading = { ...choice.dataset, task }
    const dataset = await readDataset(reading, signal, { needsVideos: model !== null }).catch((error: unknown) => {
      if (!(error instanceof ExpectedError) || error.code !== 'dataset-empty') throw error
      throw new ExpectedError(
        error.code,
        `${model ? `The model ‘${name}’` : name} is evaluated by ${task}, but ${error.message}`,
        { cause: error },
      )
    })
    if (choice.originals !== null) await openOriginals(choice.originals, task, signal)
    const { split, examples, absent, protocol } = rowsToEvaluate(dataset, choice)
    if (from && from.data.hash !== dataset.hash) throw otherRows(from, dataset.folder, examples)
    if (choice.predictions !== null) await takePredictions(choice.predictions, examples, signal)
    const found: EvaluationChoice = {
      ...choice,
      model: name,
      dataset: {
        ...choice.dataset,
        folder: dataset.folder,
        format: dataset.format,
        task: dataset.task,
        split: dataset.split,
      },
    }
    const unfinished = (await this.list()).find(
      ({ state, choice: before, split: of, dataHash, modelHash: modelWas }) =>
        state !== 'finished' &&
        of === split &&
        dataHash === dataset.hash &&
        modelWas === modelHash &&
        isDeepStrictEqual({ ...before, split }, { ...found, split }),
    )
    if (unfinished && isAtWork(unfinished.state)) return unfinished
    await mkdir(folder, { recursive: true })
    const evaluation = unfinished
      ? await this.#open(unfinished.id)
      : await EvaluationFolder.create(
          folder,
          {
            id: `${name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)}-${randomBytes(4).toString('hex')}`,
            choice: found,
            task: dataset.task,
            split,
            state: 'queued',
            jobId: null,
            createdAt: Date.now(),
            endedAt: null,
            figures: null,
            timeProbe: null,
            sampling: null,
            computers: [],
            survivors: null,
            conditions: null,
            absent,
            protocol,
            agreement: null,
            problem: null,
            warnings: await startWarnings(this.#parts.runs, { model, dataset, examples }),
            dataHash: dataset.hash,
            modelHash,
          },
          // Windows are scored as published, wherever their videos end.
          { examples, labels: dataset.labels, timesSettled: task === 'moments' },
        )
    if (from) await evaluation.keepFrom(from)
    return this.#enqueue(evaluation, `Evaluate ${name}`)
  }

  /**
   * Evaluates the same rows once more with their order of time taken away or turned round.
   * @throws ExpectedError unless the evaluation has come to its end.
   */
  async probeTime(id: string, seed: number): Promise<Evaluation> {
    const evaluation = await this.#open(id)
    const { choice, figures, timeProbe, task } = evaluation.record
    if (task === 'moments') {
      throw new ExpectedError('evaluation-state', 'The time probe is of retrieval and of answers, not of moments.')
    }
    if (isAtWork(this.#now(evaluation.record).state) || figures === null) {
      throw new ExpectedError('evaluation-unfinished', 'The evaluation has no results yet; wait until it has finished.')
    }
    if (timeProbe !== null) {
      throw new ExpectedError('evaluation-state', 'The evaluation has its time probe; evaluate again for another one.')
    }
    // One that was stopped goes on with its own seed.
    await evaluation.change({ choice: { ...choice, timeProbe: choice.timeProbe ?? { seed } } })
    return this.#enqueue(evaluation, `Time probe of ${choice.model}`)
  }

  async #enqueue(evaluation: EvaluationFolder, title: string): Promise<Evaluation> {
    const { jobs, onEvaluations } = this.#parts
    const job = jobs.enqueue({ kind: 'evaluate', title, payload: { evaluation: evaluation.record.id } })
    // Before whatever the job, which may end at once, has to say.
    const record = await evaluation.change({ state: 'queued', jobId: job.id, problem: null, endedAt: null })
    onEvaluations()
    return record
  }

  /** The newest first. */
  async list(): Promise<Evaluation[]> {
    return (await EvaluationFolder.list(this.#parts.folder)).map(record => this.#now(record))
  }

  /** @throws ExpectedError when there is no such evaluation. */
  async info(id: string): Promise<Evaluation> {
    return this.#now((await this.#open(id)).record)
  }

  /** @throws ExpectedError while it is at work. */
  async remove(id: string): Promise<void> {
    const evaluation = await this.#open(id)
    const { state } = this.#now(evaluation.record)
    if (isAtWork(state)) {
      throw new ExpectedError('evaluation-state', 'The evaluation is at work; cancel its job first.')
    }
    await evaluation.remove()
    this.#parts.onEvaluations()
  }

  /** What the model got wrong, the worst first. @throws ExpectedError when the evaluation has not come to its end. */
  async failures({
    id,
    offset,
    limit,
  }: {
    id: string
    offset: number
    limit: number
  }): Promise<{ total: number; failures: Failure[] }> {
    const evaluation = await this.#open(id)
    const [{ mistakes }, { examples }] = [await evaluation.results(), await evaluation.data()]
    const { folder } = evaluation.record.choice.dataset
    const failures = mistakes
      .slice(offset, offset + limit)
      .flatMap(({ example: place, rank, right, said, moments = null }): Failure[] => {
        const example = examples[place]
        if (!example) return []
        const [video] = videosOf(example.content)
        return [
          {
            source: example.source,
            video: videoName(example, folder),
            thumbnail: video ? this.#parts.thumbnail(video.path) : null,
            inArchive: video !== undefined && packedFile(video.path) !== null,
            text: textOf(example.content),
            rank,
            right,
            said,
            moments,
          },
        ]
      })
    return { total: mistakes.length, failures }
  }

  /** How each video did. @throws ExpectedError when the evaluation has not come to its end. */
  async videos(id: string): Promise<VideoStanding[]> {
    return videoStandings(await this.#open(id))
  }

  /** What was predicted for moments, as the text of a file. @throws ExpectedError when it has not come to its end. */
  async predictions(id: string): Promise<{ text: string }> {
    const evaluation = await this.#open(id)
    await evaluation.results()
    if (evaluation.record.task !== 'moments') {
      throw new ExpectedError(
        'evaluation-state',
        `‘${id}’ is of ${evaluation.record.task}: only evaluations of moments have predictions to write.`,
      )
    }
    const [{ examples }, outputs] = [await evaluation.data(), await evaluation.outputs()]
    return { text: predictionsText(judgedQueries(examples, outputs)) }
  }

  /** The text of its certificate. @throws ExpectedError when it has not come to its end. */
  async certificate(id: string): Promise<{ text: string }> {
    const evaluation = await this.#open(id)
    const [results, { examples }, outputs] = [
      await evaluation.results(),
      await evaluation.data(),
      await evaluation.outputs(),
    ]
    return { text: certificateText(certificateOf({ record: evaluation.record, examples, outputs, results })) }
  }

  /** The queries that a change of the time probe concerns, those that lost most first. @throws ExpectedError. */
  async probed({
    id,
    variant,
    offset,
    limit,
  }: {
    id: string
    variant: ProbeVariant
    offset: number
    limit: number
  }): Promise<{ total: number; queries: ProbedQuery[] }> {
    const evaluation = await this.#open(id)
    const [found, { examples }] = [await evaluation.probedQueries(variant), await evaluation.data()]
    const { folder } = evaluation.record.choice.dataset
    const queries = found.slice(offset, offset + limit).flatMap(({ example: place, before, after }) => {
      const example = examples[place]
      return example
        ? [
            {
              source: example.source,
              video: videoName(example, folder),
              text: textOf(example.content),
              before,
              after,
            },
          ]
        : []
    })
    return { total: found.length, queries }
  }

  /** @throws ExpectedError when the evaluation has not come to its end. */
  async confusion(id: string): Promise<Results['confusion']> {
    return (await (await this.#open(id)).results()).confusion
  }

  /** Deletes what a crash left half made. @returns a sentence for each evaluation that cannot be read. */
  async tidy(): Promise<string[]> {
    await RecordFolder.tidy(this.#parts.folder)
    return EvaluationFolder.damaged(this.#parts.folder)
  }

  #open(id: string): Promise<EvaluationFolder> {
    return EvaluationFolder.open(this.#parts.folder, id)
  }

  /** The record, and where it has no end of its own what has become of its job. */
  #now(record: Evaluation): Evaluation {
    if (record.state !== 'queued') return record
    const job = this.#parts.jobs.list().find(({ id }) => id === record.jobId)
    return job ? { ...record, state: stateOfJob[job.state], problem: job.problem } : { ...record, state: 'cancelled' }
  }

  /** The handler of 'evaluate' jobs: evaluates, and writes into the record why that failed. */
  job(): JobHandler {
    return async ({ payload: given, signal, progress, fail }) => {
      const evaluation = await this.#open(payload.parse(given).evaluation)
      this.#parts.onEvaluations()
      try {
        await evaluate(this.#parts, evaluation, { signal, progress, fail })
        return 'succeeded'
      } catch (error) {
        if (signal.aborted) throw error
        const problem = isDiskFull(error)
          ? diskFull(
              error,
              `The disk that holds ${this.#parts.folder}`,
              'free some space and ask for the same evaluation again: it goes on where it was',
            )
          : error
        // A full disk may not hold even this; the record then follows its job.
        await evaluation
          .change({
            state: 'failed',
            problem: problem instanceof Error ? problem.message : String(problem),
            endedAt: Date.now(),
          })
          .catch(() => undefined)
        throw problem
      } finally {
        this.#parts.onEvaluations()
      }
    }
  }
}
