import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { datasetChoice } from '../../../../main/api/training/datasets.ts'
import { generateStories } from '../../../../main/media/demo/generate-stories.ts'
import type { StoryLibrary } from '../../../../main/media/demo/generate-stories.ts'
import { paintScenes } from '../../../../main/media/demo/painting/painter.ts'
import { drawStories } from '../../../../main/media/demo/stories/draw-stories.ts'
import { usualStories } from '../../../../main/media/demo/stories/options.ts'
import { sentenceFor } from '../../../../main/media/demo/telling/sentence.ts'
import { runTool } from '../../../../main/media/ffmpeg/tool.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import { inspectDataset } from '../../../../main/training/data/datasets/inspect.ts'
import { mergeSentences } from '../../../../native-models/lfvila/text/sentence-merging.ts'
import { folderOfFile, folderOfTest } from '../../../support/folders.ts'
import { thorough } from '../../../support/sample.ts'

const size = { width: 96, height: 64 }
const bytes = size.width * size.height * 3
const small = { ...usualStories, seed: 3, scenes: [4, 5], seconds: [1, 2], framesPerSecond: 8, size } as const
const request = {
  counts: [
    ['train', 12],
    ['val', 4],
    ['test', 8],
  ],
  options: small,
} as const
/** A `%` in its name would be a pattern to ffmpeg. */
const folder = join(folderOfFile('stories'), '100%d stories')
let made: StoryLibrary
const progress: number[] = []
beforeAll(async () => {
  made = await generateStories(folder, request, { onProgress: fraction => progress.push(fraction) })
}, 300_000)

const decodedFrames = async (file: string) =>
  (await runTool('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'])).output

const inspect = (choice: { folder: string; videos?: string; task?: string }) =>
  inspectDataset(datasetChoice.parse(choice), { signal: new AbortController().signal, probe, frames: 16 })

describe('a library of stories', () => {
  test('has a video with captions for each, in a folder of its split, and says how far it is', async () => {
    expect(made.videos.length).toBe(24)
    expect(made.videos[0]).toBe(join(folder, 'train', 'story-00001.mp4'))
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
    const names = await readdir(join(folder, 'test'))
    expect(names.filter(name => name.endsWith('.mp4')).length).toBe(8)
    expect(names.filter(name => /\.(txt|srt|json)$/.test(name) && !name.startsWith('.')).length).toBe(8)
    expect(names.filter(name => /unfinished|partial/.test(name))).toEqual([])
  })

  test('shows in each video the scenes of its story at their times', async () => {
    const stories = drawStories(small, 'train', 12)
    // The first and the last that were encoded together, and twins between them.
    for (const index of [0, 2, 3, 11]) {
      const story = stories[index]
      if (!story) throw new Error('no such story')
      const file = made.videos[index] ?? ''
      const info = await probe(file)
      const seconds = story.scenes.reduce((sum, scene) => sum + scene.seconds, 0)
      expect(info.duration).toBeCloseTo(seconds, 2)
      const frames = [...paintScenes(story.scenes, size, 8)]
      const decoded = await decodedFrames(file)
      expect(decoded.length).toBe(frames.length * bytes)
      for (const [frame, painted] of frames.entries()) {
        const apart = painted.reduce((sum, value, at) => sum + Math.abs(value - (decoded[frame * bytes + at] ?? 0)), 0)
        // Frames of other scenes are 20 and more apart; encoding changes little.
        expect(apart / bytes, `${story.id}, frame ${frame}`).toBeLessThan(8)
      }
    }
  }, 300_000)

  test('tells beside each video what its annotations tell', async () => {
    const annotated = JSON.parse(await readFile(join(folder, 'annotations', 'test.json'), 'utf8')) as Record<
      string,
      { duration: number; sentences: string[]; timestamps: [number, number][] }
    >
    for (const story of drawStories(small, 'test', 8)) {
      const sentences = story.scenes.map(scene => sentenceFor(scene, scene.wording))
      const entry = annotated[`test/${story.id}`]
      expect(entry?.sentences).toEqual(sentences)
      expect(entry?.timestamps[0]?.[0]).toBe(0)
      expect(entry?.timestamps.at(-1)?.[1]).toBe(entry?.duration)
      const text = await readFile(join(folder, 'test', `${story.id}.${story.captions}`), 'utf8')
      for (const sentence of sentences) expect(text).toContain(sentence)
    }
  })

  test('is a labelled folder for retrieval and pre-training, and its annotations for classes and questions', async () => {
    for (const task of ['retrieval', 'pretrain-stage1', 'pretrain-stage2']) {
      const report = await inspect({ folder, task })
      expect(report).toMatchObject({ format: 'activitynet-captions', task, unusable: null, videos: 24 })
      expect(report.counts).toEqual({ train: 12, validation: 4, test: 8 })
      expect(report.problems).toEqual([])
    }
    const shapes = await inspect({ folder: join(folder, 'annotations', 'shapes'), videos: folder })
    expect(shapes).toMatchObject({ task: 'video-classification', unusable: null, videos: 24 })
    const places = await readFile(join(folder, 'annotations', 'places', 'train.jsonl'), 'utf8')
    const begins = drawStories(small, 'train', 12).flatMap(({ id, scenes: [first] }) =>
      first?.background.pattern === 'landscape' ? [{ video_id: `train/${id}`, label: first.background.landscape }] : [],
    )
    expect(begins.length).toBeGreaterThan(1)
    expect(places).toBe(begins.map(row => `${JSON.stringify(row)}\n`).join(''))
    const questions = await inspect({ folder: join(folder, 'annotations', 'questions'), videos: folder })
    expect(questions).toMatchObject({ task: 'qa-multichoice', format: 'how2qa', unusable: null, problems: [] })
    expect(questions.counts.train).toBeGreaterThan(40)
    for (const part of ['test-seen', 'test-held-out']) {
      const report = await inspect({ folder: join(folder, 'annotations', part), videos: folder })
      expect(report.counts.test).toBeGreaterThan(2)
    }
  }, 300_000)

  test('names its twins as groups, and tells longer stories in four chapters', async () => {
    type Told = Record<
      string,
      { group?: string; duration: number; sentences: string[]; timestamps: [number, number][] }
    >
    const read = async (file: string) => JSON.parse(await readFile(join(folder, 'annotations', file), 'utf8')) as Told
    const scenes = await read('train.json')
    const grouped = Object.entries(scenes).flatMap(([name, { group }]) => (group === undefined ? [] : [[name, group]]))
    expect(grouped).toEqual(
      [3, 6, 9].flatMap(number => {
        const group = `story-0000${number}a story-0000${number}b`
        return [
          [`train/story-0000${number}a`, group],
          [`train/story-0000${number}b`, group],
        ]
      }),
    )
    const [chapters, quarters] = [await read('chapters/train.json'), await read('quarters/train.json')]
    for (const [name, told] of Object.entries(scenes)) {
      const chaptered = chapters[name]
      expect(chaptered?.sentences).toEqual(mergeSentences(told.sentences, 4))
      expect(chaptered?.timestamps[0]?.[0]).toBe(0)
      expect(chaptered?.timestamps.at(-1)?.[1]).toBe(told.duration)
      expect(chaptered?.group).toBe(told.group)
      const { sentences, timestamps, group } = quarters[name] ?? {}
      expect({ sentences, group }).toEqual({ sentences: chaptered?.sentences, group: told.group })
      expect(timestamps?.map(([from, to]) => (to - from) / told.duration)).toEqual(
        Array.from({ length: 4 }, () => expect.closeTo(0.25, 3)),
      )
      expect(timestamps?.slice(1).map(([from]) => from)).toEqual(timestamps?.slice(0, 3).map(([, to]) => to))
      // A chapter lasts as long as the scenes whose sentences it joins.
      const joined = chaptered?.timestamps.map(([from, to]) =>
        told.sentences
          .filter(
            (_, scene) => (told.timestamps[scene]?.[0] ?? -1) >= from && (told.timestamps[scene]?.[1] ?? 99) <= to,
          )
          .join(' '),
      )
      expect(joined).toEqual(chaptered?.sentences)
    }
    expect(Object.values(scenes).some(({ sentences }) => sentences.length > 4)).toBe(true)
  })

  test('is added to, not made again, and refuses stories of another seed or kind', async () => {
    const written = await Promise.all(made.videos.map(async file => (await stat(file)).mtimeMs))
    await generateStories(folder, { counts: [['train', 16]], options: small })
    expect(await Promise.all(made.videos.map(async file => (await stat(file)).mtimeMs))).toEqual(written)
    expect((await readdir(join(folder, 'train'))).filter(name => name.endsWith('.mp4')).length).toBe(16)
    for (const other of [{ seed: 4 }, { scenes: [4, 4] }, { framesPerSecond: 4 }, { twins: 'all' }] as const) {
      await expect(
        generateStories(folder, { counts: [['train', 4]], options: { ...small, ...other } }),
      ).rejects.toMatchObject({ code: 'stories-differ', message: expect.stringContaining('empty folder') })
    }
  }, 60_000)
})

thorough(
  'an interrupted one is completed, and nothing unfinished is left',
  async () => {
    const there = folderOfTest('stories')
    const options = { ...small, seconds: [2, 2], size: { width: 320, height: 180 } } as const
    const stop = new AbortController()
    const whole = { counts: [['test', 8]], options } as const
    await expect(
      generateStories(there, whole, {
        signal: stop.signal,
        onProgress: fraction => {
          if (fraction > 0.6) stop.abort(new Error('stopped'))
        },
      }),
    ).rejects.toThrow('stopped')
    expect((await readdir(join(there, 'test'))).filter(name => /unfinished|partial/.test(name))).toEqual([])
    const { videos } = await generateStories(there, whole)
    const seconds = await Promise.all(videos.map(async file => (await probe(file)).duration))
    expect(seconds).toEqual(
      drawStories(options, 'test', 8).map(({ scenes }) => expect.closeTo(scenes.length * 2, 2) as number),
    )
  },
  300_000,
)

test('a small video that none is encoded together with is whole as well', async () => {
  const alone = join(folderOfFile('stories'), 'alone')
  const options = { ...small, scenes: [6, 6], seconds: [10, 10] } as const
  const { videos, annotations } = await generateStories(alone, { counts: [['train', 1]], options })
  expect((await probe(videos[0] ?? '')).duration).toBeCloseTo(60, 1)
  const told = JSON.parse(await readFile(annotations[0] ?? '', 'utf8')) as Record<string, { duration: number }>
  expect(told['train/story-00001']?.duration).toBe(60)
}, 60_000)

test('without a size, stories are videos as they are met: several containers, codecs, sizes and orientations', async () => {
  const there = folderOfTest('stories')
  const options = { ...usualStories, seed: 5, scenes: [2, 2], seconds: [0.5, 0.5] } as const
  const { videos } = await generateStories(there, { counts: [['test', 7]], options })
  const infos = await Promise.all(videos.map(file => probe(file)))
  expect(new Set(videos.map(file => extname(file))).size).toBeGreaterThanOrEqual(4)
  expect(new Set(infos.map(({ codec }) => codec)).size).toBeGreaterThanOrEqual(2)
  expect(new Set(infos.map(({ width, height }) => `${width} × ${height}`)).size).toBeGreaterThanOrEqual(4)
  expect(infos.some(({ width, height }) => height > width)).toBe(true)
  expect(infos.every(({ frameRate }) => Math.abs(frameRate - 20) < 0.01)).toBe(true)
}, 300_000)

test('where one video cannot be written, no other one is left unfinished', async () => {
  const there = folderOfTest('stories')
  const options = { ...usualStories, seed: 5, scenes: [2, 2], seconds: [4, 4] } as const
  const [first] = drawStories(options, 'test', 1)
  // A folder of its name lies in the way; the other videos are still being encoded when that is found.
  await mkdir(join(there, 'test', `${first?.id}.${first?.container}`, 'something'), { recursive: true })
  await expect(generateStories(there, { counts: [['test', 4]], options })).rejects.toMatchObject({
    code: 'not-writable',
  })
  expect((await readdir(join(there, 'test'))).filter(name => /unfinished|partial/.test(name))).toEqual([])
}, 300_000)

test('a folder that cannot be one is named', async () => {
  const there = folderOfTest('stories')
  const file = join(there, 'occupied')
  await writeFile(file, 'a file')
  await expect(generateStories(file, { counts: [['test', 1]], options: small })).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringContaining(basename(file)),
  })
  await symlink(join(there, 'nothing'), join(there, 'link'))
  await expect(
    generateStories(join(there, 'link', 'library'), { counts: [['test', 1]], options: small }),
  ).rejects.toMatchObject({ code: 'not-writable' })
  await mkdir(join(there, 'library', 'annotations'), { recursive: true })
  await writeFile(join(there, 'library', 'annotations', 'chapters'), 'a file')
  await expect(
    generateStories(join(there, 'library'), { counts: [['test', 1]], options: small }),
  ).rejects.toMatchObject({ code: 'not-writable' })
})
