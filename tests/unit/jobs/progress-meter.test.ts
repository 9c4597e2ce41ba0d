import { expect, it } from 'vitest'
import { ProgressMeter } from '../../../main/jobs/progress-meter.ts'

const second = 1000

it('gives the rate over the last half minute and the time left', () => {
  const meter = new ProgressMeter()
  // One a second for a minute, then four a second.
  let done = 0
  let now = 0
  for (; now <= 60 * second; now += second) meter.report({ done: done++, total: 1000, unit: 'videos' }, now)
  expect(meter.read(60 * second)).toMatchObject({
    done: 60,
    total: 1000,
    unit: 'videos',
    rate: 1,
    secondsLeft: 940,
    current: null,
  })
  for (; now <= 100 * second; now += second) {
    meter.report({ done: (done += 4), total: 1000, unit: 'videos', current: 'a.mp4' }, now)
  }
  const { rate, secondsLeft } = meter.read(100 * second) ?? {}
  // The window's edge falls between two reports.
  expect(rate).toBeCloseTo(4, 1)
  expect(secondsLeft).toBeCloseTo((1000 - done) / (rate ?? 0), 6)
})

it('does not count what was finished before as its own work', () => {
  const meter = new ProgressMeter()
  meter.report({ done: 5000, total: 6000, unit: 'videos' }, 0)
  expect(meter.read(0)).toMatchObject({ done: 5000, rate: null, secondsLeft: null })
  meter.report({ done: 5010, total: 6000, unit: 'videos' }, 10 * second)
  expect(meter.read(10 * second)).toMatchObject({ rate: 1, secondsLeft: 990 })
})

it('says nothing of the time left when nothing moves or the end is unknown', () => {
  const meter = new ProgressMeter()
  expect(meter.read(0)).toBeNull()
  meter.report({ done: 3, total: null, unit: 'files' }, 0)
  meter.report({ done: 3, total: 10, unit: 'files' }, 5 * second)
  expect(meter.read(5 * second)).toMatchObject({ rate: null, secondsLeft: null })
  meter.report({ done: 8, total: null, unit: 'files' }, 6 * second)
  expect(meter.read(6 * second)).toMatchObject({ rate: 5 / 6, secondsLeft: null })
})
