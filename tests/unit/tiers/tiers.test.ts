import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Caption } from '../../../main/api/library/library.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { CaptionEditing } from '../../../main/library/editing/caption-editing.ts'
import { readElanFile } from '../../../main/reading-process/files/elan-file.ts'
import { elanTiersOf } from '../../../main/tiers/elan-tiers.ts'
import { Tiers } from '../../../main/tiers/tiers.ts'
import { keys, openTestLibrary, writeVideo } from '../library/open-library.ts'
import type { TestLibrary } from '../library/open-library.ts'

const walks: Caption = { text: 'walks', start: 1, end: 2.4 }
const waits: Caption = { text: 'waits & “looks”', start: 2.5, end: 4 }
const nothing = { done: [], undone: [] }

let test: TestLibrary
let tiers: Tiers
let id: number
const at = (name: string) => join(test.directory, name)
const opened = () =>
  new Tiers({ database: test.database, library: test.library, captions: new CaptionEditing(test.library) })
const listed = () => test.library.list(videoQuery.parse({}), keys).videos

/** A tier with these spans. */
function filled(name: string, spans: Caption[]) {
  const tier = tiers.add(id, name)
  tiers.keep({ id: tier.id, revision: tier.revision, spans, ...nothing })
  return tier.id
}

beforeEach(async () => {
  test = openTestLibrary()
  writeVideo(join(test.videos, 'clip.mp4'))
  writeFileSync(join(test.videos, 'clip.srt'), '1\n00:00:01,000 --> 00:00:03,000\nA man walks.\n')
  await test.library.addFolder(test.videos)
  await test.scan()
  id = listed()[0]?.id ?? -1
  tiers = opened()
})
afterEach(() => test.close())

describe('tiers', () => {
  it('are kept with their steps, and belong to the content, whatever the file is called', async () => {
    const { id: tierId, revision } = tiers.add(id, '  gestures ')
    const step = { what: 'create' as const, at: 0, removed: [], inserted: [walks] }
    expect(tiers.keep({ id: tierId, revision, spans: [walks], done: [step], undone: [] })).toEqual({ revision: 1 })
    const kept = { id: tierId, name: 'gestures', revision: 1, spans: [walks], done: [step], undone: [] }
    expect(opened().list(id)).toEqual([kept])

    renameSync(join(test.videos, 'clip.mp4'), join(test.videos, 'other name.mp4'))
    await test.scan()
    const renamed = listed().find(({ name }) => name === 'other name.mp4')?.id ?? -1
    expect(tiers.list(renamed)).toEqual([kept])
  })

  it('are renamed, removed, and put back with what they held', () => {
    const first = filled('gestures', [walks])
    tiers.add(id, 'speakers')
    expect(() => tiers.rename(first, 'speakers')).toThrow('A tier of this video is called ‘speakers’ already')
    tiers.add(id, '\ud800')
    expect(() => tiers.add(id, '\ud800')).toThrow(/^A tier of this video is called/)
    tiers.remove(tiers.list(id).at(-1)?.id ?? -1)
    expect(tiers.rename(first, 'hands').name).toBe('hands')
    const { name, spans, done, undone } = tiers.remove(first)
    expect(tiers.list(id).map(one => one.name)).toEqual(['speakers'])
    expect(() => tiers.rename(first, 'x')).toThrow('is not there any more')
    tiers.add(id, name, { spans, done, undone })
    expect(tiers.list(id)).toMatchObject([{ name: 'speakers' }, { name: 'hands', spans: [walks] }])
  })

  it('are not written over by a window that comes too late', () => {
    const tier = filled('gestures', [walks])
    expect(() => tiers.keep({ id: tier, revision: 0, spans: [], ...nothing })).toThrow('edited in another window')
    expect(tiers.list(id)[0]?.spans).toEqual([walks])
  })
})

describe('tiers as files', () => {
  it('go to a session of ELAN and come back as they were, under names that are free', async () => {
    filled('gestures', [walks, waits])
    filled('speaker <A>', [{ text: 'Ann', start: 0.5, end: 9 }])
    const path = at('out.eaf')
    const asked = { videoId: id, as: 'elan' as const, path, overwrite: false, captions: true }
    expect(await tiers.write(asked)).toMatchObject({ tiers: 3, spans: 4, labellingInterface: null })
    const before = readFileSync(path)
    await expect(tiers.write(asked)).rejects.toThrow('exists already')
    const taken = await tiers.read(id, { path, names: ['gestures', 'speaker <A>'] })
    expect(taken).toEqual({
      tiers: [
        { name: 'gestures 2', spans: 2, left: 0 },
        { name: 'speaker <A> 2', spans: 1, left: 0 },
      ],
      note: null,
    })
    expect(tiers.list(id)[2]?.spans).toEqual([walks, waits])
    expect((await tiers.found(id, path)).tiers.map(({ name }) => name)).toContain('captions')
    expect(readFileSync(path)).toEqual(before)
    await expect(tiers.read(id, { path, names: ['words'] })).rejects.toThrow('has no tier ‘words’')
  })

  it('say of a session that is not there that it is not', async () => {
    const path = at('none.eaf')
    await expect(tiers.found(id, path)).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(readElanFile(path)).rejects.toThrow('none.eaf is not there: it was deleted, moved or renamed')
  })

  it('say what of a session is no span of this video, and whose session it is', async () => {
    const path = at('session.eaf')
    const slots = [1000, 2000, 9000, 30_000].map(
      (time, place) => `<TIME_SLOT TIME_SLOT_ID="t${place}" TIME_VALUE="${time}"/>`,
    )
    const annotation = (name: string, [from, to]: [number, number], text: string) =>
      `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="${name}" TIME_SLOT_REF1="t${from}" TIME_SLOT_REF2="t${to}">` +
      `<ANNOTATION_VALUE>${text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`
    writeFileSync(
      path,
      `<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR MEDIA_URL="file:///a.mp4" MIME_TYPE="video/mp4" TIME_ORIGIN="500"/></HEADER>
      <TIME_ORDER>${slots.join('')}</TIME_ORDER><TIER TIER_ID="x" LINGUISTIC_TYPE_REF="l">
      ${annotation('a1', [0, 1], ' two  words ')}${annotation('a2', [1, 2], ' ')}${annotation('a3', [2, 3], 'to the end')}
      </TIER><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="l" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>`,
    )
    const file = await readElanFile(path)
    const spans = [
      { text: 'two words', start: 1.5, end: 2.5 },
      { text: 'to the end', start: 9.5, end: 10 },
    ]
    expect(elanTiersOf(file, 'session.eaf', { name: 'clip.mp4', duration: 10 })).toEqual({
      tiers: [{ name: 'x', spans, left: 1 }],
      note: 'session.eaf is about a.mp4, not about clip.mp4.',
    })
    expect(elanTiersOf(file, 'session.eaf', { name: 'a.mkv', duration: 5 })).toMatchObject({
      tiers: [{ spans: spans.slice(0, 1), left: 2 }],
      note: null,
    })
  })

  it('go to Label Studio as regions that are labelled with their tier, and to tables', async () => {
    filled('gestures', [walks])
    const write = (as: 'label-studio' | 'csv' | 'json', name: string) =>
      tiers.write({ videoId: id, as, path: at(name), overwrite: false, captions: false })
    const { labellingInterface } = await write('label-studio', 'tasks.json')
    expect(labellingInterface).toContain('frameRate="25"')
    expect(labellingInterface).toContain('<Label value="gestures"/>')
    // Frames are counted from 1, and the last is part of the region: 1 to 2.4 seconds at 25 frames a second.
    const ranges = [{ start: 26, end: 60 }]
    expect(JSON.parse(readFileSync(at('tasks.json'), 'utf8'))).toMatchObject([
      {
        data: { video: 'clip.mp4' },
        annotations: [
          {
            result: [{ value: { ranges, timelinelabels: ['gestures'] } }, { value: { ranges, text: ['walks'] } }],
          },
        ],
      },
    ])
    await write('csv', 'spans.csv')
    expect(readFileSync(at('spans.csv'), 'utf8')).toBe(
      'video,start,end,text,tier,annotation_id,source\r\nclip.mp4,1,2.4,walks,gestures,,\r\n',
    )
    await write('json', 'spans.json')
    expect(JSON.parse(readFileSync(at('spans.json'), 'utf8'))).toEqual([
      { video: 'clip.mp4', start: 1, end: 2.4, text: 'walks', tier: 'gestures' },
    ])
  })

  it('of a video without any span are not written', async () => {
    tiers.add(id, 'empty')
    await expect(
      tiers.write({ videoId: id, as: 'csv', path: at('none.csv'), overwrite: false, captions: false }),
    ).rejects.toThrow('clip.mp4 has no span to write')
  })
})
