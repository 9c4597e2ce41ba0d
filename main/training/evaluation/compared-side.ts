import { momentRecalls, recalls } from '../../api/common/rules.ts'
import type { ComparedQuery, Comparison } from '../../api/evaluation/comparison.ts'
import { textOf, videoKey } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import type { PairedFigure } from '../metrics/paired-bootstrap.ts'
import { retrievalInBlocks } from '../metrics/retrieval-in-blocks.ts'
import { galleryOf } from '../metrics/retrieval-metrics.ts'
import { recalled } from '../metrics/survivor-bounds.ts'
import type { Standing } from '../probing/time-probe.ts'
import type { EvaluationFolder } from './results/evaluation-folder.ts'
import { isUnreadable } from './results/outputs.ts'
import type { Output } from './results/outputs.ts'
import { videoName } from './results/results.ts'

/** One evaluation, by what its queries are known by wherever its folder lies. */
export interface Side {
  readonly folder: EvaluationFolder
  readonly queries: ReadonlyMap<string, SideQuery>
}

export interface SideQuery {
  readonly example: Example
  readonly output: Output
  readonly standing: Standing
  /** What it took instead of what is right; null where it did not, or where that was not kept. */
  readonly said: string | null
}

/** One evaluation on some of its queries, in their order. */
export interface MeasuredSide {
  readonly metrics: readonly {
    readonly metric: Comparison['metrics'][number]['metric']
    readonly value: number
    readonly kind: PairedFigure['kind']
    /** Of each query what counts for it. */
    readonly values: readonly (readonly number[])[]
  }[]
  readonly queries: readonly {
    /** Lower for the better; what decides who won it. */
    readonly place: number
    readonly shown: ComparedQuery['first']
  }[]
  /** Of each query, its video. */
  readonly unitOf: readonly number[]
  readonly videos: number
}

export async function sideOf(folder: EvaluationFolder): Promise<Side> {
  const { standings = [], mistakes } = await folder.results()
  const [{ examples }, outputs] = [await folder.data(), await folder.outputs()]
  const standingOf = new Map(standings.map(standing => [standing.example, standing]))
  const saidOf = new Map(mistakes.map(({ example, said }) => [example, said[0]?.name ?? null]))
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
    return [[key, { example, output, standing, said: saidOf.get(place) ?? null }] as const]
  })
  return { folder, queries: new Map(queries) }
}

/** Metrics of some queries, and how each did. @throws the abort reason. */
export async function measured(
  { folder, queries }: Side,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<MeasuredSide> {
  const found = keys.flatMap(key => queries.get(key) ?? [])
  const { videoOf, firstQueries } = galleryOf(found.map(({ example }) => videoKey(example.content)))
  const places = { unitOf: videoOf, videos: firstQueries.length }
  switch (folder.record.task) {
    case 'moments':
      return { ...moments(found), ...places }
    case 'retrieval':
      return { ...(await retrieved(folder, { found, videoOf, firstQueries }, signal)), ...places }
    default:
      return { ...answered(found), ...places }
  }
}

type Measured = Pick<MeasuredSide, 'metrics' | 'queries'>

function moments(found: readonly SideQuery[]): Measured {
  const overlaps = found.map(({ standing }) => standing.score)
  return {
    metrics: [
      ...momentRecalls.map(metric =>
        meanMetric(
          metric,
          overlaps.map(overlap => recalled(metric, overlap)),
        ),
      ),
      meanMetric('mIoU', overlaps),
    ],
    queries: overlaps.map(overlap => ({ place: -overlap, shown: { rank: null, score: overlap, said: null } })),
  }
}

function answered(found: readonly SideQuery[]): Measured {
  return {
    metrics: [
      meanMetric(
        'accuracy',
        found.map(({ standing }) => Number(standing.rank === 1)),
      ),
    ],
    queries: found.map(({ standing: { rank, score }, said }) => ({
      // A wrong answer is wrong, whatever its place.
      place: rank === 1 ? 1 : 2,
      shown: { rank, score, said: rank === 1 ? null : said },
    })),
  }
}

async function retrieved(
  { record }: EvaluationFolder,
  {
    found,
    videoOf,
    firstQueries,
  }: {
    readonly found: readonly SideQuery[]
    readonly videoOf: readonly number[]
    readonly firstQueries: readonly number[]
  },
  signal: AbortSignal,
): Promise<Measured> {
  const embedded = found.flatMap(({ output }) => ('video' in output ? [output] : []))
  const { textToVideo, queries, ranks } = await retrievalInBlocks(
    {
      texts: embedded.map(({ text }) => text),
      videos: firstQueries.flatMap(query => embedded[query]?.video ?? []),
      videoOf,
      groups: [],
    },
    record.choice.ties,
    signal,
  )
  const names = firstQueries.map(query => {
    const example = found[query]?.example
    return example ? videoName(example, record.choice.dataset.folder) : ''
  })
  const counted = ranks.map(own => own.map(rank => rank + 1))
  const most = { r1: 1, r5: 5, r10: 10, r50: 50 } as const
  return {
    metrics: [
      ...recalls.map(metric => ({
        metric,
        value: textToVideo[metric],
        kind: 'mean' as const,
        values: counted.map(own => own.map(rank => Number(rank < most[metric] + 1))),
      })),
      { metric: 'medianRank', value: textToVideo.medianRank, kind: 'median', values: counted },
      { metric: 'meanRank', value: textToVideo.meanRank, kind: 'mean', values: counted },
    ],
    queries: queries.map(({ rank, score, nearest }) => ({
      place: rank + 1,
      shown: { rank: rank + 1, score, said: rank === 0 ? null : (names[nearest[0]?.video ?? -1] ?? null) },
    })),
  }
}

function meanMetric(
  metric: Comparison['metrics'][number]['metric'],
  values: readonly number[],
): MeasuredSide['metrics'][number] {
  return {
    metric,
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    kind: 'mean',
    values: values.map(value => [value]),
  }
}
