import { describe, expect, it } from 'vitest'
import { addressOfQuery, queryOfAddress } from '../../../../renderer/features/search/query/search-query.ts'

describe('a search in the address', () => {
  it('is read back as it was written', () => {
    const searches = [
      { text: 'a dog runs', level: 'video', top: '24', folder: null },
      { text: 'Ein Hund? & mehr', level: 'moment', top: '500', folder: 3 },
      { text: '', level: 'moment', top: '10', folder: null },
    ] as const
    for (const search of searches) expect(queryOfAddress(addressOfQuery(search))).toEqual(search)
  })

  it('is short where nothing else than usual is asked for', () => {
    expect(addressOfQuery({ text: 'a dog', level: 'video', top: '24', folder: null })).toEqual({ q: 'a dog' })
  })

  it('falls back on the usual search where somebody changed the address', () => {
    expect(queryOfAddress({ q: ['one', 'two'], level: 'scene', top: '7', folder: 'x' })).toEqual({
      text: '',
      level: 'video',
      top: '24',
      folder: null,
    })
    expect(queryOfAddress({})).toEqual({ text: '', level: 'video', top: '24', folder: null })
  })
})
