import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { takePictureTurn } from '../../../../renderer/ui/pictures/picture-turns.ts'

const begun: string[] = []
const ends = new Map<string, () => void>()
const take = (name: string) =>
  ends.set(
    name,
    takePictureTurn(() => begun.push(name)),
  )
const end = (name: string) => ends.get(name)?.()

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  for (const name of ends.keys()) end(name)
  ends.clear()
  begun.length = 0
  vi.useRealTimers()
})

it('lets three pictures load at a time, in the order in which they came', () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) take(name)
  expect(begun).toEqual(['a', 'b', 'c'])
  end('b')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
  // Twice is once, and who leaves the queue is passed over.
  end('b')
  end('e')
  end('a')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f'])
})

it('gives the turn back when nobody waits', () => {
  for (const name of ['a', 'b', 'c']) take(name)
  for (const name of ['a', 'b', 'c']) end(name)
  for (const name of ['d', 'e', 'f', 'g']) take(name)
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

it('does not wait for pictures that do not come', () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) take(name)
  vi.advanceTimersByTime(14_000)
  expect(begun).toEqual(['a', 'b', 'c'])
  vi.advanceTimersByTime(2000)
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
  // A picture that comes late has no turn to give back.
  end('a')
  take('f')
  take('g')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})
