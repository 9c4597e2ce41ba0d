import type { ProbeVariant, TimeProbe } from '../../api/evaluation/evaluation.ts'
import { similarityRow } from '../metrics/metrics.ts'
import { galleryOf, groupMetrics, ranks } from '../metrics/retrieval-metrics.ts'
import { signTest } from './sign-test.ts'

/** How an example did: the rank of what is right, from 1, and its score. */
export interface Standing {
  readonly rank: number
  readonly score: number
}

/** One example before and after a change. */
export interface ProbedExample {
  /** Its place among the examples. */
  readonly example: number
  readonly before: Standing
  readonly after: Standing
}

export interface VariantFound {
  readonly summary: TimeProbe['variants'][number]
  /** Those that lost most first. */
  readonly queries: readonly ProbedExample[]
}

/** One row of a retrieval: its own video's and text's embeddings, of unit length. */
export interface EmbeddedRow {
  readonly example: number
  /** What its video is known by. */
  readonly key: string
  readonly group: string | undefined
  readonly video: Float32Array
  readonly text: Float32Array
}

/**
 * Retrieval of every query before and after a change of its own text, or of all videos of the gallery.
 * @param changed embeddings by example. Rows whose text cannot be changed do not count.
 */
export function retrievalChange(
  all: readonly EmbeddedRow[],
  variant: ProbeVariant,
  { side, changed }: { readonly side: 'video' | 'text'; readonly changed: ReadonlyMap<number, Float32Array> },
): VariantFound | null {
  const rows = side === 'text' ? all : all.filter(({ example }) => changed.has(example))
  const { videoOf, firstQueries } = galleryOf(rows.map(({ key }) => key))
  const after = rows.map(row => ({ ...row, [side]: changed.get(row.example) ?? row[side] }))
  const counted = rows.flatMap((row, place) => (changed.has(row.example) ? [place] : []))
  const measured = (given: readonly EmbeddedRow[]) => {
    const gallery = firstQueries.flatMap(query => given[query]?.video ?? [])
    const texts = counted.flatMap(place => given[place]?.text ?? [])
    const similarity = texts.map(text => similarityRow(text, gallery))
    const right = counted.map(place => videoOf[place] ?? -1)
    return {
      standings: ranks(similarity, 'average', right).map((rank, query) => ({
        rank: rank + 1,
        score: similarity[query]?.[right[query] ?? -1] ?? Number.NaN,
      })),
      groups: groupMetrics(
        similarity,
        counted.map(place => rows[place]?.group),
        right,
      ),
    }
  }
  if (counted.length === 0) return null
  const [was, is] = [measured(rows), measured(after)]
  const queries = counted.flatMap((place, query): ProbedExample[] => {
    const [row, before, changedTo] = [rows[place], was.standings[query], is.standings[query]]
    return row && before && changedTo ? [{ example: row.example, before, after: changedTo }] : []
  })
  return summed(variant, {
    queries,
    groups: was.groups && is.groups ? { before: was.groups.textToVideo, after: is.groups.textToVideo } : null,
    isWorse: (before, now) => Math.sign(now.rank - before.rank),
  })
}

/** One question: the logits of its answers or labels before and after, and the number of the right one. */
export interface AnsweredRow {
  readonly example: number
  readonly right: number
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Answers before and after a change; a score is the probability of the right one. */
export function answerChange(rows: readonly AnsweredRow[], variant: ProbeVariant): VariantFound | null {
  if (rows.length === 0) return null
  return summed(variant, {
    queries: rows.map(({ example, right, before, after }) => ({
      example,
      before: standingOf(before, right),
      after: standingOf(after, right),
    })),
    groups: null,
    isWorse: (before, now) => Number(now.rank > 1) - Number(before.rank > 1),
  })
}

/** Where the right one of some logits stands, and its probability; of equals the first is said, as for accuracy. */
export function standingOf(logits: readonly number[], right: number): Standing {
  const own = logits[right] ?? -Infinity
  const better = logits.filter((logit, place) => logit > own || (logit === own && place < right)).length
  const largest = Math.max(...logits)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0)
  return { rank: better + 1, score: Math.exp(own - largest) / sum }
}

function summed(
  variant: ProbeVariant,
  {
    queries,
    groups,
    isWorse,
  }: {
    readonly queries: readonly ProbedExample[]
    readonly groups: VariantFound['summary']['groups']
    /** 1, 0 or −1. */
    readonly isWorse: (before: Standing, after: Standing) => number
  },
): VariantFound {
  const signs = queries.map(({ before, after }) => isWorse(before, after))
  const [worse, better] = [1, -1].map(sign => signs.filter(one => one === sign).length) as [number, number]
  const first = (side: 'before' | 'after') =>
    queries.filter(query => query[side].rank - 1 < 1).length / Math.max(1, queries.length)
  return {
    summary: {
      variant,
      count: queries.length,
      figure: { before: first('before'), after: first('after') },
      groups,
      worse,
      better,
      chance: signTest(worse, better),
    },
    queries: queries.toSorted(
      (a, b) =>
        b.after.rank - b.before.rank - (a.after.rank - a.before.rank) ||
        b.before.score - b.after.score - (a.before.score - a.after.score),
    ),
  }
}
