import type { VideoRules } from '../../api/library/video-rules.ts'
import type { SqlValue } from '../../storage/database.ts'
import { foldText } from '../folders/video-files.ts'

/** Keys of the embeddings that count as up to date, one per pass. */
export interface IndexKeys {
  readonly overview: string
  readonly dense: string
}

/** What rules refer to that the library itself does not know. */
export interface RuleAnswers {
  /** Keys of the model that the rules name; null when it is not there any more, so that nothing is indexed under it. */
  readonly modelKeys?: IndexKeys | null
  /** For the orders `similar` and `score` by content, for the order `evaluation` by path. */
  readonly scores?: ReadonlyMap<string, number>
}

export interface FilteredVideos {
  /** Behind `SELECT …`; the first two of the values are the keys. */
  readonly from: string
  readonly order: string
  /** What they are sorted by where it comes with the answers, as an expression; else null. */
  readonly score: string | null
  readonly values: SqlValue[]
}

const isIndexed = (overview: string, dense: string) =>
  `EXISTS (SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.key IN (${overview}, ${dense}))`
const hasTag = (folded: string) =>
  `EXISTS (SELECT 1 FROM video_tags t WHERE t.video_id = v.id AND t.folded = ${folded})`
const lines = 'MIN(v.width, v.height)'
const warned = `(v.caption_problem IS NOT NULL OR EXISTS (
  SELECT 1 FROM embeddings e WHERE e.content_id = v.content_id AND e.key IN (?1, ?2) AND e.warnings <> '[]'))`

interface SortField {
  readonly by: string
  readonly rises?: true
  /** Of a score, the column of the videos that it is known by. */
  readonly scored?: string
}

/** What lists are sorted by: falling, except for names. Videos of which it is not known come last either way. */
const fields: Readonly<Record<VideoRules['sort'], SortField>> = {
  name: { by: 'v.sort_name', rises: true },
  newest: { by: 'v.modified_at' },
  longest: { by: 'v.duration' },
  shortest: { by: 'v.duration', rises: true },
  // Numbers are given in the order in which videos are found, and a moved one keeps its own.
  added: { by: 'v.id' },
  largest: { by: 'v.size' },
  resolution: { by: 'v.width * v.height' },
  rate: { by: 'v.frame_rate' },
  captions: { by: 'v.sentences' },
  similar: { by: 's.score', scored: 'v.content_id' },
  score: { by: 's.score', scored: 'v.content_id' },
  evaluation: { by: 's.score', scored: 'v.path' },
}

/** The rules as SQL over videos `v` and, where they are sorted by it, scores `s`. */
export function filterVideos(
  rules: VideoRules,
  keys: IndexKeys,
  { modelKeys = null, scores }: RuleAnswers = {},
): FilteredVideos {
  const values: SqlValue[] = [keys.overview, keys.dense]
  const bind = (value: SqlValue) => `?${values.push(value)}`
  const conditions: string[] = []
  const within = (expression: string, { min, max }: VideoRules['duration']) => {
    if (min !== null) conditions.push(`${expression} >= ${bind(min)}`)
    if (max !== null) conditions.push(`${expression} <= ${bind(max)}`)
  }
  const text = foldText(rules.text.trim())
  if (rules.folderId !== null) conditions.push(`v.folder_id = ${bind(rules.folderId)}`)
  if (text !== '') {
    conditions.push(`v.id IN (SELECT video_id FROM search_texts WHERE INSTR(text, ${bind(text)}) > 0)`)
  }
  // The overview alone decides whether a video counts as indexed in a list.
  if (rules.state === 'failed') conditions.push(`v.state = 'failed'`)
  if (rules.state === 'indexed') conditions.push(isIndexed('?1', '?1'))
  if (rules.state === 'not-indexed') conditions.push(`v.state IN ('new', 'ready') AND NOT ${isIndexed('?1', '?1')}`)
  for (const tag of rules.tags) conditions.push(hasTag(bind(foldText(tag))))
  for (const tag of rules.withoutTags) conditions.push(`NOT ${hasTag(bind(foldText(tag)))}`)
  if (rules.model !== null) {
    conditions.push(modelKeys ? isIndexed(bind(modelKeys.overview), bind(modelKeys.dense)) : '0')
  }
  within('v.duration', rules.duration)
  within(lines, rules.lines)
  if (rules.captions !== null) conditions.push(`v.sentences ${rules.captions ? '> 0' : '= 0'}`)
  if (rules.warnings !== null) conditions.push(rules.warnings ? warned : `NOT ${warned}`)
  const { by, rises = false, scored } = fields[rules.sort]
  const direction = rises === rules.reverse ? 'DESC' : 'ASC'
  const joined = scored
    ? ` LEFT JOIN (SELECT json_extract(value, '$[0]') AS scored, json_extract(value, '$[1]') AS score
        FROM json_each(${bind(JSON.stringify([...(scores ?? [])]))})) AS s ON s.scored = ${scored}`
    : ''
  return {
    from: `FROM videos v${joined} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`,
    order: `${by} ${direction} NULLS LAST, v.id ${direction}`,
    score: scored ? by : null,
    values,
  }
}
