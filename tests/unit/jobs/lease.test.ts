import { hostname } from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { closeLease, LeaseWatch, openLease } from '../../../main/jobs/lease.ts'

afterEach(() => vi.restoreAllMocks())

it('knows the queues of its own process', () => {
  const watch = new LeaseWatch()
  const owner = openLease()
  expect(watch.isAlive(1, owner, 0)).toBe(true)
  closeLease(owner)
  expect(watch.isAlive(1, owner, 0)).toBe(false)
})

it('knows at once that a process of this machine is gone', () => {
  // Process ids end well below this on every system.
  expect(new LeaseWatch().isAlive(1, `${encodeURIComponent(hostname())}/999999999/token`, 0)).toBe(false)
})

it('believes another machine as long as its heartbeat moves, and gives up when it stands still', () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const watch = new LeaseWatch()
  const owner = 'elsewhere/1/token'
  for (let beat = 0; beat < 10; beat += 1) {
    expect(watch.isAlive(1, owner, beat)).toBe(true)
    now += 29_000
  }
  expect(watch.isAlive(1, owner, 9)).toBe(true)
  now += 2_000
  expect(watch.isAlive(1, owner, 9)).toBe(false)
  expect(watch.isAlive(1, owner, 10)).toBe(true)
})
