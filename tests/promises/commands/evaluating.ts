import { expect, it } from 'vitest'
import type { ProbedQuery, TimeProbe } from '../../../main/api/evaluation.ts'
import { noticedOrders } from '../../../main/api/rules.ts'
import type { CommandBench } from './command-bench.ts'

interface Probe {
  timeProbe: { variants: (TimeProbe['variants'][number] & { worst: ProbedQuery[] })[] }
  groups: { textToVideo: number }
}

/** What is said of scores, and beside them. */
export function evaluatingCommands({ at, lfvila, runs }: CommandBench): void {
  it(
    'finds out that the starter uses time, by stories and their twins',
    runs(['demo --stories --twins all', 'evaluate --no-alignment --time-probe --probe-seed'], async () => {
      const folder = at('told')
      const drawn = ['--stories', '14', '--split', 'test', '--twins', 'all', '--scenes', '4-4', '--seconds', '2-2']
      await lfvila('demo', folder, ...drawn, '--size', '160x96', '--fps', '8')
      const options = ['--model', 'starter', '--no-alignment', '--time-probe', '--probe-seed', '1']
      const { timeProbe, groups } = await lfvila<Probe>('evaluate', folder, ...options)
      const { reversed, shuffled } = Object.fromEntries(timeProbe.variants.map(found => [found.variant, found]))
      // In a story told backwards its twin is nearer than itself.
      expect(groups.textToVideo).toBeGreaterThan(0.7)
      expect(reversed).toMatchObject({ count: 14, groups: { before: groups.textToVideo } })
      expect(reversed?.groups?.after).toBeLessThan(0.5)
      for (const variant of [reversed, shuffled]) {
        expect(variant?.figure.after).toBeLessThan((variant?.figure.before ?? 0) - 0.2)
      }
      expect(noticedOrders(timeProbe.variants).map(({ variant }) => variant)).toContain('reversed')
      const [worst] = reversed?.worst ?? []
      expect((worst?.after.rank ?? 0) - (worst?.before.rank ?? 0)).toBeGreaterThan(2)
    }),
    900_000,
  )
}
