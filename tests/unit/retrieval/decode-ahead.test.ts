import { describe, expect, it } from 'vitest'
import { decodeAhead, oneAfterTheOther } from '../../../main/retrieval/embedding/decode-ahead.ts'

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
        await new Promise(resolve => setTimeout(resolve, 10))
        expect(log).toEqual(['make 1', 'make 2', 'make 3', 'make 4'])
      }
      taken.push(number)
    }
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(log.at(-1)).toBe('closed')
  })

  it('gives what came before a failure, then the failure', async () => {
    const taken: number[] = []
    await expect(
      (async () => {
        for await (const number of decodeAhead(numbers([], 4), 3, () => undefined)) taken.push(number)
      })(),
    ).rejects.toThrow('no number 4')
    expect(taken).toEqual([1, 2, 3])
  })

  it('stops and closes the source when the caller leaves', async () => {
    const log: string[] = []
    for await (const number of decodeAhead(numbers(log), 2, () => log.push('stop'))) if (number === 2) break
    expect(log.filter(line => line.startsWith('make')).length).toBeLessThanOrEqual(4)
    expect(log.slice(-2)).toEqual(['stop', 'closed'])
  })
})

describe('oneAfterTheOther', () => {
  async function* letters(name: string, log: string[], count = 2): AsyncGenerator<string> {
    try {
      log.push(`open ${name}`)
      for (let number = 1; number <= count; number += 1) yield `${name}${number}`
    } finally {
      log.push(`close ${name}`)
    }
  }
  const sources = (log: string[]) => [
    () => letters('a', log),
    () => letters('b', log, 0),
    () => letters('c', log),
    () => letters('d', log),
  ]

  it('gives all items in order, and opens the next source while one gives its items', async () => {
    const log: string[] = []
    const taken: string[] = []
    for await (const item of oneAfterTheOther(sources(log))) {
      taken.push(item)
      if (item === 'a1') expect(log).toEqual(['open a', 'open b', 'close b'])
      if (item === 'c1') expect(log.slice(-2)).toEqual(['open c', 'open d'])
    }
    expect(taken).toEqual(['a1', 'a2', 'c1', 'c2', 'd1', 'd2'])
    expect(log.filter(line => line.startsWith('close'))).toHaveLength(4)
  })

  it('closes the source in use and the one opened ahead when the caller leaves, and opens no other', async () => {
    const log: string[] = []
    for await (const item of oneAfterTheOther(sources(log))) if (item === 'c1') break
    expect(log).toEqual(['open a', 'open b', 'close b', 'close a', 'open c', 'open d', 'close c', 'close d'])
  })

  it('gives a failure of a source opened ahead when its turn has come', async () => {
    const failing = async function* (): AsyncGenerator<string> {
      throw new Error('no such file')
    }
    const taken: string[] = []
    await expect(
      (async () => {
        for await (const item of oneAfterTheOther([() => letters('a', []), failing])) taken.push(item)
      })(),
    ).rejects.toThrow('no such file')
    expect(taken).toEqual(['a1', 'a2'])
  })
})
