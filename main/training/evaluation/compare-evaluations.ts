import { ExpectedError } from '../../../native-models/expected-error.ts'
import { momentRecalls, recalls } from '../../api/common/rules.ts'
import type { Comparison } from '../../api/evaluation/comparison.ts'
import { textOf, videoKey } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { retrievalInBlocks } from '../metrics/retrieval-in-blocks.ts'
import { galleryOf } from '../metrics/retrieval-metrics.ts'
import { recalled } from '../metrics/survivor-bounds.ts'
import { signTest } from '../probing/sign-test.ts'
import type { Standing } from '../probing/time-probe.ts'
import { evaluatedProtocol } from './protocols/recognise.ts'
import type { EvaluationFolder } from './results/evaluation-folder.ts'
import { isUnreadable } from './results/outputs.ts'
import type { Output } from './results/outputs.ts'
import { videoName } from './results/results.ts'

/** One evaluation, by what its queries are known by wherever its folder lies. */
interface Side {
  readonly folder: EvaluationFolder
  readonly queries: ReadonlyMap<
    string,
    { readonly example: Example; readonly output: Output; readonly standing: Standing }
  >
}

/**
 * Two evaluations on the queries that both have: of a retrieval the gallery is of their videos alone.
 * @throws ExpectedError when they are of different tasks, have not come to their end, or have no query in common.
 */
export async function compareEvaluations(
  first: EvaluationFolder,
  second: EvaluationFolder,
  signal: AbortSignal,
): Promise<Comparison> {
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
  const signs = common.map((_, place) => Math.sign((was.ranks[place] ?? 0) - (is.ranks[place] ?? 0)))
  const [better, worse] = [1, -1].map(sign => signs.filter(found => found === sign).length) as [number, number]
  return {
    queries: { common: common.length, first: one.queries.size, second: other.queries.size },
    videos: was.videos,
    protocol: protocolOf([first, second], { queries: common.length, videos: was.videos }),
    metrics: was.metrics.map(({ metric, value }, place) => ({
      metric,
      first: value,
      second: is.metrics[place]?.value ?? Number.NaN,
    })),
    better,
    worse,
    chance: signTest(worse, better),
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

async function sideOf(folder: EvaluationFolder): Promise<Side> {
  const { standings = [] } = await folder.results()
  const [{ examples }, outputs] = [await folder.data(), await folder.outputs()]
  const standingOf = new Map(standings.map(standing => [standing.example, standing]))
  const queries = examples.flatMap((example, place) => {
    const [output, standing] = [outputs.get(place), standingOf.get(place)]
    if (!output || isUnreadable(output) || !standing) return []
    const key = JSON.stringify([
      example.source,
      // Where predictions are scored there may be no video.
      example.content.type === 'moments'
        ? example.content.vid
        : videoName(example, folder.record.choice.dataset.folder),
      textOf(example.content),
    ])
    return [[key, { example, output, standing }] as const]
  })
  return { folder, queries: new Map(queries) }
}

/** Metrics of some queries, and how each did: its rank, from 1, or another number that is lower for the better. */
async function measured(
  { folder, queries }: Side,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<{
  metrics: { metric: Comparison['metrics'][number]['metric']; value: number }[]
  ranks: number[]
  videos: number
}> {
  const found = keys.flatMap(key => queries.get(key) ?? [])
  const { videoOf, firstQueries } = galleryOf(found.map(({ example }) => videoKey(example.content)))
  if (folder.record.task === 'moments') {
    const overlaps = found.map(({ standing }) => standing.score)
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      metrics: [
        ...momentRecalls.map(metric => ({ metric, value: mean(overlaps.map(overlap => recalled(metric, overlap))) })),
        { metric: 'mIoU' as const, value: mean(overlaps) },
      ],
      ranks: overlaps.map(overlap => -overlap),
      videos: firstQueries.length,
    }
  }
  if (folder.record.task !== 'retrieval') {
    const right = found.map(({ standing }) => standing.rank === 1)
    return {
      metrics: [{ metric: 'accuracy', value: right.filter(Boolean).length / right.length }],
      // A wrong answer is wrong, whatever its place.
      ranks: right.map(isRight => (isRight ? 1 : 2)),
      videos: firstQueries.length,
    }
  }
  const embedded = found.flatMap(({ output }) => ('video' in output ? [output] : []))
  const { textToVideo, queries: standings } = await retrievalInBlocks(
    {
      texts: embedded.map(({ text }) => text),
      videos: firstQueries.flatMap(query => embedded[query]?.video ?? []),
      videoOf,
      groups: [],
    },
    folder.record.choice.ties,
    signal,
  )
  return {
    metrics: ([...recalls, 'medianRank', 'meanRank'] as const).map(metric => ({ metric, value: textToVideo[metric] })),
    ranks: standings.map(({ rank }) => rank + 1),
    videos: firstQueries.length,
  }
}
