import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Two cores are common: parallel ORT sessions and ffmpeg processes would only fight.
    maxWorkers: 2,
    globalSetup: ['tests/support/run-folder.ts'],
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'sources', include: ['tests/**/*.test.ts'], exclude: ['tests/electron/**', 'tests/e2e/**'] },
      },
      // Browsers, engines and trainings of a busy machine take minutes: what they wait for is an event, not a time.
      // These run what `npm run build` makes; it is built first when it is missing or older than the sources.
      {
        extends: true,
        test: {
          name: 'built',
          testTimeout: 300_000,
          include: ['tests/electron/**/*.test.ts', 'tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/run-folder.ts', 'tests/e2e/built.ts'],
        },
      },
    ],
  },
})
