/**
 * Tests that only `npm run test:all` runs, or who names them: each takes more than a minute on two cores, most of it
 * for preparing what other tests prepare as well, and what it looks at is computed by units that `npm test` tries.
 */
export const wholeOnly = [
  'tests/e2e/compare.test.ts',
  'tests/e2e/figures.test.ts',
  'tests/e2e/map-page.test.ts',
  'tests/e2e/report.test.ts',
  'tests/e2e/side-by-side.test.ts',
  'tests/electron/packaged.test.ts',
  'tests/fault/campaign/disturbed.test.ts',
  'tests/promises/tutorial.test.ts',
]
