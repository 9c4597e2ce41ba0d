import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AskedVideoRules } from '../../../main/api/library/video-rules.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { putBackVideos, rereadVideos } from '../../../main/library/scanning/scan-job.ts'
import { keys, openTestLibrary, writeVideo } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

let test: TestLibrary
beforeEach(() => {
  test = openTestLibrary()
})
afterEach(() => test.close())

const page = (rules: AskedVideoRules = {}) => test.library.list(videoQuery.parse(rules), keys)
const names = (rules: AskedVideoRules = {}) => page(rules).videos.map(({ name }) => name.replace('.mp4', ''))
const idOf = (name: string) => page().videos.find(video => video.name === `${name}.mp4`)?.id ?? -1
const tagsOf = (name: string) => page().videos.find(video => video.name === `${name}.mp4`)?.tags
const tag = (tagName: string, ...videos: string[]) =>
  test.library.tags.change([{ tag: tagName, videoIds: videos.map(idOf), tagged: true }])

async function openFolder(...videos: string[]) {
  for (const name of videos) writeVideo(join(test.videos, `${name}.mp4`))
  await test.library.addFolder(test.videos)
  await test.scan()
}
/** Stands for an index job. */
function embed(name: string) {
  test.database
    .prepare(
      `INSERT INTO embeddings (content_id, key, pass, model_hash, rows, created_at)
       SELECT content_id, ?, 'overview', 'hash', 1, 0 FROM videos WHERE name = ?`,
    )
    .run([keys.overview, `${name}.mp4`])
}
const contentOf = (name: string) => test.library.records.contentOf(idOf(name)) ?? ''

describe('tags', () => {
  it('are given and taken; what is told is what changed, and turned round it undoes that', async () => {
    await openFolder('a', 'b', 'c')
    tag('indoor', 'a')
    const changed = test.library.tags.change([
      { tag: ' Indoor  ', videoIds: [idOf('a'), idOf('b'), idOf('b'), 9999], tagged: true },
      { tag: 'two words', videoIds: [idOf('c')], tagged: true },
    ])
    // One spelling of a tag, and what was so before is no change.
    expect(changed).toEqual([
      { tag: 'indoor', videoIds: [idOf('b')], tagged: true },
      { tag: 'two words', videoIds: [idOf('c')], tagged: true },
    ])
    expect(test.library.tags.list()).toEqual([
      { tag: 'indoor', videos: 2 },
      { tag: 'two words', videos: 1 },
    ])
    test.library.tags.change(changed.map(change => ({ ...change, tagged: !change.tagged })))
    expect(test.library.tags.list()).toEqual([{ tag: 'indoor', videos: 1 }])
    expect(tagsOf('a')).toEqual(['indoor'])
  })

  it.each(['', '  ', 'a,b', 'line\nbreak\u0000', 'x'.repeat(65)])('refuse %j, and then change nothing', async bad => {
    await openFolder('a')
    const change = (tagName: string) => ({ tag: tagName, videoIds: [idOf('a')], tagged: true })
    expect(() => test.library.tags.change([change('good'), change(bad)])).toThrow(/cannot be a tag/)
    expect(test.library.tags.list()).toEqual([])
  })

  it('stay when a file changes, is moved within a scan or between two, or is of no use for a while', async () => {
    await openFolder('changed', 'moved', 'moved later', 'broken')
    for (const name of ['changed', 'moved', 'moved later', 'broken']) tag('kept', name)
    writeVideo(join(test.videos, 'changed.mp4'))
    renameSync(join(test.videos, 'moved.mp4'), join(test.videos, 'renamed.mp4'))
    const elsewhere = join(test.directory, 'elsewhere.mp4')
    renameSync(join(test.videos, 'moved later.mp4'), elsewhere)
    writeFileSync(join(test.videos, 'broken.mp4'), 'nothing')
    await test.scan()
    // A second scan forgets what is missing and was never embedded.
    await test.scan()
    renameSync(elsewhere, join(test.videos, 'back.mp4'))
    writeVideo(join(test.videos, 'broken.mp4'))
    await test.scan()
    expect(names({ tags: ['KEPT'] }).sort()).toEqual(['back', 'broken', 'changed', 'renamed'])
  })

  it('go to the copy when the file that had them is deleted', async () => {
    writeVideo(join(test.videos, 'first.mp4'), 'same content')
    writeVideo(join(test.videos, 'copy.mp4'), 'same content')
    await openFolder()
    tag('seen', 'first')
    rmSync(join(test.videos, 'first.mp4'))
    await test.scan()
    await test.scan()
    expect(names()).toEqual(['copy'])
    expect(tagsOf('copy')).toEqual(['seen'])
  })

  it('come back with a folder that was removed and opened again', async () => {
    await openFolder('a', 'b')
    tag('keep', 'b')
    await test.library.removeFolder(test.library.folders()[0]?.id ?? -1)
    expect(test.library.tags.list()).toEqual([])
    await openFolder()
    expect([tagsOf('a'), tagsOf('b')]).toEqual([[], ['keep']])
  })
})

describe('a video taken off the list', () => {
  it('stays off through scans, its file untouched, and comes back with its tags and embeddings', async () => {
    await openFolder('a', 'b')
    tag('mine', 'a')
    embed('a')
    const path = join(test.videos, 'a.mp4')
    expect(test.library.removed.remove([idOf('a')])).toEqual([path])
    await test.scan()
    expect(names()).toEqual(['b'])
    const { jobId } = putBackVideos(test.library, test.queue, [path])
    await test.queue.wait(jobId)
    expect(names()).toEqual(['a', 'b'])
    expect(page().videos[0]).toMatchObject({ tags: ['mine'], overview: 'indexed' })
    expect(test.library.removed.list()).toEqual([])
  })

  it('goes with its folder, embeddings and all', async () => {
    await openFolder('a', 'b')
    embed('a')
    const content = contentOf('a')
    test.library.removed.remove([idOf('a')])
    expect(await test.library.removeFolder(test.library.folders()[0]?.id ?? -1)).toContain(content)
    await openFolder()
    expect(names()).toEqual(['a', 'b'])
  })

  it('comes back when it is opened by itself', async () => {
    await openFolder('a')
    test.library.removed.remove([idOf('a')])
    await test.library.openVideo(join(test.videos, 'a.mp4'))
    await test.scan()
    expect(names()).toEqual(['a'])
    expect(test.library.removed.list()).toEqual([])
  })
})

it('reads chosen files again, and those only', async () => {
  await openFolder('a', 'b')
  embed('a')
  tag('mine', 'a')
  test.probed.length = 0
  await test.queue.wait(rereadVideos(test.library, test.queue, [idOf('a')]).jobId)
  expect(test.probed).toEqual([join(test.videos, 'a.mp4')])
  expect(page().videos[0]).toMatchObject({ state: 'ready', tags: ['mine'], overview: 'indexed' })
})
