import { describe, expect, it } from 'vitest'
import { decodeAhead } from '../../../main/retrieval/decode-ahead.ts'

async function* numbers(log: string[], failAt = Infinity): AsyncGenerator<number> {
  try {
    for (let number = 1; number <= 10; number += 1) {
      if (number === failAt) throw new Error(`no number ${number}`)
      log.push(`make ${number}`)
      yield number
    }
  } finally {
    log.push('closed')
  }
}

describe('decodeAhead', () => {
  it('gives every item in order, making a few ahead', async () => {
    const log: string[] = []
    const taken: number[] = []
    for await (const number of decodeAhead(numbers(log), 3, () => undefined)) {
      if (taken.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        expect(log).toEqual(['make 1', 'make 2', 'make 3', 'make 4'])
      }
      taken.push(number)
    }
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(log.at(-1)).toBe('closed')
  })

  it('gives what came before a failure, then the failure', async () => {
    const taken: number[] = []
    await expect((async () => {
      for await (const number of decodeAhead(numbers([], 4), 3, () => undefined)) taken.push(number)
    })()).rejects.toThrow('no number 4')
    expect(taken).toEqual([1, 2, 3])
  })

  it('stops and closes the source when the caller leaves', async () => {
    const log: string[] = []
    for await (const number of decodeAhead(numbers(log), 2, () => log.push('stop'))) if (number === 2) break
    expect(log.filter((line) => line.startsWith('make')).length).toBeLessThanOrEqual(4)
    expect(log.slice(-2)).toEqual(['stop', 'closed'])
  })
})
