import { describe, expect, it } from 'vitest'
import type { JobProgress } from '../../../../main/api/index.ts'
import { progressWords } from '../../../../main/hosts/cli/terminal/progress-line.ts'
import { formatProgress, formatSpan } from '../../../../renderer/locale/format.ts'

const progress = (part: Partial<JobProgress>): JobProgress => ({
  done: 3,
  total: 7,
  unit: 'videos',
  rate: null,
  secondsLeft: null,
  current: null,
  ...part,
})

describe('progress in words', () => {
  it('says how much, how fast and how long', () => {
    expect(formatProgress(progress({ done: 214, total: 1036, rate: 3.14, secondsLeft: 265 }))).toBe(
      '214 of 1,036 videos · 3.1/s · 4 min 25 s left',
    )
    expect(formatProgress(progress({ rate: 0.05, secondsLeft: 80 }))).toBe('3 of 7 videos · 3.0/min · 1 min 20 s left')
    expect(formatProgress(progress({ done: 1.5e9, total: 3e9, unit: 'bytes', rate: 2.5e6, secondsLeft: 600 }))).toBe(
      '1.5 GB of 3.0 GB · 2.5 MB/s · 10 min left',
    )
    expect(formatProgress(progress({ done: 41.7, total: 100, unit: '%', rate: 2 }))).toBe('42 %')
  })

  it('has no number where nothing is known yet', () => {
    expect(formatProgress(progress({ done: 0, total: null, unit: '' }))).toBe('starting')
    expect(formatProgress(progress({ done: 0, total: 7 }))).toBe('0 of 7 videos')
    expect(formatProgress(progress({ done: 2, total: null }))).toBe('2 videos')
  })

  it('never counts sixty seconds or minutes', () => {
    expect([119.6, 3599.7, 7199].map(formatSpan)).toEqual(['2 min', '1 h 0 min', '1 h 59 min'])
  })

  it('has the same numbers and words in the window and on the command line', () => {
    for (const unit of ['videos', 'files', 'bytes', '%', 'steps']) {
      for (const done of [0, 1, 999, 12_345, 41.2, 9.99e8]) {
        for (const total of [null, 7, 123_456, 2.5e9]) {
          for (const rate of [null, 0, 0.002, 0.94, 0.96, 9.96, 1234.5, 3.2e7]) {
            for (const secondsLeft of [null, 0, 0.4, 59.6, 61, 599.8, 601, 3661, 35_999.9, 360_000]) {
              const one = progress({ unit, done: unit === 'bytes' ? Math.round(done) : done, total, rate, secondsLeft })
              expect(progressWords(one)).toBe(formatProgress(one))
            }
          }
        }
      }
    }
  })
})
