import { describe, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Alignment, VideoRules } from '../../../../main/api/index.ts'
import { compareRows } from '../../../../renderer/features/library/compare-rows.ts'
import { idRanges, idsOfRanges } from '../../../../renderer/features/library/inspector/id-ranges.ts'
import { useSelection } from '../../../../renderer/features/library/inspector/selection.ts'
import { ruleChips } from '../../../../renderer/features/library/rules/rule-chips.ts'
import { noRules, sameRules, useRulesInAddress } from '../../../../renderer/features/library/rules/rules-in-address.ts'
import { Scrub, scrubbed } from '../../../../renderer/features/library/scrub.ts'
import { t } from '../../../../renderer/locale/i18n.ts'

async function at<Used>(address: string, use: () => Used) {
  const page = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/library', name: 'library', component: page }],
  })
  await router.push(address)
  const used = createApp(page).use(router).runWithContext(use)
  const settled = async () => {
    await new Promise(resolve => setTimeout(resolve, 5))
    return router.currentRoute.value.fullPath
  }
  return { used, settled }
}

describe('numbers of videos in an address', () => {
  it.each([
    [[], ''],
    [[4], '4'],
    [[9, 3, 8, 7, 3], '3.7-9'],
  ])('%j as %j, and back', (ids, text) => {
    expect(idRanges(ids)).toBe(text)
    expect([...idsOfRanges(text)]).toEqual([...new Set(ids)].sort((a, b) => a - b))
  })

  it('are given up where they would make it too long, and bounded where someone else wrote it', () => {
    expect(idRanges(Array.from({ length: 10_000 }, (_, index) => index))).toBe('0-9999')
    expect(idRanges(Array.from({ length: 10_000 }, (_, index) => 2 * index))).toBeNull()
    expect(idsOfRanges('1-999999999').size).toBe(200_000)
    expect([...idsOfRanges('7.x.-3.5-2.1e9.8')]).toEqual([7, 8])
  })
})

describe('a selection', () => {
  const open = (address: string, loaded = 100) =>
    at(address, () =>
      useSelection({
        idAt: index => (index < loaded ? 10 + index : undefined),
        ids: async () => Array.from({ length: 100 }, (_, index) => 10 + index),
      }),
    )

  it('is one video, several, or all between two, and is in the address', async () => {
    const { used: selection, settled } = await open('/library')
    await selection.pick(2)
    await selection.pick(5)
    expect(selection.list.value).toEqual([15])
    await selection.pick(7, { toggle: true })
    await selection.pick(9, { toggle: true })
    await selection.pick(7, { toggle: true })
    expect(selection.list.value).toEqual([15, 19])
    await selection.pick(4, { range: true })
    expect(selection.list.value).toEqual([14, 15, 16, 17])
    expect(await settled()).toBe('/library?selected=14-17')
    selection.clear()
    expect(await settled()).toBe('/library')
  })

  it('asks for what is not loaded', async () => {
    const { used: selection } = await open('/library', 3)
    await selection.pick(1)
    await selection.pick(50, { range: true })
    expect(selection.ids.value.size).toBe(50)
    await selection.selectAll()
    expect(selection.ids.value.size).toBe(100)
  })

  it('that comes from another page takes the place of what the address says', async () => {
    const scattered = Array.from({ length: 3000 }, (_, index) => 2 * index)
    for (const [given, address] of [[[3, 4], '/library?selected=3-4'] as const, [scattered, '/library'] as const]) {
      const list = { idAt: () => undefined, ids: async () => [], given }
      const { used, settled } = await at('/library?selected=9', () => useSelection(list))
      expect(used.list.value).toEqual(given)
      expect(await settled()).toBe(address)
    }
  })

  it('is read from the address', async () => {
    expect((await open('/library?selected=3.5-6')).used.list.value).toEqual([3, 5, 6])
  })
})

describe('rules', () => {
  const rules: VideoRules = {
    ...noRules,
    text: 'cat',
    tags: ['indoor', 'two words'],
    withoutTags: ['night'],
    duration: { min: 60, max: null },
    lines: { min: null, max: 720 },
    captions: false,
    model: 'starter',
    sort: 'similar',
    similarTo: 7,
    reverse: true,
  }

  it('are in the address, and a reload has the same', async () => {
    const { used, settled } = await at('/library', useRulesInAddress)
    Object.assign(used.rules, rules)
    const address = await settled()
    expect(decodeURIComponent(address.replaceAll('+', ' '))).toBe(
      '/library?text=cat&tags=indoor,two words&without=night&model=starter&length=60-&lines=-720&captions=no&sort=similar&reverse=yes&like=7',
    )
    const again = (await at(address, useRulesInAddress)).used.now.value
    expect(sameRules(again, rules)).toBe(true)
    expect(sameRules(again, { ...rules, reverse: false })).toBe(false)
  })

  it('are chips, each of which takes one away', () => {
    const chips = ruleChips(rules, (word, values) => t(word, values ?? {}), String)
    expect(chips.map(({ text }) => text)).toEqual([
      '“cat”',
      'tag: indoor',
      'tag: two words',
      'not: night',
      'indexed with starter',
      'length at least 1 min',
      'at most 720p',
      'without captions',
    ])
    const left = chips.reduce((now, { without }) => ({ ...now, ...without }), rules)
    // Each was made for all of them together: of two tags either goes.
    expect(ruleChips(left, String, String)).toHaveLength(1)
    expect(ruleChips(noRules, String, String)).toEqual([])
  })
})

describe('scrubbing', () => {
  function pictures() {
    const loading: { path: string; settled: (loaded: boolean) => void }[] = []
    const given = vi.fn()
    const shown: (string | null)[] = []
    const scrub = new Scrub({
      load(path, settled) {
        loading.push({ path, settled })
        return given
      },
      show: path => shown.push(path),
    })
    return { scrub, loading, given, shown }
  }

  it('has one picture on its way, and after it goes on with the one wanted last', () => {
    const { scrub, loading, shown } = pictures()
    for (const path of ['1', '2', '3', '4']) scrub.want(path)
    expect(loading.map(({ path }) => path)).toEqual(['1'])
    loading[0]?.settled(true)
    expect(loading.map(({ path }) => path)).toEqual(['1', '4'])
    loading[1]?.settled(true)
    scrub.want('4')
    expect(loading).toHaveLength(2)
    expect(shown).toEqual(['1', '4'])
  })

  it('gives up what is on its way when the pointer leaves, and shows nothing that comes late', () => {
    const { scrub, loading, given, shown } = pictures()
    scrub.want('1')
    scrub.leave()
    expect(given).toHaveBeenCalledOnce()
    loading[0]?.settled(true)
    expect(shown).toEqual([null])
  })

  it('does not ask again and again for a picture that cannot be had', () => {
    const { scrub, loading } = pictures()
    scrub.want('1')
    loading[0]?.settled(false)
    expect(loading).toHaveLength(1)
    scrub.want('2')
    expect(loading).toHaveLength(2)
  })

  it('shows the frame of that place', () => {
    expect(scrubbed({ id: 3, duration: 240 }, 0)).toEqual({ time: 5, path: 'frame/3/5000' })
    expect(scrubbed({ id: 3, duration: 240 }, 0.5)).toEqual({ time: 125, path: 'frame/3/125000' })
    expect(scrubbed({ id: 3, duration: 240 }, 1)).toEqual({ time: 235, path: 'frame/3/235000' })
  })
})

it('compares sentences over videos on one scale', () => {
  const alignment = (videoId: number, similarity: number[][]) =>
    ({
      videoId,
      duration: 20,
      clips: [
        { start: 0, end: 10 },
        { start: 10, end: 20 },
      ],
      sentences: [{ text: 'one' }, { text: 'two' }],
      similarity,
    }) as unknown as Alignment
  const [one, two] = compareRows([
    alignment(1, [
      [0.5, 0.1],
      [0.2, 0.0],
    ]),
    alignment(2, [
      [0.1, 0.2],
      [0.3, 1.0],
    ]),
  ])
  expect(one?.videos.map(({ score, at: time, isBest }) => [score, time, isBest])).toEqual([
    [0.5, 0, true],
    [0.3, 10, false],
  ])
  expect(two?.videos.map(({ isBest }) => isBest)).toEqual([false, true])
  expect(two?.videos[1]?.cells).toEqual([
    { from: 0, to: 0.5, share: 0.2 },
    { from: 0.5, to: 1, share: 1 },
  ])
  expect(compareRows([])).toEqual([])
})
