import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Schedule as StepSchedule } from '../../../../native-models/training/learning-rate.ts'
import { tasksWithContrast } from '../../../api/common/rules.ts'
import type { Task } from '../../../api/training/datasets.ts'
import type { Hyperparameters } from '../../../api/training/training.ts'
import { isPretraining } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'
import { batchesApart, orderApart } from './videos-apart.ts'
import type { ExamplesByVideo } from './videos-apart.ts'

/**
 * The fewest examples of a micro-batch that a loss can learn from: contrastive ones compare two, and matching gives
 * each of the first half the video of another of that half, as published; of two or three examples that one keeps its
 * own.
 */
export function leastExamples(task: Task): number {
  return task === 'pretrain-stage2' ? 4 : task === 'retrieval' || isPretraining(task) ? 2 : 1
}

/** Whether all examples of a batch are compared, in how many micro-batches they may be. */
export function comparesBatch(task: Task, { contrast }: Pick<Hyperparameters, 'contrast'>): boolean {
  return contrast === 'batch' && tasksWithContrast.includes(task)
}

/** How the examples of a run become steps. */
export interface Plan {
  readonly batchSize: number
  readonly microBatchSize: number
  /** Examples that a contrastive loss compares, when they are more than a micro-batch; else null. */
  readonly contrasts: number | null
  readonly stepsPerEpoch: number
  readonly steps: number
  readonly schedule: StepSchedule
}

/**
 * Examples that do not fill a last batch are left out of that epoch, as in the reference; where there are fewer than
 * one batch, the batch is smaller.
 * @param examples how many there are, or those of each video ({@link examplesToKeepApart}), of which a batch has at
 *   most one.
 * @param task null where the examples of other devices are compared as well: any number of them will do.
 * @throws ExpectedError when a loss would have nothing to compare.
 */
export function makePlan(examples: number | ExamplesByVideo, parameters: Hyperparameters, task: Task | null): Plan {
  const count = typeof examples === 'number' ? examples : examples.length
  const batchSize = Math.min(parameters.batchSize, count)
  const wanted = parameters.microBatchSize ?? batchSize
  const microBatchSize = largestDivisor(batchSize, Math.min(wanted, batchSize))
  const contrasts = task && comparesBatch(task, parameters) && microBatchSize < batchSize ? batchSize : null
  const least = task === null ? 1 : leastExamples(task)
  const compared = contrasts ?? microBatchSize
  if (compared < least) throw tooFew({ batchSize, microBatchSize: compared, least, examples: count })
  const stepsPerEpoch =
    typeof examples === 'number' ? Math.max(1, Math.floor(examples / batchSize)) : batchesApart(examples, batchSize)
  const steps = stepsPerEpoch * parameters.epochs
  const { kind, warmupEpochs, minimum, decayEpochs, decayRate } = parameters.schedule
  const inSteps = (epochs: number) => Math.round(epochs * stepsPerEpoch)
  return {
    batchSize,
    microBatchSize,
    contrasts,
    stepsPerEpoch,
    steps,
    schedule: {
      kind,
      base: parameters.learningRate,
      warmup: Math.min(inSteps(warmupEpochs), steps - 1),
      total: steps,
      minimum,
      decaySteps: Math.max(1, inSteps(decayEpochs ?? 1)),
      decayRate: decayRate ?? 1,
    },
  }
}

function tooFew({
  batchSize,
  microBatchSize,
  least,
  examples,
}: {
  readonly batchSize: number
  readonly microBatchSize: number
  readonly least: number
  readonly examples: number
}): ExpectedError {
  const size = microBatchSize === 1 ? 'one' : microBatchSize
  const batch = batchSize < least ? english`batch of ${size}` : english`micro-batch of ${size}`
  const why =
    least === 2
      ? english`A contrastive loss compares the examples of a batch with each other, and a ${batch} has nothing to compare`
      : english`Matching shows each example of a batch’s first half the video of another of that half, and a ${batch} has no other`
  return new ExpectedError(
    'batch-of-one',
    `${why}: ${examples < least ? 'give more examples for training' : `choose at least ${least}`}.`,
  )
}

/**
 * The examples of one step, by their places: every epoch has its own order. Those of a group are in what is compared,
 * one micro-batch or the batch, unless they are more than it holds; those of one video are in different batches where
 * they are to be kept apart.
 */
export function batchOf(
  step: number,
  examples: readonly Pick<Example, 'group'>[],
  {
    batchSize,
    microBatchSize,
    contrasts,
    stepsPerEpoch,
    seed,
    apart = null,
  }: { readonly seed: number; readonly apart?: ExamplesByVideo | null } & Plan,
): { epoch: number; places: number[] } {
  const epoch = Math.floor(step / stepsPerEpoch)
  const random = seededRandom(seed, 'order', epoch)
  const places = apart
    ? orderApart(apart, { batchSize, batches: stepsPerEpoch }, random)
    : packed(random.shuffled(groupsOf(examples)), contrasts ?? microBatchSize, random)
  const first = (step % stepsPerEpoch) * batchSize
  return { epoch, places: places.slice(first, first + batchSize) }
}

/** The places of examples that stay together; one without a group stays by itself. */
function groupsOf(examples: readonly Pick<Example, 'group'>[]): number[][] {
  const groups = new Map<string | number, number[]>()
  for (const [place, { group }] of examples.entries()) {
    const members = groups.get(group ?? place)
    if (members) members.push(place)
    else groups.set(group ?? place, [place])
  }
  return [...groups.values()]
}

/**
 * Places in parts of `size`, no group in two parts unless it is larger than one: the groups are dealt to the parts in
 * turn, then what stays by itself fills them.
 */
function packed(groups: readonly number[][], size: number, random: Random): number[] {
  const whole = groups.flatMap(group => (group.length > size ? chunks(group, size) : [group]))
  const together = whole.filter(group => group.length > 1)
  if (together.length === 0) return groups.flat()
  const total = groups.reduce((sum, group) => sum + group.length, 0)
  const parts = Array.from({ length: Math.ceil(total / size) }, (_, part) => ({
    room: Math.min(size, total - part * size),
    places: [] as number[],
  }))
  const deal = (group: readonly number[]): boolean => {
    const index = parts.findIndex(({ room }) => room >= group.length)
    const [part] = index < 0 ? [] : parts.splice(index, 1)
    if (!part) return false
    part.places.push(...group)
    part.room -= group.length
    parts.push(part)
    return true
  }
  const cut = together.filter(group => !deal(group)).flat()
  for (const place of [...cut, ...whole.filter(group => group.length === 1).flat()]) deal([place])
  const full = parts.filter(({ places }) => places.length === size)
  const rest = parts.filter(({ places }) => places.length < size)
  return [...random.shuffled(full), ...rest].flatMap(({ places }) => places)
}

function chunks(group: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(group.length / size) }, (_, chunk) =>
    group.slice(chunk * size, (chunk + 1) * size),
  )
}

/** The largest divisor of `number` up to `limit`: micro-batches of one size make up the batch. */
export function largestDivisor(number: number, limit: number): number {
  for (let divisor = limit; divisor > 1; divisor--) if (number % divisor === 0) return divisor
  return 1
}
