import { splits } from '../colour-videos.ts'
import { asked, of, perSplit } from './promise.ts'
import type { FormatPromise } from './promise.ts'

/** Sentences of videos, and of moments in them. */
export const captionFormats: readonly FormatPromise[] = [
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
]
