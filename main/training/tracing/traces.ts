import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { queryTrace, traceChoice } from '../../api/training/tracing.ts'
import type { QueryTrace, Traceable, TraceChoice, TracedQuery, TracePoint } from '../../api/training/tracing.ts'
import { Engine } from '../../engine/engine.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { readModel } from '../../model-folder/model-file.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { LfVilaEncoder } from '../../models/encoders/lfvila-encoder.ts'
import type { SegmentSampler } from '../../retrieval/embedding/segments.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import type { FrameSampler } from '../data/batches/example-frames.ts'
import { textOf, videoKey, videosOf } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { ExampleEmbedder } from '../evaluation/asking/embed-examples.ts'
import { videoName } from '../evaluation/results/results.ts'
import { similarityRow } from '../metrics/metrics.ts'
import { placesOf } from '../metrics/retrieval-in-blocks.ts'
import { Checkpoints } from '../runs/folder/checkpoints.ts'
import { readRunData } from '../runs/folder/run-data.ts'
import type { RunFolder } from '../runs/folder/run-folder.ts'
import type { Runs } from '../runs/runs.ts'
import { writeTrainedModel } from '../runs/trained-model.ts'
import { flipsOf, nextStep } from './checkpoint-order.ts'

export interface TracesParts {
  readonly runs: Runs
  readonly jobs: JobQueue
  readonly launch: EngineLauncher
  readonly sampler: FrameSampler & SegmentSampler
  /** The device to compute on, and why it is not the one that was asked for. */
  readonly device: () => Promise<{ device: string; fallback: string | null }>
  /** Told when more is known of a query. */
  readonly onTraces: () => void
}

/** Queries that are listed of a run. */
const listed = 500
/** The folder, inside the run's, of a model that is made of a checkpoint for as long as it is asked. */
const passing = 'traced-model'

const kept = queryTrace.pick({ points: true, videos: true })

/** A query, what its video is ranked among, and where what is known of it is kept. */
interface Asked {
  readonly run: RunFolder
  readonly example: Example
  readonly query: TracedQuery
  /** One example for each video, that of the query among them. */
  readonly gallery: readonly Example[]
  /** Weights by step; null for the model that the run begins with. */
  readonly checkpoints: ReadonlyMap<number, string | null>
  readonly file: string
}

/** Queries followed over the checkpoints of runs: how the right video ranks with the weights of each. */
export class Traces {
  readonly #parts: TracesParts

  constructor(parts: TracesParts) {
    this.#parts = parts
  }

  /** @throws ExpectedError when there is no such run. */
  async traceable(id: string, signal: AbortSignal = new AbortController().signal): Promise<Traceable> {
    const run = await this.#parts.runs.open(id)
    signal.throwIfAborted()
    const { examples } = await readRunData(run.path)
    return {
      steps: [...(await checkpointsOf(run)).keys()],
      queries: queriesOf(examples)
        .slice(0, listed)
        .map(example => told(example, run)),
    }
  }

  /** What is known by now; null before anything is. @throws ExpectedError as {@link start}. */
  async traced(choice: TraceChoice): Promise<QueryTrace | null> {
    const asked = await this.#asked(choice)
    const points = await pointsOf(asked)
    return points.length === 0 ? null : traceOf(asked, points)
  }

  /** @throws ExpectedError when there is no such run or row, or it has no paragraph. */
  async start(choice: TraceChoice): Promise<{ jobId: number }> {
    const { run, query } = await this.#asked(choice)
    const title = english`Follow ‘${query.text.join(' ').slice(0, 40)}’ over ${run.record.config.name}`
    return { jobId: this.#parts.jobs.enqueueOnce({ kind: 'trace', title, payload: choice }).id }
  }

  /** The handler of 'trace' jobs: checkpoints that are known already are not asked again. */
  job(): JobHandler {
    return async ({ payload, signal, progress }) => {
      const choice = traceChoice.parse(payload)
      const asked = await this.#asked(choice)
      const { start } = await this.#parts.runs.atRest(choice.run, signal)
      const steps = [...asked.checkpoints.keys()]
      let points = await pointsOf(asked)
      if (nextStep(steps, points, choice.bisect) === null) return 'skipped'
      const { device, fallback } = await this.#parts.device()
      const engine = new Engine({ launch: this.#parts.launch, device, fallback })
      try {
        for (let step = nextStep(steps, points, choice.bisect); step !== null;) {
          signal.throwIfAborted()
          progress({ done: points.length, total: steps.length, unit: 'checkpoints', current: `step ${step}` })
          const point = await this.#point(asked, { step, start, engine, signal })
          points = [...points, point].sort((a, b) => a.step - b.step)
          await keep(asked, points)
          this.#parts.onTraces()
          step = nextStep(steps, points, choice.bisect)
        }
        progress({ done: points.length, total: points.length, unit: 'checkpoints', current: null })
        return 'succeeded'
      } finally {
        await engine.close()
        await rm(join(asked.run.path, passing), { recursive: true, force: true })
      }
    }
  }

  async #point(
    asked: Asked,
    {
      step,
      start,
      engine,
      signal,
    }: {
      readonly step: number
      readonly start: RegisteredModel
      readonly engine: Engine
      readonly signal: AbortSignal
    },
  ): Promise<TracePoint> {
    const { run, example, gallery } = asked
    const weights = asked.checkpoints.get(step) ?? null
    const model = weights === null ? start : await this.#passingModel(run, { start, weights, signal })
    const embedder = new ExampleEmbedder(new LfVilaEncoder(model, engine), this.#parts.sampler, null)
    try {
      const { text } = await embedder.of(example, signal)
      const videos: Float32Array[] = []
      for (const { content } of gallery) {
        signal.throwIfAborted()
        const [video] = videosOf(content)
        if (video) videos.push(await embedder.embedVideo(video, signal))
      }
      const row = similarityRow(text, videos)
      const right = gallery.findIndex(({ content }) => videoKey(content) === videoKey(example.content))
      const score = row[right] ?? Number.NaN
      const others = [...row.keys()].filter(place => place !== right).sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0))
      const [rival] = others
      return {
        step,
        score,
        rank: 1 + (placesOf(row, score, 'average')[0] ?? 0),
        rival:
          rival === undefined
            ? null
            : { video: told(gallery[rival] ?? example, run).video, score: row[rival] ?? Number.NaN },
      }
    } finally {
      await embedder.close()
    }
  }

  async #passingModel(
    run: RunFolder,
    {
      start,
      weights,
      signal,
    }: { readonly start: RegisteredModel; readonly weights: string; readonly signal: AbortSignal },
  ): Promise<RegisteredModel> {
    const folder = join(run.path, passing)
    await rm(folder, { recursive: true, force: true })
    const place = { models: run.path, id: passing }
    await writeTrainedModel(place, run.record, { start, weights, signal })
    return readModel(folder, passing)
  }

  async #asked({ run: id, source, gallery }: TraceChoice): Promise<Asked> {
    const run = await this.#parts.runs.open(id)
    const { examples } = await readRunData(run.path)
    const queries = queriesOf(examples)
    const example = queries.find(one => one.source === source)
    if (!example) {
      throw new ExpectedError(
        'query-unknown',
        `The run ‘${run.record.config.name}’ has no row ‘${source}’ with a paragraph in its validation or test split.`,
      )
    }
    const own = videoKey(example.content)
    const byVideo = new Map([[own, example]])
    for (const other of queries) {
      if (byVideo.size >= gallery) break
      const key = videoKey(other.content)
      if (other.split === example.split && !byVideo.has(key)) byVideo.set(key, other)
    }
    const name = createHash('sha256')
      .update(JSON.stringify([source, gallery]))
      .digest('hex')
      .slice(0, 16)
    return {
      run,
      example,
      query: told(example, run),
      gallery: [...byVideo.values()],
      checkpoints: await checkpointsOf(run),
      file: join(run.path, 'traces', `${name}.json`),
    }
  }
}

/** Rows that training did not see. */
function queriesOf(examples: readonly Example[]): Example[] {
  return examples.filter(({ split, content }) => split !== 'train' && content.type === 'paragraph')
}

function told(example: Example, { record }: RunFolder): TracedQuery {
  return {
    source: example.source,
    video: videoName(example, record.config.dataset.folder),
    text: textOf(example.content),
  }
}

/** Null for the model that the run begins with, which is that of step 0. */
async function checkpointsOf(run: RunFolder): Promise<Map<number, string | null>> {
  return new Map<number, string | null>([[0, null], ...(await new Checkpoints(run.checkpoints).weights())])
}

/** What is known of checkpoints that are still there; a file that cannot be understood counts as none. */
async function pointsOf({ file, checkpoints, gallery }: Asked): Promise<TracePoint[]> {
  try {
    const { points, videos } = kept.parse(JSON.parse(await readFile(file, 'utf8')))
    return videos === gallery.length ? points.filter(({ step }) => checkpoints.has(step)) : []
  } catch {
    return []
  }
}

async function keep({ file, run, gallery }: Asked, points: readonly TracePoint[]): Promise<void> {
  await mkdir(join(run.path, 'traces'), { recursive: true })
  await writeFileAtomic(file, JSON.stringify({ points, videos: gallery.length }))
}

function traceOf({ query, gallery, checkpoints }: Asked, points: TracePoint[]): QueryTrace {
  return { query, videos: gallery.length, steps: [...checkpoints.keys()], points, flips: flipsOf(points) }
}
