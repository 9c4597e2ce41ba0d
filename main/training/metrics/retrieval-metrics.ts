/** Fractions 0–1 for recall; ranks count from 1. */
export interface RetrievalMetrics {
  r1: number
  r5: number
  r10: number
  r50: number
  medianRank: number
  meanRank: number
  /** Number of ranks the figures are taken over. */
  count: number
}

/**
 * What several candidates of exactly the same score mean.
 * `reference`: every position the tie covers counts as a rank of its own, as the published evaluation does (so a tie
 * changes the denominators). `average`: each query counts once, at the mean of those positions.
 */
export type Ties = 'reference' | 'average'

/** Scores [queries][candidates]. */
export type Similarity = readonly (readonly number[] | Float64Array)[]

/** The distinct videos that queries are for: a video that several texts tell of is there once. */
export interface Gallery {
  /** Of each query, the place of its video among them. */
  readonly videoOf: readonly number[]
  /** Of each video, the first of its queries. */
  readonly firstQueries: readonly number[]
}

/** @param keys of each query, what its video is known by. */
export function galleryOf(keys: readonly string[]): Gallery {
  const places = new Map<string, number>()
  const firstQueries: number[] = []
  const videoOf = keys.map((key, query) => {
    const place = places.get(key) ?? places.size
    if (place === places.size) firstQueries.push(query)
    places.set(key, place)
    return place
  })
  return { videoOf, firstQueries }
}

/**
 * Ranks of the right answers, from 0.
 * @param similarity [queries][candidates]. @param right of each query, its candidate; not given: query i has
 *   candidate i.
 */
export function ranks(similarity: Similarity, ties: Ties, right?: readonly number[]): number[] {
  return similarity.flatMap((row, query) => {
    const own = row[right?.[query] ?? query]
    if (own === undefined) throw new Error(`query ${query} has no candidate of its own`)
    let better = 0
    let equal = 0
    for (const score of row) {
      if (score > own) better += 1
      else if (score === own) equal += 1
    }
    if (ties === 'average') return [better + (equal - 1) / 2]
    return Array.from({ length: equal }, (_, position) => better + position)
  })
}

/** Recall@k, median and mean rank of ranks counted from 0. @throws RangeError when there are none. */
export function summariseRanks(ranks: readonly number[]): RetrievalMetrics {
  if (ranks.length === 0) throw new RangeError('no ranks to summarise')
  const sorted = ranks.toSorted((a, b) => a - b)
  const recall = (k: number) => sorted.filter(rank => rank < k).length / sorted.length
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return {
    r1: recall(1),
    r5: recall(5),
    r10: recall(10),
    r50: recall(50),
    medianRank: median + 1,
    meanRank: sorted.reduce((sum, rank) => sum + rank, 0) / sorted.length + 1,
    count: sorted.length,
  }
}

/**
 * Both directions of a similarity matrix, rows texts and columns videos (REFERENCE §7). Where a video has several
 * texts, each is a query of its own, and from a video those of each video count as one candidate, by the best of them:
 * the protocol of MSVD and MSR-VTT's full test as ArrowLuo/CLIP4Clip evaluates them (`metrics.py`,
 * `tensor_text_to_video_metrics` and `tensor_video_to_text_sim`).
 * @param videoOf of each text, the column of its video; not given: text i tells of video i.
 */
export function retrievalMetrics(
  similarity: Similarity,
  ties: Ties = 'reference',
  videoOf: readonly number[] = similarity.map((_, text) => text),
): { textToVideo: RetrievalMetrics; videoToText: RetrievalMetrics } {
  const videos = similarity[0]?.length ?? 0
  const best = Array.from({ length: videos }, () => new Float64Array(videos).fill(-Infinity))
  for (const [text, row] of similarity.entries()) {
    const told = videoOf[text] ?? text
    for (const [video, scores] of best.entries()) {
      scores[told] = Math.max(scores[told] ?? -Infinity, row[video] ?? Number.NaN)
    }
  }
  return {
    textToVideo: summariseRanks(ranks(similarity, ties, videoOf)),
    videoToText: summariseRanks(ranks(best, ties)),
  }
}

/** Fractions 0–1 of `count` rows whose own counterpart is more similar than every other of their group. */
export interface GroupMetrics {
  textToVideo: number
  videoToText: number
  /** What guessing among a group would give. */
  random: number
  count: number
}

/**
 * Retrieval among the rows of one group, such as a story and the same scenes in another order; a tie is not told
 * apart.
 * @param similarity and @param videoOf as for {@link retrievalMetrics}. @param groups of each row; undefined where it
 *   has none.
 * @returns null where no two rows have a group in common.
 */
export function groupMetrics(
  similarity: Similarity,
  groups: readonly (string | undefined)[],
  videoOf: readonly number[] = similarity.map((_, text) => text),
): GroupMetrics | null {
  return groupMetricsOf((text, video) => similarity[text]?.[video] ?? Number.NaN, groups, videoOf)
}

/** {@link groupMetrics} of similarities that are asked for one by one. */
export function groupMetricsOf(
  similarity: (text: number, video: number) => number,
  groups: readonly (string | undefined)[],
  videoOf: readonly number[],
): GroupMetrics | null {
  const rowsOfGroup = new Map<string, number[]>()
  for (const [row, group] of groups.entries()) {
    if (group !== undefined) rowsOfGroup.set(group, [...(rowsOfGroup.get(group) ?? []), row])
  }
  const rivals = groups.map((group, row) =>
    group === undefined ? [] : (rowsOfGroup.get(group) ?? []).filter(other => videoOf[other] !== videoOf[row]),
  )
  const compared = rivals.flatMap((others, row) => (others.length > 0 ? [{ row, others }] : []))
  if (compared.length === 0) return null
  const score = (text: number, row: number) => similarity(text, videoOf[row] ?? row)
  const share = (isRight: (row: number, other: number) => boolean) =>
    compared.filter(({ row, others }) => others.every(other => isRight(row, other))).length / compared.length
  return {
    textToVideo: share((row, other) => score(row, row) > score(row, other)),
    videoToText: share((row, other) => score(row, row) > score(other, row)),
    random: compared.reduce((sum, { others }) => sum + 1 / (1 + others.length), 0) / compared.length,
    count: compared.length,
  }
}
