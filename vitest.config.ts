import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { slowTests } from './tests/slow.ts'
import { LongestFirst } from './tests/support/longest-first.ts'
import { wholeOnly } from './tests/whole-only.ts'

// Who names files wants all that is in them.
if (process.argv.slice(2).some(word => word.startsWith('tests/'))) process.env.LFVILA_TESTS ??= 'all'
const leftOut = process.env.LFVILA_TESTS === 'all' ? [] : wholeOnly

/** A module that is replaced must not have been loaded before, nor stay replaced for others. */
const replacingTests = readdirSync('tests/unit', { recursive: true, encoding: 'utf8' })
  .map(name => `tests/unit/${name.replaceAll('\\', '/')}`)
  .filter(file => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes('vi.mock('))

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // What a busy machine takes, within the time of a test.
    expect: { poll: { timeout: 100_000 } },
    // Two cores are common: they are kept busy while other files wait for a process to start.
    maxWorkers: 4,
    globalSetup: ['tests/support/run-folder.ts'],
    sequence: { sequencer: LongestFirst },
    reporters: ['default'],
    projects: [
      // Every test file belongs to one of these: what is quick, what takes seconds, what runs the built program.
      {
        extends: true,
        // What they load takes longer than they do: files that run one after the other in a process share it.
        test: {
          name: 'unit',
          isolate: false,
          include: ['tests/unit/**/*.test.ts'],
          exclude: [...slowTests, ...replacingTests],
        },
      },
      {
        extends: true,
        test: { name: 'unit-apart', include: replacingTests, exclude: slowTests },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          isolate: false,
          testTimeout: 300_000,
          include: ['tests/!(unit|electron|e2e|fault)/**/*.test.ts', ...slowTests],
          exclude: [...leftOut, ...replacingTests],
        },
      },
      // What they disturb, no other has to bear.
      {
        extends: true,
        test: {
          name: 'slow-apart',
          testTimeout: 300_000,
          include: ['tests/fault/**/*.test.ts', ...slowTests.filter(file => replacingTests.includes(file))],
          exclude: leftOut,
        },
      },
      // Browsers, engines and trainings of a busy machine take minutes: what they wait for is an event, not a time.
      // These run what `npm run build` makes; it is built first when it is missing or older than the sources.
      {
        extends: true,
        test: {
          name: 'built',
          isolate: false,
          testTimeout: 300_000,
          expect: { poll: { timeout: 240_000 } },
          include: ['tests/electron/**/*.test.ts', 'tests/e2e/**/*.test.ts'],
          exclude: leftOut,
          globalSetup: ['tests/support/run-folder.ts', 'tests/e2e/support/built.ts'],
        },
      },
    ],
  },
})
