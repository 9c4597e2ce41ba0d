import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { DatasetFormat, Task } from '../../../main/api/training/datasets.ts'
import { tarOf } from '../../support/tar.ts'
import { colourVideos, fourColours, splits } from './colour-videos.ts'
import type { ColourVideo } from './colour-videos.ts'

/**
 * Formats in which others publish what `tasks.ts` learns: each goes from its folder through a check to an evaluation,
 * and one of each kind of rows through an epoch of training before.
 */
export interface FormatPromise {
  readonly data: string
  readonly format: DatasetFormat
  readonly task: Task
  /** Of the epoch; not given: another format trains on such rows. */
  readonly preset?: string
  /** Of every command on the folder. */
  readonly options?: readonly string[]
  /** Rows for training, validation and the test, as the report counts them; not given: {@link usualRows}. */
  readonly rows?: readonly [number, number, number]
  /** Queries and videos that are evaluated, or questions. */
  readonly counts: readonly number[]
  /** What the window asks before it can read the rows, the name of the field, and the answer. */
  readonly asks?: { readonly question: string; readonly label: string; readonly answer: string }
  /** Whether the videos lie in archives with the rows. */
  readonly packed?: boolean
  /** Queries that are scored where the page Evaluate takes the folder for moments, which it was published for. */
  readonly moments?: number
  /** Files by their names in the labelled folder. @param videos where those of {@link colourVideos} lie. */
  readonly files: (videos: string) => Readonly<Record<string, string | Uint8Array>>
}

/** One for each video of the four colours. */
export const usualRows = [8, 4, 4] as const

const asked = colourVideos.filter(({ colour }) => fourColours.includes(colour))
const of = (split: (typeof splits)[number], videos: readonly ColourVideo[] = colourVideos) =>
  videos.filter(video => video.split === split)
const perSplit = <Content extends string | Uint8Array>(
  write: (videos: readonly ColourVideo[]) => Content,
  name: (split: string) => string,
) => Object.fromEntries(splits.map(split => [name(split), write(of(split, asked))]))

export const formatPromises: readonly FormatPromise[] = [
  {
    data: 'NExT-QA',
    format: 'csv',
    task: 'qa-multichoice',
    preset: 'how2qa',
    counts: [4],
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
    rows: [0, 0, 16],
    counts: [16],
    files: () => ({
      'questions.json': JSON.stringify(
        asked.map(({ name }) => ({
          q_uid: name,
          question: 'which colour is shown',
          ...Object.fromEntries(fourColours.map((colour, number) => [`option ${number}`, colour])),
        })),
      ),
      'subset_answers.json': JSON.stringify(
        Object.fromEntries(asked.map(({ name, colour }) => [name, fourColours.indexOf(colour)])),
      ),
    }),
  },
  {
    data: 'MSR-VTT 1k-A',
    format: 'msr-vtt',
    rows: [16, 8, 4],
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: () => ({
      'MSRVTT_data.json': JSON.stringify({
        videos: asked.map(({ name, split }, id) => ({ video_id: name, split: split.replace('val', 'validate'), id })),
        sentences: asked
          .flatMap(({ name, colour }) =>
            [`a ${colour} film`, `${colour}`].map(caption => ({ caption, video_id: name })),
          )
          .map((sentence, id) => ({ ...sentence, sen_id: id })),
      }),
      'MSRVTT_JSFUSION_test.csv': [
        'key,vid_key,video_id,sentence',
        ...of('test', asked).map(({ name, colour }, index) => `ret${index},msr${index},${name},the film is ${colour}`),
      ].join('\n'),
    }),
  },
  {
    data: 'ActivityNet-QA as released',
    format: 'activitynet-qa-pair',
    task: 'qa-classification',
    preset: 'activitynet-qa',
    counts: [4],
    files: () => ({
      ...perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name }) => ({ video_name: name, question: 'what colour is shown', question_id: name })),
          ),
        split => `${split}_q.json`,
      ),
      ...perSplit(
        videos => JSON.stringify(videos.map(({ name, colour }) => ({ answer: colour, type: 4, question_id: name }))),
        split => `${split}_a.json`,
      ),
    }),
  },
  {
    data: 'How2QA as released',
    format: 'how2qa-release',
    task: 'qa-multichoice',
    counts: [4],
    files: () =>
      perSplit(
        videos =>
          videos
            .map(({ name, colour }) => {
              const wrong = fourColours.filter(other => other !== colour)
              return `${name},[0.0:0.5],${wrong.join(',')},which colour is shown?,${colour}`
            })
            .join('\n'),
        split => `how2QA_${split}_release.csv`,
      ),
  },
  {
    data: 'DiDeMo as released',
    format: 'didemo',
    task: 'retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name, colour }) => ({
              description: `a ${colour} film`,
              num_segments: 1,
              times: [
                [0, 0],
                [0, 0],
              ],
              video: `${name}.mp4`,
            })),
          ),
        split => `${split}_data.json`,
      ),
  },
  {
    data: 'YouCook2',
    format: 'video-database',
    task: 'retrieval',
    counts: [4, 4],
    files: () => ({
      'annotations.json': JSON.stringify({
        database: Object.fromEntries(
          asked.map(({ name, colour, split }) => [
            name,
            {
              duration: 1,
              subset: { train: 'training', val: 'validation', test: 'testing' }[split],
              annotations: [{ segment: [0, 0.5], id: 0, sentence: `a ${colour} film` }],
            },
          ]),
        ),
      }),
    }),
  },
  {
    data: 'VIOLIN as released',
    format: 'violin-release',
    rows: [16, 8, 8],
    task: 'qa-classification',
    preset: 'violin',
    counts: [8],
    files: () => ({
      'violin_annotation.json': JSON.stringify(
        Object.fromEntries(
          asked.map(({ name, colour, split }) => [
            name,
            {
              file: name,
              split: split.replace('val', 'validate'),
              sub: [['a man says it', 0, 0.5]],
              statement: [[`the film is ${colour}`, `the film is ${fourColours.find(other => other !== colour)}`]],
            },
          ]),
        ),
      ),
    }),
  },
  {
    data: 'LVU scenes',
    format: 'lvu',
    task: 'video-classification',
    preset: 'lvu-scene',
    counts: [4],
    files: () =>
      perSplit(
        videos =>
          [
            'label label_name youtube_id index',
            ...videos.map(({ name, colour }, index) => `${fourColours.indexOf(colour)} ${colour} ${name} ${index}`),
          ].join('\n'),
        split => `${split}.csv`,
      ),
  },
  {
    data: 'lists of OpenMMLab',
    format: 'openmmlab',
    task: 'video-classification',
    counts: [4],
    files: () =>
      perSplit(
        videos => videos.map(({ name, colour }) => `${name}.mp4 ${fourColours.indexOf(colour)}`).join('\n'),
        split => `films_${split}_list_videos.txt`,
      ),
  },
  {
    data: 'LSMDC as published',
    format: 'lsmdc',
    task: 'retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          videos.map(({ name, colour }) => `${name}\t${'00.00.51.926\t'.repeat(4)}The film is ${colour}.`).join('\n'),
        split => `LSMDC16_annos_${split}.csv`,
      ),
  },
  {
    data: 'Condensed Movies as published',
    format: 'condensed-movies',
    task: 'retrieval',
    counts: [4, 4],
    files: () => ({
      'clips.csv': ['videoid,title,imdbid', ...asked.map(({ name, split }) => `${name},Colours,tt${split}`)].join('\n'),
      'split.csv': ['imdbid,split', ...splits.map(split => `tt${split},${split}`)].join('\n'),
      'descriptions.csv': [
        'videoid,description',
        ...asked.map(({ name, colour }, index) => `${name},a ${colour} film of ${index}`),
      ].join('\n'),
    }),
  },
  {
    data: 'QVHighlights',
    format: 'moments',
    task: 'retrieval',
    moments: 4,
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          videos
            .map(({ name, colour }, qid) => ({
              qid,
              query: `a ${colour} film`,
              duration: 1,
              vid: `${name}_0.0_1.0`,
              relevant_windows: [[0, 0.5]],
              relevant_clip_ids: [0],
              saliency_scores: [[3, 4, 2]],
            }))
            .map(row => JSON.stringify(row))
            .join('\n'),
        split => `highlight_${split}_release.jsonl`,
      ),
  },
  {
    data: 'Charades-STA',
    format: 'charades-sta',
    task: 'retrieval',
    moments: 4,
    counts: [4, 4],
    files: () =>
      perSplit(
        videos => videos.map(({ name, colour }) => `${name} 0.0 0.5##the film is ${colour}.`).join('\n'),
        split => `charades_sta_${split}.txt`,
      ),
  },
  {
    data: 'MSVD',
    format: 'msvd',
    rows: [16, 8, 8],
    task: 'retrieval',
    counts: [8, 4],
    files: () => ({
      'AllVideoDescriptions.txt': asked
        .flatMap(({ name, colour }) => [`${name}_0_1 a ${colour} film`, `${name}_0_1 the film is ${colour}`])
        .join('\n'),
      ...perSplit(
        videos => videos.map(({ name }) => `${name}_0_1`).join('\n'),
        split => `${split}_list.txt`,
      ),
    }),
  },
  {
    data: 'a table in Parquet',
    format: 'parquet',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          new Uint8Array(
            parquetWriteBuffer({
              columnData: [
                { name: 'video_id', data: videos.map(({ name }) => name), type: 'STRING' },
                { name: 'caption', data: videos.map(({ colour }) => `a ${colour} film`), type: 'STRING' },
              ],
            }),
          ),
        split => `data/${split}-00000-of-00001.parquet`,
      ),
  },
  {
    data: 'WebDataset',
    format: 'webdataset',
    packed: true,
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: home =>
      perSplit(
        videos =>
          tarOf(
            Object.fromEntries(
              videos.flatMap(({ name, colour }, number) => [
                [`${number}.mp4`, readFileSync(join(home, `${name}.mp4`))],
                [`${number}.txt`, `a ${colour} film`],
                [`${number}.json`, JSON.stringify({ key: String(number), url: 'https://films', width: 48 })],
              ]),
            ),
          ),
        split => `${split}-000000.tar`,
      ),
  },
  {
    data: 'ELAN',
    format: 'elan',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    counts: [4, 4],
    files: () => Object.fromEntries(asked.map(video => [`${video.split}/${video.name}.eaf`, elanOf(video)])),
  },
  {
    data: 'Label Studio',
    format: 'label-studio',
    task: 'retrieval',
    preset: 'didemo-retrieval',
    options: ['--frame-rate', '8'],
    asks: { question: 'Label Studio counts in frames', label: 'Frame rate of the project', answer: '8' },
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name, colour }, id) => ({
              id,
              data: { video: `/data/upload/1/0f3c9a1b-${name}.mp4` },
              annotations: [
                {
                  id,
                  completed_by: 1,
                  was_cancelled: false,
                  result: [
                    {
                      id: 'r1',
                      type: 'timelinelabels',
                      from_name: 'colour',
                      to_name: 'video',
                      value: { ranges: [{ start: 1, end: 4 }], timelinelabels: [`a ${colour} film`] },
                    },
                  ],
                },
              ],
            })),
          ),
        split => `${split}.json`,
      ),
  },
]

/** A session of ELAN with one annotation, of half a second. */
function elanOf({ name, colour }: ColourVideo): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-03-04T10:00:00+01:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/films/${name}.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./${name}.mp4"/>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>
    <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="500"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="default">
    <ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
        <ANNOTATION_VALUE>a ${colour} film</ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION>
    </ANNOTATION>
  </TIER>
  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>`
}

/** @param videos where those of {@link colourVideos} lie. */
export async function writeFormat(folder: string, { files }: FormatPromise, videos: string): Promise<void> {
  for (const [name, text] of Object.entries(files(videos))) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
