import { fourColours } from '../colour-videos.ts'
import { asked, perSplit } from './promise.ts'
import type { FormatPromise } from './promise.ts'

/** Classes of videos. */
export const classFormats: readonly FormatPromise[] = [
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
    data: 'COIN as released',
    format: 'video-database',
    task: 'video-classification',
    counts: [4],
    files: () => ({
      'COIN.json': JSON.stringify({
        database: Object.fromEntries(
          asked.map(({ name, colour, split }) => [
            name,
            {
              recipe_type: fourColours.indexOf(colour),
              class: colour,
              duration: 1,
              subset: { train: 'training', val: 'validation', test: 'testing' }[split],
              annotation: [{ id: '1', segment: [0, 0.5], label: 'show' }],
            },
          ]),
        ),
      }),
    }),
  },
]
