import { expect, it } from 'vitest'
import type { SearchResult } from '../../../main/api/index.ts'
import { rankChanges } from '../../../renderer/features/search/beside/rank-changes.ts'

const result = (rank: number, id: number, start = 0, end = 10) =>
  ({ rank, video: { id }, score: 1 / rank, start, end, thumbnail: '' }) as unknown as SearchResult

it('says of each video its rank in the other list', () => {
  const changed = rankChanges([result(1, 7), result(2, 8), result(3, 9)], [result(1, 8), result(2, 7)], 'video')
  expect(changed.map(({ other }) => other)).toEqual([2, 1, null])
})

it('takes two moments for one where one covers at least half of the shorter', () => {
  const others = [result(1, 7, 20, 24), result(2, 7, 0, 4), result(3, 8, 0, 4)]
  expect(rankChanges([result(1, 7, 2, 10)], others, 'moment')[0]?.other).toBe(2)
  expect(rankChanges([result(1, 7, 3, 10)], others, 'moment')[0]?.other).toBeNull()
})
