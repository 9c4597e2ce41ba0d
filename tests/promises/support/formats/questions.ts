import { fourColours } from '../colour-videos.ts'
import { asked, perSplit } from './promise.ts'
import type { FormatPromise } from './promise.ts'

/** Questions with their answers. */
export const questionFormats: readonly FormatPromise[] = [
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
]
