import type { RowContent } from '../../examples/example.ts'
import type { Problems } from './problems.ts'
import type { FoundRow } from './usable-rows.ts'

/** Whether a row has queries for moments: it is one, or has a sentence with a time. */
export function tellsOfMoments(content: RowContent<unknown>): boolean {
  return (
    content.type === 'moments' ||
    (content.type === 'paragraph' && content.sentences.some(({ start, end }) => start !== null && end !== null))
  )
}

type Query<Video> = Extract<RowContent<Video>, { type: 'moments' }>

/**
 * The queries for moments of a row: itself, or each sentence of a paragraph that has a time, which is its window.
 * Sentences have no numbers of their own: predictions are matched by where they stand, `train.json: v_ID#2`.
 * @param nameOf what the annotation calls a video.
 */
export function queriesOfRow<Video>(
  { source, content }: { readonly source: string; readonly content: RowContent<Video> },
  nameOf: (video: Video) => string,
): Query<Video>[] {
  if (content.type === 'moments') return [content]
  if (content.type !== 'paragraph') return []
  const { video, sentences } = content
  return sentences.flatMap(({ text, start, end }, place): Query<Video>[] => {
    if (start === null || end === null) return []
    const qid = `${source}#${place + 1}`
    const about = { video, qid, vid: nameOf(video), duration: null, query: text, saliency: null }
    return [{ type: 'moments', ...about, windows: [[start, end]] }]
  })
}

/** Queries for moments, each number once in a split: predictions are matched by it. */
export function momentQueries(
  rows: readonly FoundRow[],
  nameOf: (path: string) => string,
  problems: Problems,
): FoundRow[] {
  const seen = new Map<string, string>()
  const queries = rows.flatMap(row => {
    const found = queriesOfRow(row, ({ path }) => nameOf(path)).map((content): FoundRow => ({ ...row, content }))
    if (row.content.type !== 'paragraph') return found
    for (const { text } of row.content.sentences.filter(({ start, end }) => start === null || end === null)) {
      problems.add('times', {
        severity: 'warning',
        sentence: 'The sentence has no time, so that it is no query for moments; it is left out.',
        example: `${row.source}: ${text}`,
      })
    }
    return found
  })
  return queries.filter(({ content, split, source }) => {
    if (content.type !== 'moments') return false
    const key = JSON.stringify([split, String(content.qid)])
    const before = seen.get(key)
    if (before === undefined) {
      seen.set(key, source)
    } else {
      problems.add('duplicate', {
        severity: 'error',
        sentence: 'A query with this ‘qid’ was there before; it is left out, since predictions are matched by it.',
        example: `${source}: ${content.qid}, as ${before}`,
      })
    }
    return before === undefined
  })
}
