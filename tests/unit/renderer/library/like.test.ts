import { expect, it } from 'vitest'
import { addressOfLike, likeOfAddress } from '../../../../renderer/features/search/query/like.ts'

it('pictures that are searched with stand in the address, and nothing else is taken for them', () => {
  for (const like of [
    { source: { kind: 'video', videoId: 12 }, start: null, end: null },
    { source: { kind: 'video', videoId: 12 }, start: 3.25, end: 8 },
    { source: { kind: 'upload', upload: '0a1b2c' }, start: null, end: 2 },
  ] as const) {
    expect(likeOfAddress(addressOfLike(like))).toEqual(like)
  }
  for (const like of ['', 'video.', 'video.x', 'upload.../..', 'folder.3', 'video.1.2']) {
    expect(likeOfAddress({ like })).toBeNull()
  }
  expect(likeOfAddress({ like: 'video.3', from: '-1', to: 'x' })).toMatchObject({ start: null, end: null })
})
