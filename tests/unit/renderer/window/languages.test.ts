import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { en } from '../../../../renderer/locale/en.ts'
import {
  formatAmount,
  formatCount,
  formatDate,
  formatProgress,
  formatSpan,
} from '../../../../renderer/locale/format.ts'
import { i18n, setLanguage, t } from '../../../../renderer/locale/i18n.ts'
import { zh } from '../../../../renderer/locale/zh.ts'

/** Every sentence by the path of its key. */
function sentences(words: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
      const at = path === '' ? key : `${path}.${key}`
      return typeof value === 'string' ? [[at, value] as const] : [...sentences(value as object, at)]
    }),
  )
}
/** What a sentence leaves open, each once: `{count}`. */
const open = (sentence: string): string[] => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort()

const [english, chinese] = [sentences(en), sentences(zh)]

describe('Chinese', () => {
  it('has every sentence of the English window, and no other', () => {
    expect([...english.keys()].filter(key => !chinese.has(key))).toEqual([])
    expect([...chinese.keys()].filter(key => !english.has(key))).toEqual([])
  })

  it('leaves open what English leaves open', () => {
    const differing = [...chinese].filter(([key, text]) => open(text).join() !== open(english.get(key) ?? '').join())
    expect(differing.map(([key]) => key)).toEqual([])
  })
})

it('writes dates and numbers as each language does', () => {
  vi.stubGlobal('document', { documentElement: {} })
  const written = () => [formatDate(Date.UTC(2026, 10, 29, 12)), formatCount(1234567), formatAmount(1036, 'videos')]
  expect(written()).toEqual([expect.stringMatching(/^Nov 29, 2026, /), '1,234,567', '1,036 videos'])
  setLanguage('zh')
  expect(written()).toEqual([expect.stringMatching(/^2026年11月29日/), '1,234,567', '1,036 个视频'])
  setLanguage('en')
  vi.unstubAllGlobals()
})

describe('in Chinese', () => {
  beforeEach(() => {
    vi.stubGlobal('document', { documentElement: {} })
    setLanguage('zh')
  })
  afterEach(() => {
    setLanguage('en')
    vi.unstubAllGlobals()
  })

  it('one form serves every number, and none has its own where it differs', () => {
    expect(document.documentElement.lang).toBe('zh-CN')
    expect([0, 1, 7].map(n => t('status.videos', { count: n }, n))).toEqual(['0 个视频', '1 个视频', '7 个视频'])
    expect([0, 1, 7].map(n => t('paragraph.count', { n }, n))).toEqual(['没有句子', '1 个句子', '7 个句子'])
  })

  it('progress, durations and dates follow', () => {
    const progress = { done: 214, total: 1036, unit: 'videos', rate: 3.1, secondsLeft: 265 }
    expect(formatProgress({ ...progress, current: null } as Parameters<typeof formatProgress>[0])).toBe(
      '214/1,036 个视频 · 3.1/秒 · 剩余 4 分 25 秒',
    )
    expect(formatSpan(7300)).toBe('2 小时 1 分')
    expect(formatDate(Date.UTC(2026, 10, 29, 12))).toMatch(/^2026年11月29日/)
  })

  it('a unit that has no word of its own is shown as it came', () => {
    const progress = { done: 1, total: 2, unit: 'parsecs', rate: null, secondsLeft: null, current: null }
    expect(formatProgress(progress as Parameters<typeof formatProgress>[0])).toBe('1/2 parsecs')
    expect(i18n.global.te('format.unit.parsecs')).toBe(false)
  })
})
