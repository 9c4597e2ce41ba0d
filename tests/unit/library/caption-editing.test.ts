import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaptionDraft } from '../../../main/api/library/captions.ts'
import type { Caption } from '../../../main/api/library/library.ts'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { CaptionEditing } from '../../../main/library/editing/caption-editing.ts'
import { keys, openTestLibrary, writeVideo } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

const before = '1\n00:00:01,000 --> 00:00:03,000\n<i>one</i>\n\n2\n00:00:04,000 --> 00:00:06,000\ntwo\n'
const after = before.replace('00:00:01,000', '00:00:01,500')

let test: TestLibrary
let editing: CaptionEditing
let file: string
let id: number
const inFolder = (name: string) => join(test.videos, name)
const read = (name = 'clip.srt') => readFileSync(inFolder(name), 'utf8')
const later = (draft: CaptionDraft): CaptionDraft =>
  withSentences(draft, sentences => sentences.with(0, { ...sentences[0]!, start: 1.5 }))
const withSentences = (draft: CaptionDraft, edit: (sentences: Caption[]) => Caption[]) => ({
  ...draft,
  sentences: edit(draft.sentences),
})
const detail = () => test.library.video(id, keys)

beforeEach(async () => {
  test = openTestLibrary()
  file = inFolder('clip.srt')
  writeVideo(inFolder('clip.mp4'))
  writeFileSync(file, before)
  await test.library.addFolder(test.videos)
  await test.scan()
  id = test.library.list(videoQuery.parse({}), keys).videos[0]?.id ?? -1
  editing = new CaptionEditing(test.library)
})
afterEach(() => test.close())

/** Keeps an edit and saves it. */
async function saved(edit = later, over = false) {
  const draft = await editing.draft(id)
  const { revision } = await editing.keep(edit(draft))
  return editing.save(id, { revision, over })
}

describe('what is edited', () => {
  it('is kept with its steps, and is what the video has; the file is untouched', async () => {
    const draft = await editing.draft(id)
    expect(draft).toMatchObject({ revision: 0, edited: false, file, fileChanged: false, done: [], undone: [] })
    const step = {
      what: 'resize' as const,
      at: 0,
      removed: draft.sentences.slice(0, 1),
      inserted: later(draft).sentences.slice(0, 1),
    }
    expect(await editing.keep({ ...later(draft), done: [step] })).toEqual({
      revision: 1,
      edited: true,
      fileChanged: false,
    })
    expect(read()).toBe(before)
    expect(detail()).toMatchObject({ captionsEdited: true, captions: [{ text: 'one', start: 1.5 }, { text: 'two' }] })
    expect(test.library.drafts.edited()).toEqual([{ path: inFolder('clip.mp4'), file, sentences: 2 }])
    // Another start of the program on the same workspace.
    expect(await new CaptionEditing(test.library).draft(id)).toMatchObject({ revision: 1, edited: true, done: [step] })
    // A scan does not take it back.
    await test.scan()
    expect(detail().captions[0]?.start).toBe(1.5)
  })

  it('is not edited any more when it says what the file says', async () => {
    const draft = await editing.draft(id)
    const { revision } = await editing.keep(later(draft))
    expect(await editing.keep({ ...draft, revision })).toEqual({ revision: 2, edited: false, fileChanged: false })
    expect(detail().captionsEdited).toBe(false)
  })

  it('by a window that comes too late is refused', async () => {
    const draft = await editing.draft(id)
    await editing.keep(later(draft))
    await expect(editing.keep(draft)).rejects.toThrow(
      'The captions of clip.mp4 were edited in another window meanwhile',
    )
    await expect(editing.save(id, { revision: 0, over: true })).rejects.toThrow('another window')
    expect(read()).toBe(before)
  })

  it('outlasts that the folder is removed, and goes along when the video is moved', async () => {
    await editing.keep(later(await editing.draft(id)))
    await test.library.removeFolder(test.library.folders()[0]?.id ?? -1)
    await test.library.addFolder(test.videos)
    await test.scan()
    id = test.library.list(videoQuery.parse({}), keys).videos[0]?.id ?? -1
    expect(detail().captionsEdited).toBe(true)
    mkdirSync(inFolder('moved'))
    renameSync(inFolder('clip.mp4'), inFolder('moved/clip.mp4'))
    renameSync(file, inFolder('moved/clip.srt'))
    await test.scan()
    expect(await editing.draft(id)).toMatchObject({ edited: true, fileChanged: false })
    expect(await editing.save(id, { revision: 1, over: false })).toMatchObject({
      outcome: 'saved',
      file: inFolder('moved/clip.srt'),
    })
  })
})

describe('saving', () => {
  it('writes the file as it came, keeps a copy of what the user had, and the library has it at once', async () => {
    chmodSync(file, 0o640)
    const result = await saved()
    expect(result).toMatchObject({
      outcome: 'saved',
      file,
      backup: `${file}.bak`,
      remarks: [],
      draft: { edited: false, revision: 2 },
    })
    expect(read()).toBe(after)
    expect(read('clip.srt.bak')).toBe(before)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(detail()).toMatchObject({ captionsEdited: false, captions: [{ start: 1.5 }, { start: 4 }] })
  })

  it('keeps no copy of what it wrote itself, and never writes over a copy', async () => {
    await saved()
    const again = await saved(draft =>
      withSentences(draft, sentences => sentences.with(0, { ...sentences[0]!, start: 2 })),
    )
    expect(again).toMatchObject({ outcome: 'saved', backup: null })
    expect(read('clip.srt.bak')).toBe(before)
    writeFileSync(file, before.replace('two', 'by hand'))
    expect(await saved()).toMatchObject({ outcome: 'saved', backup: `${file}.bak2` })
    expect(read('clip.srt.bak')).toBe(before)
    expect(read('clip.srt.bak2')).toContain('by hand')
  })

  it('writes nothing over a file that has changed, until it is told to, with a copy, or to take that', async () => {
    const draft = await editing.draft(id)
    await editing.keep(later(draft))
    const theirs = before.replace('two', 'theirs')
    writeFileSync(file, theirs)
    expect((await editing.draft(id)).fileChanged).toBe(true)
    expect(await editing.save(id, { revision: 1, over: false })).toEqual({ outcome: 'changed', file })
    expect(read()).toBe(theirs)
    expect(await editing.save(id, { revision: 1, over: true })).toMatchObject({
      outcome: 'saved',
      backup: `${file}.bak`,
    })
    expect(read()).toBe(after)
    expect(read('clip.srt.bak')).toBe(theirs)

    const { revision } = await editing.keep(later(withSentences(await editing.draft(id), all => all.slice(0, 1))))
    writeFileSync(file, theirs)
    const { fileHash, sentences } = await editing.file(id)
    expect(sentences[1]?.text).toBe('theirs')
    expect(await editing.keep({ ...draft, revision, fileHash, sentences })).toMatchObject({
      edited: false,
      fileChanged: false,
    })
    expect(read()).toBe(theirs)
  })

  it('a file that was put where there was none, or goes before the one that was read, is not written over either', async () => {
    await editing.keep(later(await editing.draft(id)))
    writeFileSync(inFolder('clip.vtt'), 'WEBVTT\n\n00:01.000 --> 00:02.000\nother\n')
    expect(await editing.save(id, { revision: 1, over: false })).toEqual({
      outcome: 'changed',
      file: inFolder('clip.vtt'),
    })
    writeFileSync(inFolder('clip.vtt'), 'nothing that can be read')
    expect(await editing.save(id, { revision: 1, over: false })).toMatchObject({ outcome: 'saved', file })
    expect(read('clip.vtt')).toBe('nothing that can be read')
  })

  it('a new file is not written over one that cannot be read', async () => {
    rmSync(file)
    writeFileSync(inFolder('clip.vtt'), 'nothing that can be read')
    const fresh = await editing.draft(id)
    expect(fresh).toMatchObject({ sentences: [], file: null })
    const { revision } = await editing.keep({ ...fresh, sentences: [{ text: 'new', start: 0, end: 1 }] })
    expect(await editing.save(id, { revision, over: false })).toEqual({
      outcome: 'changed',
      file: inFolder('clip.vtt'),
    })
    expect(await editing.save(id, { revision, over: true })).toMatchObject({
      outcome: 'saved',
      backup: inFolder('clip.vtt.bak'),
    })
    expect(read('clip.vtt')).toContain('new')
  })

  it('a file that was deleted is written again', async () => {
    await editing.keep(later(await editing.draft(id)))
    rmSync(file)
    const result = await editing.save(id, { revision: 1, over: false })
    expect(result).toMatchObject({ outcome: 'saved', backup: null, file: inFolder('clip.vtt') })
  })

  it('that was cut off after the file was written is not a change by others', async () => {
    await editing.keep(later(await editing.draft(id)))
    writeFileSync(file, after)
    expect(await editing.draft(id)).toMatchObject({ edited: false, fileChanged: false })
  })

  it('a link stays a link', async () => {
    renameSync(file, inFolder('elsewhere.txt'))
    symlinkSync(inFolder('elsewhere.txt'), file)
    expect(await saved()).toMatchObject({ outcome: 'saved' })
    expect(read('elsewhere.txt')).toBe(after)
  })

  it('refuses to leave nothing', async () => {
    await expect(saved(draft => withSentences(draft, () => []))).rejects.toThrow(
      'There is no sentence of clip.mp4 to save',
    )
    expect(read()).toBe(before)
    expect(existsSync(`${file}.bak`)).toBe(false)
  })
})

it('a file that changes while nothing is edited is read anew', async () => {
  await saved()
  writeFileSync(file, before.replace('two', 'three'))
  expect(await editing.draft(id)).toMatchObject({
    edited: false,
    done: [],
    sentences: [{ start: 1 }, { text: 'three' }],
  })
})
