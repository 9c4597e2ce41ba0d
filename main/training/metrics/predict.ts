import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Task } from '../../api/training/datasets.ts'
import type { Tensors } from '../../engine/protocol.ts'
import type { Batches } from '../data/batches/batches.ts'
import { videoKey } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import type { Predictions } from './metrics.ts'

/** Results of a model that the figures of a task are made of, by their names in the fixtures' format. */
export function predictionsOf(task: Task, hasSpans: boolean): string[] {
  switch (task) {
    case 'retrieval':
    case 'pretrain-stage1':
      return ['videoGlobal', 'textGlobal']
    case 'pretrain-stage2':
      return ['accuracy.mlm', 'accuracy.vtm', 'loss']
    case 'qa-multichoice':
      return hasSpans ? ['logits', 'span.logits'] : ['logits']
    case 'qa-classification':
    case 'video-classification':
      return ['logits']
    default:
      return task satisfies never
  }
}

export interface PredictOptions {
  readonly task: Task
  readonly batches: Batches
  /** Examples that one run of the program takes. */
  readonly batchSize: number
  /** Runs the model. */
  readonly answer: (feeds: Tensors, signal: AbortSignal) => Promise<Tensors>
  readonly signal: AbortSignal
  /** Told of examples whose video cannot be read: they are left out. */
  readonly onLeftOut: (example: Example, problem: string) => void
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * The predictions of a model for examples, and the examples they are for: those whose videos could be read, in order.
 */
export interface Predicted {
  readonly examples: readonly Example[]
  /** Null for pre-training's second stage, which has `scalars` only. */
  readonly predictions: Predictions | null
  /** Mean over runs of results that are single numbers, by name. */
  readonly scalars: Readonly<Record<string, number>>
}

/** @throws ExpectedError when no example can be read. */
export async function predict(examples: readonly Example[], options: PredictOptions): Promise<Predicted> {
  const { task, batches, batchSize, answer, signal, onLeftOut, onProgress } = options
  const kept: Example[] = []
  const rows = new Map<string, Float32Array[]>()
  const sums = new Map<string, number>()
  const spans: Int32Array[] = []
  let runs = 0
  for (let first = 0; first < examples.length; first += batchSize) {
    signal.throwIfAborted()
    onProgress?.(first, examples.length)
    const batch = examples.slice(first, first + batchSize)
    const failed = new Set<Example>()
    const full = filledUp(batch, task === 'pretrain-stage2' ? examples : batch.slice(-1), batchSize)
    const feeds = await batches
      .load(full, {
        epoch: null,
        signal,
        replace: (example, problem) => {
          if (!failed.has(example) && batch.includes(example)) onLeftOut(example, problem.message)
          failed.add(example)
          const other = batch.find(candidate => !failed.has(candidate))
          if (!other) throw problem
          return other
        },
      })
      .catch((error: unknown) => {
        if (failed.size === batch.length) return null
        throw error
      })
    if (!feeds) continue
    const results = await answer(feeds, signal)
    const wanted = (_: unknown, index: number): boolean => {
      const example = batch[index]
      return example !== undefined && !failed.has(example)
    }
    runs += 1
    kept.push(...batch.filter(wanted))
    for (const [name, { dims, data }] of Object.entries(results)) {
      if (dims.length === 0) sums.set(name, (sums.get(name) ?? 0) + Number(data[0]))
      else rows.set(name, [...(rows.get(name) ?? []), ...rowsOf(data as Float32Array, batchSize).filter(wanted)])
    }
    const { spanLabels } = feeds
    if (spanLabels) spans.push(...rowsOf(spanLabels.data as Int32Array, batchSize).filter(wanted))
  }
  onProgress?.(examples.length, examples.length)
  if (kept.length === 0) throw nothingReadable()
  const of = (name: string): Float32Array[] => rows.get(name) ?? []
  const scalars = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / runs]))
  const labels = kept.flatMap(({ content }) => ('label' in content ? [content.label] : []))
  switch (task) {
    case 'retrieval':
    case 'pretrain-stage1':
      return {
        examples: kept,
        scalars,
        predictions: {
          task: 'retrieval',
          videos: of('videoGlobal'),
          texts: of('textGlobal'),
          keys: kept.map(({ content }) => videoKey(content)),
          groups: kept.map(({ group }) => group),
        },
      }
    case 'pretrain-stage2':
      return { examples: kept, scalars, predictions: null }
    case 'qa-classification':
    case 'video-classification':
      return { examples: kept, scalars, predictions: { task, logits: of('logits'), labels, batchSize } }
    case 'qa-multichoice':
      return {
        examples: kept,
        scalars,
        predictions: {
          task,
          logits: of('logits'),
          labels,
          batchSize,
          spans: of('span.logits').flatMap((logits, index) => (spans[index] ? [{ logits, labels: spans[index] }] : [])),
        },
      }
    default:
      return task satisfies never
  }
}

/**
 * A program has one batch size: what is missing in a last batch is filled up. Rows of it are not looked at, but
 * matching compares the examples of a batch, so that they have to be different ones.
 */
function filledUp(batch: readonly Example[], others: readonly Example[], size: number): Example[] {
  const missing = Array.from({ length: size - batch.length }, (_, index) => others[index % others.length])
  return [...batch, ...missing.filter(example => example !== undefined)]
}

export function nothingReadable(): ExpectedError {
  return new ExpectedError(
    'no-readable-video',
    'Not one of the videos to evaluate can be read; check the folder and its report.',
  )
}

function rowsOf<Data extends Float32Array | Int32Array>(data: Data, count: number): Data[] {
  const length = data.length / count
  return Array.from({ length: count }, (_, row) => data.slice(row * length, (row + 1) * length) as Data)
}
