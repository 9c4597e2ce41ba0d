import type { Problems } from './problems.ts'
import type { FoundRow } from './usable-rows.ts'

/** Queries for moments, each number once in a split: predictions are matched by it. */
export function momentQueries(rows: readonly FoundRow[], problems: Problems): FoundRow[] {
  const seen = new Map<string, string>()
  return rows.filter(({ content, split, source }) => {
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
