import type { TimedSentence } from '../../examples/example.ts'
import type { FoundRow } from './usable-rows.ts'

/**
 * The queries for moments of a video as its paragraph, in the order of time, for tasks that learn from paragraphs. A
 * query with several windows is one sentence without a time, since a sentence has one. A task that is about moments
 * takes the rows as they are.
 * @returns the rows, and the sources of queries that say what one before them said.
 */
export function momentsAsParagraphs(rows: readonly FoundRow[]): { rows: FoundRow[]; repeated: string[] } {
  const others: FoundRow[] = []
  const stories = new Map<string, { row: FoundRow; sentences: TimedSentence[] }>()
  const [said, repeated] = [new Set<string>(), [] as string[]]
  for (const row of rows) {
    const { content, split, group } = row
    if (content.type !== 'moments') {
      others.push(row)
      continue
    }
    const { video, query, windows } = content
    const key = JSON.stringify([split, group, video])
    const all = JSON.stringify([key, query, windows])
    if (said.has(all)) {
      repeated.push(row.source)
      continue
    }
    said.add(all)
    const story = stories.get(key) ?? {
      row: { ...row, content: { type: 'paragraph', video, sentences: [] } },
      sentences: [],
    }
    stories.set(key, story)
    const [[start, end] = [null, null], ...more] = windows
    story.sentences.push({ text: query, ...(more.length === 0 ? { start, end } : { start: null, end: null }) })
  }
  const first = ({ start }: TimedSentence) => start ?? Infinity
  return {
    rows: [
      ...[...stories.values()].map(({ row, sentences }): FoundRow => ({
        ...row,
        content: {
          type: 'paragraph',
          video: 'video' in row.content ? row.content.video : { path: '', start: null, end: null },
          sentences: sentences.toSorted((a, b) => first(a) - first(b)),
        },
      })),
      ...others,
    ],
    repeated,
  }
}
