/**
 * Tests that only `npm run test:all` runs, or who names them: each takes more than a minute on two cores, most of it
 * for preparing what other tests prepare as well, and what it looks at is computed by units that `npm test` tries.
 */
export const wholeOnly = [
  'tests/e2e/dev.test.ts',
  'tests/e2e/pages/diagnostics.test.ts',
  'tests/e2e/pages/formats.test.ts',
  'tests/e2e/pages/learning.test.ts',
  'tests/e2e/pages/map-page.test.ts',
  'tests/e2e/results/compare.test.ts',
  'tests/e2e/results/figures.test.ts',
  'tests/e2e/results/report.test.ts',
  'tests/e2e/results/side-by-side.test.ts',
  'tests/e2e/window/languages.test.ts',
  'tests/electron/packaged.test.ts',
  'tests/fault/campaign/disturbed.test.ts',
  'tests/promises/tutorial.test.ts',
]
