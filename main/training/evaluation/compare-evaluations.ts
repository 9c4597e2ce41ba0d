import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { ComparedQuery, Comparison, PairOrder } from '../../api/evaluation/comparison.ts'
import { textOf, videosOf } from '../data/examples/example.ts'
import { pairedBootstrap } from '../metrics/paired-bootstrap.ts'
import { signTest } from '../probing/sign-test.ts'
import { measured, sideOf } from './compared-side.ts'
import { evaluatedProtocol } from './protocols/recognise.ts'
import type { EvaluationFolder } from './results/evaluation-folder.ts'
import { videoName } from './results/results.ts'

/** Two evaluations, and their queries one by one in the order of the first; `path` is of the query's video. */
export interface Compared {
  readonly comparison: Comparison
  readonly queries: readonly (Omit<ComparedQuery, 'videoId'> & { readonly path: string | null })[]
}

const confidence = 0.95

/**
 * Two evaluations on the queries that both have: of a retrieval the gallery is of their videos alone.
 * @throws ExpectedError when they are of different tasks, have not come to their end, or have no query in common.
 */
export async function compareEvaluations(
  [first, second]: readonly [EvaluationFolder, EvaluationFolder],
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
  signal: AbortSignal,
): Promise<Compared> {
  if (first.record.task !== second.record.task) {
    throw new ExpectedError(
      'evaluation-state',
      `‘${first.record.id}’ is of ${first.record.task} and ‘${second.record.id}’ of ${second.record.task}; compare two of the same task.`,
    )
  }
  for (const { record } of [first, second]) {
    if (record.figures?.task !== 'moments' || record.figures.count > 0) continue
    throw new ExpectedError(
      'evaluation-state',
      `‘${record.id}’ has no scores, since the windows of its queries are not public; compare what is scored.`,
    )
  }
  const [one, other] = [await sideOf(first), await sideOf(second)]
  const common = [...one.queries.keys()].filter(key => other.queries.has(key))
  if (common.length === 0) {
    throw new ExpectedError(
      'evaluation-state',
      `‘${first.record.id}’ and ‘${second.record.id}’ have no query in common; evaluate both models on the same folder.`,
    )
  }
  const [was, is] = [await measured(one, common, signal), await measured(other, common, signal)]
  const queries = common.map((key, place): Compared['queries'][number] => {
    const [before, after] = [was.queries[place], is.queries[place]]
    const example = one.queries.get(key)?.example
    if (!before || !after || !example) throw new Error(`no result of the query ${key}`)
    const sign = Math.sign(before.place - after.place)
    return {
      source: example.source,
      video: videoName(example, first.record.choice.dataset.folder),
      path: videosOf(example.content)[0]?.path ?? null,
      text: textOf(example.content),
      outcome: sign === 0 ? 'equal' : sign > 0 ? 'second' : 'first',
      first: before.shown,
      second: after.shown,
    }
  })
  const won = (wanted: ComparedQuery['outcome']) => queries.filter(({ outcome }) => outcome === wanted).length
  const intervals = await pairedBootstrap(
    was.metrics.map(({ kind, values }, place) => ({ kind, first: values, second: is.metrics[place]?.values ?? [] })),
    { unitOf: was.unitOf, resamples, seed, confidence },
    signal,
  )
  return {
    comparison: {
      queries: { common: common.length, first: one.queries.size, second: other.queries.size },
      videos: was.videos,
      protocol: protocolOf([first, second], { queries: common.length, videos: was.videos }),
      metrics: was.metrics.map(({ metric, value }, place) => ({
        metric,
        first: value,
        second: is.metrics[place]?.value ?? Number.NaN,
        interval: intervals[place] ?? { low: Number.NaN, high: Number.NaN },
      })),
      bootstrap: { resamples, seed, confidence, units: was.videos },
      better: won('second'),
      worse: won('first'),
      equal: won('equal'),
      chance: signTest(won('first'), won('second')),
    },
    queries,
  }
}

/** The protocol that both are of, with as much of it as both have. */
function protocolOf(
  sides: readonly EvaluationFolder[],
  both: { readonly queries: number; readonly videos: number },
): Comparison['protocol'] {
  const [one, other] = sides.map(({ record }) => record.protocol)
  if (!one || !other) return null
  return evaluatedProtocol({ name: one.name === other.name ? one.name : null, among: [] }, both, both)
}

type Ordered = Pick<ComparedQuery, 'outcome' | 'first' | 'second'>

/** Where the score alone tells, as for moments, it takes the rank's place. */
const placeOf = ({ rank, score }: Ordered['first']): number => rank ?? -score
const loss = ({ first, second }: Ordered): number => placeOf(second) - placeOf(first)
const scoreLost = ({ first, second }: Ordered): number => first.score - second.score
/** Who gave a wrong answer in the place of a right one lost more than who changed the place of a wrong one. */
const sense = { first: 1, equal: 0, second: -1 } as const

const orders: Record<PairOrder, (a: Ordered, b: Ordered) => number> = {
  lost: (a, b) => sense[b.outcome] - sense[a.outcome] || loss(b) - loss(a) || scoreLost(b) - scoreLost(a),
  won: (a, b) => orders.lost(b, a),
  first: (a, b) => placeOf(b.first) - placeOf(a.first) || a.first.score - b.first.score,
  second: (a, b) => placeOf(b.second) - placeOf(a.second) || a.second.score - b.second.score,
}

/** The queries in an order; see `pairOrders`. Equal ones stay as the first evaluation has them. */
export function ordered<Query extends Ordered>(queries: readonly Query[], order: PairOrder): Query[] {
  return queries.toSorted(orders[order])
}
