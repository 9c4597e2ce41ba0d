import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetFormat, Task } from '../../main/api/datasets.ts'
import { colourVideos, fourColours, splits } from './colour-videos.ts'
import type { ColourVideo } from './colour-videos.ts'

/**
 * Formats in which others publish what {@link taskPromises} learn: each goes from its folder through a check and an
 * epoch to an evaluation.
 */
export interface FormatPromise {
  readonly data: string
  readonly format: DatasetFormat
  readonly task: Task
  readonly preset: string
  /** Files by their names in the labelled folder. */
  readonly files: () => Readonly<Record<string, string>>
}

const asked = colourVideos.filter(({ colour }) => fourColours.includes(colour))
const of = (split: (typeof splits)[number], videos: readonly ColourVideo[] = colourVideos) =>
  videos.filter(video => video.split === split)
const perSplit = (write: (videos: readonly ColourVideo[]) => string, name: (split: string) => string) =>
  Object.fromEntries(splits.map(split => [name(split), write(of(split, asked))]))

export const formatPromises: readonly FormatPromise[] = [
  {
    data: 'NExT-QA',
    format: 'csv',
    task: 'qa-multichoice',
    preset: 'how2qa',
    files: () =>
      perSplit(
        videos =>
          [
            'video,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3',
            ...videos.map(
              ({ name, colour }, index) =>
                `${name},8,48,32,which colour is shown,${fourColours.indexOf(colour)},${index},DO,${fourColours.join(',')}`,
            ),
          ].join('\n'),
        split => `${split}.csv`,
      ),
  },
  {
    data: 'EgoSchema',
    format: 'egoschema',
    task: 'qa-multichoice',
    preset: 'how2qa',
    files: () => ({
      ...perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name }) => ({
              q_uid: name,
              question: 'which colour is shown',
              ...Object.fromEntries(fourColours.map((colour, number) => [`option ${number}`, colour])),
            })),
          ),
        split => `${split}/questions.json`,
      ),
      'subset_answers.json': JSON.stringify(
        Object.fromEntries(asked.map(({ name, colour }) => [name, fourColours.indexOf(colour)])),
      ),
    }),
  },
]

export async function writeFormat(folder: string, { files }: FormatPromise): Promise<void> {
  for (const [name, text] of Object.entries(files())) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
