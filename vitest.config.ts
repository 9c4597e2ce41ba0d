import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Two cores are common: parallel ORT sessions and ffmpeg processes would only fight.
    maxWorkers: 2,
    reporters: ['default'],
  },
})
