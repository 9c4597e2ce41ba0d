import { describe, expect, test } from 'vitest'
import { isWhole } from '../../support/sample.ts'
import { fuzz } from './fuzz.ts'
import { plantedBugs, readers } from './readers.ts'

/** Change it to look further; the same seed makes the same files. */
const seed = 1
/** `npm run hostile` takes its time; every test run looks at the first of them. */
const share = process.env.LFVILA_MUTATIONS === 'all' ? 1 : isWhole ? 1 / 4 : 1 / 32
/** Of fewer files it may be that all are taken, or none. */
const fewest = 80
const shareOf = (cases: number): number => Math.max(share, Math.min(1 / 4, fewest / cases))
/** What the process takes without reading anything, plus what a reader of files of some kilobytes may need. */
const mostBytes = 400 * 2 ** 20

test('there are twenty thousand mutations', () => {
  const total = Object.values(readers).reduce((sum, { cases }) => sum + cases, 0)
  const tried = Object.values(readers).reduce((sum, { cases }) => sum + Math.ceil(cases * shareOf(cases)), 0)
  console.log(`${tried} of ${total} mutations, seed ${seed}`)
  expect(total).toBeGreaterThanOrEqual(20_000)
})

describe('a damaged file is read or refused in one sentence, soon and with little memory', () => {
  test.each(Object.entries(readers))('%s', async (name, { cases }) => {
    const report = await fuzz(name, seed, { share: shareOf(cases) })
    console.log(
      `${name}: ${report.cases} files, ${report.opened} taken, at most ${Math.round(report.peakBytes / 2 ** 20)} MiB`,
    )
    expect(report.failures.slice(0, 5)).toEqual([])
    expect(report.cases).toBe(Math.ceil(cases * shareOf(cases)))
    expect(report.peakBytes).toBeLessThan(mostBytes)
    // Some changes are harmless and most are not: neither readers nor mutations sleep.
    expect(report.opened).toBeGreaterThan(0)
    expect(report.opened).toBeLessThan(report.cases)
  })
})

describe('a planted bug is found', () => {
  test.each([
    ['throws what is no sentence', /mutation \d+: TypeError/],
    ['never ends', /mutation \d+: no end after 3000 ms/],
    ['fails when nobody waits', /mutation \d+: the process ended.*TypeError: nobody waits/s],
  ])('a reader that %s', async (name, reason) => {
    expect(Object.keys(plantedBugs)).toContain(name)
    expect((await fuzz(name, seed, { patience: 3000 })).failures[0]).toMatch(reason)
  })

  test('a reader that believes a count', async () => {
    expect((await fuzz('believes a count', seed)).peakBytes).toBeGreaterThan(mostBytes)
  })
})
