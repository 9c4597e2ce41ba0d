import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { VideoQuery } from '../../../../main/api/index.ts'
import { useVideoPages } from '../../../../renderer/features/library/video-pages.ts'
import type { VideoFilter } from '../../../../renderer/features/library/video-pages.ts'

/** A library of a thousand videos, which are their numbers; `failure`: why it does not answer. */
const library = vi.hoisted(() => ({ asked: [] as { offset: number; text: string }[], failure: null as Error | null }))
vi.mock('../../../../renderer/client/client.ts', () => ({
  client: {
    library: {
      videos: async ({ text, offset, limit }: VideoQuery) => {
        library.asked.push({ offset, text: text ?? '' })
        if (library.failure) throw library.failure
        return { total: 1000, videos: Array.from({ length: limit }, (_, index) => `${text}${offset + index}`) }
      },
    },
  },
}))

beforeEach(() => Object.assign(library, { asked: [], failure: null }))

function open() {
  const filter = ref<VideoFilter>({ text: '', folderId: null, state: 'all', sort: 'name' })
  const revision = ref(0)
  const scope = effectScope()
  const pages = scope.run(() => useVideoPages(filter, revision))!
  return { filter, revision, pages, close: () => scope.stop() }
}
const offsets = () => library.asked.map(({ offset }) => offset)

describe('a long list of videos', () => {
  it('is read where it is looked at, each part once', async () => {
    const { pages, close } = open()
    await vi.waitFor(() => expect(pages.total.value).toBe(1000))
    expect(pages.at.value(199)).toBe('199')
    expect(pages.at.value(410)).toBeUndefined()
    pages.see(390, 420)
    await vi.waitFor(() => expect(pages.at.value(410)).toBe('410'))
    pages.see(380, 430)
    expect(offsets()).toEqual([0, 200, 400])
    close()
  })

  it('is read anew from its beginning when something else is asked for', async () => {
    const { filter, pages, close } = open()
    pages.see(600, 620)
    await vi.waitFor(() => expect(pages.at.value(610)).toBe('610'))
    library.asked = []
    filter.value.text = 'dog '
    await nextTick()
    expect(pages.at.value(610)).toBeUndefined()
    await vi.waitFor(() => expect(pages.at.value(3)).toBe('dog 3'))
    expect(library.asked).toEqual([{ offset: 0, text: 'dog ' }])
    close()
  })

  it('keeps what is in sight while it is read again after a change of the library', async () => {
    const { revision, pages, close } = open()
    pages.see(600, 620)
    await vi.waitFor(() => expect(pages.at.value(610)).toBe('610'))
    library.asked = []
    revision.value += 1
    await nextTick()
    expect(pages.at.value(610)).toBe('610')
    // What is out of sight may have changed as well, and is forgotten.
    expect(pages.at.value(10)).toBeUndefined()
    expect(offsets()).toEqual([600])
    close()
  })

  it('says why nothing comes, and asks again for what it did not get', async () => {
    library.failure = Object.assign(new Error('The library is busy.'), { code: 'EXPECTED' })
    const { pages, close } = open()
    await vi.waitFor(() => expect(pages.problem.value?.sentence).toBe('The library is busy.'))
    library.failure = null
    pages.see(0, 10)
    await vi.waitFor(() => expect(pages.at.value(5)).toBe('5'))
    expect(pages.problem.value).toBeNull()
    close()
  })
})
