import { expect, test, vi } from 'vitest'
import type { PressedKey } from '../../../../renderer/locale/key-stroke.ts'
import { matching, paletteList } from '../../../../renderer/shell/palette/entries.ts'
import type { Entry } from '../../../../renderer/shell/palette/entries.ts'

vi.stubGlobal('navigator', { userAgent: 'Linux' })
const { shownKeys, strokeOf } = await import('../../../../renderer/locale/key-stroke.ts')

const press = (key: string, more: Partial<PressedKey> = {}): PressedKey => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

test.each<[string, PressedKey, boolean, string | null]>([
  ['a letter', press('k'), false, 'K'],
  ['Caps Lock changes nothing', press('K'), false, 'K'],
  ['a letter with Shift', press('K', { shiftKey: true }), false, 'Shift+K'],
  ['a sign that needs Shift', press('?', { shiftKey: true }), false, '?'],
  ['Ctrl elsewhere', press('k', { ctrlKey: true }), false, 'Mod+K'],
  ['⌘ on a Mac', press('k', { metaKey: true }), true, 'Mod+K'],
  ['Ctrl on a Mac', press('k', { ctrlKey: true }), true, 'Ctrl+K'],
  ['space', press(' '), false, 'Space'],
  ['an arrow with Shift', press('ArrowLeft', { shiftKey: true }), false, 'Shift+ArrowLeft'],
  ['a Cyrillic layout', press('л', { code: 'KeyK', ctrlKey: true }), false, 'Mod+K'],
  ['Alt on a Mac, which types other letters', press('¬', { code: 'KeyL', altKey: true }), true, 'Alt+L'],
  ['AZERTY, where the letter says it', press('a', { code: 'KeyQ' }), false, 'A'],
  ['a modifier alone', press('Shift', { shiftKey: true }), false, null],
  ['an accent that waits for its letter', press('Dead'), false, null],
])('a pressed key is named: %s', (_, event, onMac, stroke) => {
  expect(strokeOf(event, onMac)).toBe(stroke)
})

test('a binding is shown as the keys of the machine', () => {
  expect(shownKeys('Mod+K', false)).toEqual([['Ctrl', 'K']])
  expect(shownKeys('Mod+Shift+K', true)).toEqual([['⌘', '⇧', 'K']])
  expect(shownKeys('G L', false)).toEqual([['G'], ['L']])
  expect(shownKeys('Mod++', false)).toEqual([['Ctrl', '+']])
  expect(shownKeys('ArrowLeft', false)).toEqual([['←']])
})

const entry = (title: string, kind = 'Action', words = ''): Entry => ({
  id: title,
  title,
  kind,
  words,
  run: () => undefined,
})
const entries = [
  entry('Go to Settings'),
  entry('Theme: Dark'),
  entry('Theme', 'Setting'),
  entry('Dense sampling rate', 'Setting'),
  entry('lf-vila_stage1', 'Model', 'pre-training'),
]
const titles = (list: readonly Entry[]) => list.map(({ title }) => title)

test('every typed word begins a word of what is found, in any order', () => {
  expect(titles(matching('sett go', entries))).toEqual(['Go to Settings'])
  expect(titles(matching('stage1', entries))).toEqual(['lf-vila_stage1'])
  expect(titles(matching('PRE', entries))).toEqual(['lf-vila_stage1'])
  expect(titles(matching('ettings', entries))).toEqual([])
  expect(titles(matching(' ', entries))).toEqual(titles(entries))
})

test('what begins with the typed text comes before what contains it, and that before what is said of it alone', () => {
  expect(titles(matching('the', entries))).toEqual(['Theme: Dark', 'Theme'])
  expect(titles(matching('setting', entries))).toEqual(['Go to Settings', 'Theme', 'Dense sampling rate'])
})

test('Chinese has no spaces: what is typed may stand anywhere in a title', () => {
  const chinese = [entry('语言：English'), entry('主题：深色'), entry('查找新增和改动的文件')]
  expect(titles(matching('english', chinese))).toEqual(['语言：English'])
  expect(titles(matching('深色', chinese))).toEqual(['主题：深色'])
  expect(titles(matching('改动', chinese))).toEqual(['查找新增和改动的文件'])
})

test('searching the library comes first, unless something is called so', () => {
  const search = entry('Search')
  const videos = [entry('theme-park.mp4', 'Video')]
  const list = (typed: string) => titles(paletteList(typed, { search, entries, videos }))
  expect(list('theme')).toEqual(['Theme: Dark', 'Theme', 'Search', 'theme-park.mp4'])
  expect(list('dark')).toEqual(['Search', 'Theme: Dark', 'theme-park.mp4'])
  expect(list('theme-park')).toEqual(['theme-park.mp4', 'Search'])
  expect(list('a red star rises')).toEqual(['Search', 'theme-park.mp4'])
  // Two letters may still become a sentence.
  expect(list('th')[0]).toBe('Search')
})
