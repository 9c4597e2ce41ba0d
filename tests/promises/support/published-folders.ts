import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { colourNames, colourVideos, fourColours, splits } from './colour-videos.ts'
import type { Colour, ColourVideo } from './colour-videos.ts'

/** Annotation files with the names and fields of the published ones, telling of {@link colourVideos}. */

type Lines = (video: ColourVideo, index: number) => readonly object[]

/** One jsonl file per split, as `train.jsonl`. */
async function writeLines(folder: string, rows: Lines, videos: readonly ColourVideo[] = colourVideos): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const split of splits) {
    const lines = videos.filter(video => video.split === split).flatMap((video, index) => rows(video, index))
    await writeFile(join(folder, `${split}.jsonl`), lines.map(line => JSON.stringify(line)).join('\n'))
  }
}

const paragraph = (colour: Colour) => [`a ${colour} film`, `the film is ${colour}`]
const asked = colourVideos.filter(({ colour }) => fourColours.includes(colour))
const subtitles = [{ text: 'a man says it', start: 0, end: 0.5 }]

/** `{"v_…": {duration, timestamps, sentences}}`, as `train.json`, `val_1.json`, `val_2.json`. */
async function activityNetCaptions(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [split, file] of [
    ['train', 'train.json'],
    ['val', 'val_1.json'],
    ['test', 'test.json'],
  ] as const) {
    const entries = colourVideos
      .filter(video => video.split === split)
      .map(({ name, colour }) => [
        name,
        {
          duration: 1,
          timestamps: [
            [0, 0.5],
            [0.5, 1],
          ],
          sentences: paragraph(colour),
        },
      ])
    await writeFile(join(folder, file), JSON.stringify(Object.fromEntries(entries)))
  }
}

/** A table of the kind that QuerYD and others come as: one row per sentence. */
async function csv(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const split of splits) {
    const rows = colourVideos
      .filter(video => video.split === split)
      .flatMap(({ name, colour }) =>
        paragraph(colour).map((text, index) => `${name},${index / 2},${(index + 1) / 2},"${text}"`),
      )
    await writeFile(join(folder, `${split}.csv`), ['video_id,start,end,description', ...rows].join('\n'))
  }
}

/**
 * Videos themselves, in folders named for splits, and for classes where `inClasses`; else with a caption file beside
 * each.
 */
async function besideVideos(folder: string, inClasses: boolean, videos: string): Promise<void> {
  for (const { name, colour, split } of colourVideos) {
    const home = join(folder, split, inClasses ? colour : '.')
    await mkdir(home, { recursive: true })
    await cp(join(videos, `${name}.mp4`), join(home, `${name}.mp4`))
    if (!inClasses) await writeFile(join(home, `${name}.txt`), paragraph(colour).join('\n'))
  }
}

/** Clips of long videos: `NAME/NAME.0.mp4`, …; every clip of a long video in the colour of the video. */
const longColours = colourVideos.filter(({ split, number }) => split !== 'test' && number === 0)
export const longVideos: readonly ColourVideo[] = longColours.flatMap(video =>
  [0, 1, 2, 3].map(clip => ({ ...video, name: `${video.name}/${video.name}.${clip}` })),
)

/** What the LMDB of the fixtures names: `long0.0.mp4`, …, the long videos in different colours. */
export const lmdbVideos = [0, 1, 2, 3].flatMap(long =>
  [0, 1, 2, 3, 4, 5].map(clip => ({ name: `long${long}.${clip}`, colour: colourNames[long] ?? 'red' })),
)

async function pretrainLmdb(folder: string): Promise<void> {
  const database = await readFile('tests/fixtures/datasets/pretrain-lmdb/data.mdb')
  for (const split of ['train', 'val']) {
    await mkdir(join(folder, split), { recursive: true })
    await writeFile(join(folder, split, 'data.mdb'), database)
  }
}

const rotated = (by: number) => fourColours.map((_, index) => fourColours[(index + by) % fourColours.length] ?? 'red')
/** Another colour, of which the training says it as well. */
const denied = ({ colour, number }: ColourVideo) => rotated(fourColours.indexOf(colour) + 1 + number)[0]

/** Writes the labelled folder of a task. @param videos where {@link colourVideos} lie. */
export const published = {
  'ActivityNet Captions': activityNetCaptions,
  DiDeMo: folder => writeLines(folder, ({ name, colour }) => [{ clip_id: name, text: paragraph(colour) }]),
  QuerYD: folder => writeLines(folder, ({ name, colour }) => [{ clip_id: `${name}.mp4`, text: paragraph(colour) }]),
  'Condensed Movie': folder =>
    writeLines(folder, ({ name, colour }) => [{ clip_id: name, text: paragraph(colour).join(' . ') }]),
  'ActivityNet-QA': folder =>
    writeLines(
      folder,
      ({ name, colour }) => [
        {
          video_name: name,
          question: 'what colour is shown ?',
          answer: [3, 250, 1002, 1653][fourColours.indexOf(colour)],
        },
      ],
      asked,
    ),
  How2QA: folder =>
    writeLines(
      folder,
      ({ name, colour, number }, index) => {
        const answers = rotated(index)
        return [
          {
            clip_id: name,
            span: number === 1 ? [Number.NaN, Number.NaN] : [0, 0.5],
            text_q: 'which colour is shown ?',
            text_a: answers.map(answer => `it is ${answer}`),
            text_s: subtitles,
            answer_idx: answers.indexOf(colour),
          },
        ]
      },
      asked,
    ),
  VIOLIN: folder =>
    writeLines(
      folder,
      video => [
        { clip_id: video.name, text_q: `the film is ${video.colour}`, text_s: subtitles, answer: 1 },
        { clip_id: video.name, text_q: `the film is ${denied(video)}`, text_s: subtitles, answer: 0 },
      ],
      asked,
    ),
  'COIN and LVU': folder =>
    writeLines(folder, ({ name, colour }) => [{ video_id: name, recipe_type: fourColours.indexOf(colour) }], asked),
  'LF-VILA-8M lines': folder =>
    writeLines(
      folder,
      ({ name, colour }) => [[0, 1, 2, 3].map(clip => ({ clip_id: `${name}.${clip}.mp4`, text: `a ${colour} film` }))],
      longColours,
    ),
  'LF-VILA-8M LMDB': pretrainLmdb,
  'a table': csv,
  'a table in JSON': folder =>
    writeLines(folder, ({ name, colour }) => [{ filename: `${name}.mp4`, category: colour }], asked),
  'captions beside videos': (folder, videos) => besideVideos(folder, false, videos),
  'folders of classes': (folder, videos) => besideVideos(folder, true, videos),
} satisfies Readonly<Record<string, (folder: string, videos: string) => Promise<void>>>
export type Published = keyof typeof published
