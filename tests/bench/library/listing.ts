import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { fillLibrary, keys, openTestLibrary } from '../../unit/library/open-library.ts'
import { median } from '../result.ts'
import type { BenchResult } from '../result.ts'

const count = 100_000
const page = 200

/** Pages of a library of 100,000 videos, as the window asks for them, beside one plain pass over all videos. */
export async function benchListing(): Promise<BenchResult> {
  const test = openTestLibrary()
  try {
    fillLibrary(test, count)
    const milliseconds = (work: () => void): number =>
      median(
        Array.from({ length: 9 }, () => {
          const started = performance.now()
          work()
          return performance.now() - started
        }),
      )
    const all = milliseconds(() =>
      test.database.prepare('SELECT count(*) FROM videos WHERE info LIKE ?').get(['%none%']),
    )
    const list = (query: Partial<typeof videoQuery._input>): number =>
      milliseconds(() => test.library.list(videoQuery.parse({ limit: page, ...query }), keys))
    const row = (name: string, value: number) => ({
      name,
      value,
      unit: 'ms',
      note: `${(value / all).toFixed(2)} × one pass over all videos`,
    })
    return {
      rows: [
        row(`a page of ${page} from the middle, by name`, list({ offset: count / 2 })),
        row('the newest', list({ sort: 'newest' })),
        row('not indexed with the model in use', list({ state: 'not-indexed' })),
        row('a text of captions', list({ text: 'boat number 777 is' })),
      ],
    }
  } finally {
    await test.close()
  }
}
