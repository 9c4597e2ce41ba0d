import { asked, perSplit } from './promise.ts'
import type { FormatPromise } from './promise.ts'

/** Tables, and lists of objects that are read as tables. */
export const tableFormats: readonly FormatPromise[] = [
  {
    data: 'VATEX',
    format: 'json-table',
    task: 'retrieval',
    rows: [16, 8, 8],
    counts: [8, 4],
    files: () =>
      perSplit(
        videos =>
          JSON.stringify(
            videos.map(({ name, colour }) => ({
              videoID: name,
              enCap: [`a ${colour} film`, `the film is ${colour}`],
              chCap: [],
            })),
          ),
        split => `vatex_${split}_v1.0.json`,
      ),
  },
  {
    data: 'WebVid',
    format: 'csv',
    task: 'retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          [
            'videoid,contentUrl,duration,page_dir,name',
            ...videos.map(({ name, colour }) => `${name},https://x/${name}.mp4,PT00H00M01S,videos,a ${colour} film`),
          ].join('\n'),
        split => `results_${split}.csv`,
      ),
  },
  {
    data: 'HowTo100M captions',
    format: 'csv',
    task: 'retrieval',
    counts: [4, 4],
    files: () =>
      Object.fromEntries(
        asked.map(({ name, colour, split }) => [
          `${split}/${name}.csv`,
          `,start,end,text\n0,0,0.5,the film is\n1,0.5,1,all ${colour}`,
        ]),
      ),
  },
  {
    data: 'a table of moments',
    format: 'csv',
    task: 'retrieval',
    counts: [4, 4],
    files: () =>
      perSplit(
        videos =>
          ['video,start,end,text', ...videos.map(({ name, colour }) => `${name}.mp4,0,0.5,the film is ${colour}`)].join(
            '\n',
          ),
        split => `${split}.csv`,
      ),
  },
  {
    data: 'Kinetics',
    format: 'csv',
    task: 'video-classification',
    counts: [4],
    files: () => ({
      'kinetics.csv': [
        'label,youtube_id,time_start,time_end,split,is_cc',
        ...asked.map(({ name, colour, split }) => `${colour},${name},0,1,${split},0`),
      ].join('\n'),
    }),
  },
]
