import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { videoQuery, videoRules } from '../../../main/api/library/video-rules.ts'
import type { AskedVideoRules } from '../../../main/api/library/video-rules.ts'
import type { RuleAnswers } from '../../../main/library/videos/video-filter.ts'
import { info, keys, openTestLibrary, writeVideo } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

let test: TestLibrary
const page = (rules: AskedVideoRules = {}, answers?: RuleAnswers) =>
  test.library.list(videoQuery.parse(rules), keys, answers)
const names = (rules: AskedVideoRules = {}, answers?: RuleAnswers) =>
  page(rules, answers).videos.map(({ name }) => name.replace('.mp4', ''))
const idOf = (name: string) => page().videos.find(video => video.name === `${name}.mp4`)?.id ?? -1
const contentOf = (name: string) => test.library.records.contentOf(idOf(name)) ?? ''
const tag = (tagName: string, ...videos: string[]) =>
  test.library.tags.change([{ tag: tagName, videoIds: videos.map(idOf), tagged: true }])

/** Stands for an index job. */
function embed(name: string, { key = keys.overview, warnings = '[]' } = {}) {
  test.database
    .prepare(
      `INSERT INTO embeddings (content_id, key, pass, model_hash, rows, warnings, created_at)
       SELECT content_id, ?, 'overview', 'hash', 1, ?, 0 FROM videos WHERE name = ?`,
    )
    .run([key, warnings, `${name}.mp4`])
}

/** Each video differs from the others in what one rule asks for. */
beforeAll(async () => {
  const shapes: Record<string, Partial<typeof info>> = {
    long: { duration: 600 },
    tall: { width: 1080, height: 1920 },
    small: { width: 320, height: 240, frameRate: 60 },
    plain: {},
  }
  test = openTestLibrary(async file => ({ ...info, ...shapes[/(\w+)\.mp4$/.exec(file)?.[1] ?? ''] }))
  writeFileSync(join(test.videos, 'long.txt'), 'A cat sleeps.\nIt wakes up.\n')
  writeFileSync(join(test.videos, 'tall.txt'), 'A cat.\n')
  for (const name of Object.keys(shapes)) writeVideo(join(test.videos, `${name}.mp4`))
  await test.library.addFolder(test.videos)
  await test.scan()
  embed('long')
  embed('tall', { warnings: '["3 frames were replaced."]' })
  embed('small', { key: 'other-key' })
  tag('cat', 'long', 'tall')
  tag('night', 'tall', 'small')
})

afterAll(() => test.close())

it.each<[AskedVideoRules, string[]]>([
  [{ tags: ['cat'] }, ['long', 'tall']],
  [{ tags: ['cat', 'night'] }, ['tall']],
  [{ tags: ['cat'], withoutTags: ['night'] }, ['long']],
  [{ withoutTags: ['cat', 'night'] }, ['plain']],
  [{ tags: ['no such tag'] }, []],
  [{ duration: { min: 11, max: null } }, ['long']],
  [{ duration: { min: null, max: 10 } }, ['plain', 'small', 'tall']],
  // The shorter side, whichever way the picture stands.
  [{ lines: { min: 1080, max: null } }, ['tall']],
  [{ lines: { min: 300, max: 720 } }, ['long', 'plain']],
  [{ captions: true }, ['long', 'tall']],
  [{ captions: false }, ['plain', 'small']],
  [{ warnings: true }, ['tall']],
  [{ warnings: false }, ['long', 'plain', 'small']],
  [{ state: 'indexed' }, ['long', 'tall']],
  [{ state: 'not-indexed', tags: ['night'] }, ['small']],
  [{ text: 'cat', lines: { min: 1080, max: null } }, ['tall']],
  [{ text: 'cat', captions: true, tags: ['cat'], withoutTags: ['night'], duration: { min: 60, max: 700 } }, ['long']],
])('selects by %j', (rules, expected) => {
  expect(names(rules)).toEqual(expected)
  expect(page(rules).total).toBe(expected.length)
  expect(test.library.ids(videoRules.parse(rules), keys)).toEqual(expected.map(idOf))
  expect(test.library.count(videoRules.parse(rules), keys)).toBe(expected.length)
})

it('asks for a model by its own keys, and finds nothing of one that is gone', () => {
  const modelKeys = { overview: 'other-key', dense: 'other-dense' }
  expect(names({ model: 'other' }, { modelKeys })).toEqual(['small'])
  expect(names({ model: 'gone' }, { modelKeys: null })).toEqual([])
})

it.each<[AskedVideoRules['sort'], string[]]>([
  ['name', ['long', 'plain', 'small', 'tall']],
  ['resolution', ['tall', 'long', 'plain', 'small']],
  ['rate', ['small']],
  ['captions', ['long', 'tall']],
  ['longest', ['long']],
])('sorts by %s, and the other way round', (sort, first) => {
  const sorted = names({ sort })
  // Of equals either may be the first.
  if (sort === 'resolution') expect([sorted[0], sorted.at(-1)]).toEqual(['tall', 'small'])
  else expect(sorted.slice(0, first.length)).toEqual(first)
  expect(names({ sort, reverse: true })).toEqual(sorted.toReversed())
})

it('sorts by a similarity, what has none last either way, page by page', () => {
  const scores = new Map([
    [contentOf('small'), 0.9],
    [contentOf('long'), -0.2],
    [contentOf('tall'), 0.4],
  ])
  expect(names({ sort: 'similar' }, { scores })).toEqual(['small', 'tall', 'long', 'plain'])
  expect(page({ sort: 'similar' }, { scores }).scores).toEqual([0.9, 0.4, -0.2, null])
  expect(names({ sort: 'score', reverse: true }, { scores })).toEqual(['long', 'tall', 'small', 'plain'])
  const second = test.library.list(videoQuery.parse({ sort: 'similar', offset: 1, limit: 1 }), keys, { scores })
  expect([second.total, second.videos[0]?.name, second.scores]).toEqual([4, 'tall.mp4', [0.4]])
  expect(page({ sort: 'similar', tags: ['night'] }, { scores }).scored).toBe(2)
  expect([page().scores, page().scored]).toEqual([null, null])
})

it('sorts by an evaluation, which knows videos by their files', () => {
  const scores = new Map(['small', 'tall'].map((name, place) => [join(test.videos, `${name}.mp4`), place / 2]))
  expect(names({ sort: 'evaluation' }, { scores }).slice(0, 2)).toEqual(['tall', 'small'])
  const reversed = page({ sort: 'evaluation', reverse: true }, { scores })
  expect([reversed.scores, reversed.scored]).toEqual([[0, 0.5, null, null], 2])
})

it('is kept as views, which select anew, and are renamed and deleted', () => {
  const rules = videoRules.parse({ tags: ['cat'], sort: 'longest' })
  const { id } = test.library.views.save('Cats', rules)
  expect(test.library.views.list()).toEqual([{ id, name: 'Cats', rules }])
  expect(test.library.count(rules, keys)).toBe(2)
  tag('cat', 'plain')
  expect(test.library.count(rules, keys)).toBe(3)
  const other = test.library.views.save('Other', videoRules.parse({}))
  expect(() => test.library.views.rename(other.id, 'Cats')).toThrow(/another view called/)
  test.library.views.rename(id, 'All cats')
  test.library.views.remove(other.id)
  expect(test.library.views.list().map(({ name }) => name)).toEqual(['All cats'])
  expect(() => test.library.views.rename(other.id, 'Gone')).toThrow(/no view/)
})
