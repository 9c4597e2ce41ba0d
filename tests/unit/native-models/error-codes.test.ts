import { expect, it } from 'vitest'
import { errorCodes } from '../../../native-models/error-codes.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

const codes = Object.values(errorCodes).flat()

it('a code stands in the list once, and no two say one thing in another order of words', () => {
  const words = codes.map(code => code.split('-').sort().join(' '))
  expect(new Set(words).size).toBe(codes.length)
})

it('a misspelt code does not compile', () => {
  const error = new ExpectedError('disk-full', 'The disk that holds /tmp is full; free some space.')
  // @ts-expect-error there is no such code
  const misspelt = new ExpectedError('disk-ful', 'The disk that holds /tmp is full; free some space.')
  // @ts-expect-error nor can one be compared with
  const isMisspelt = error.code === 'disk_full'
  expect([error.code, isMisspelt]).toEqual(['disk-full', false])
  expect(codes).not.toContain(misspelt.code)
})
