import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Task } from '../../api/training/datasets.ts'
import { clipsIn } from '../data/examples/example.ts'
import type { Example, ExampleContent } from '../data/examples/example.ts'
import { JobVideos } from './job-videos.ts'

/** The rows of a job, one JSON value per line, and the class of the published code that reads them. */
export interface JobRows {
  readonly dataset:
    | 'RetrievalDataset'
    | 'ActnetQADataset'
    | 'ViolinDataset'
    | 'How2QADataset'
    | 'VideoClassificationDataset'
    | 'PreTrainDataset'
  readonly train: readonly string[]
  readonly validation: readonly string[]
  /** What pre-training is validated with in addition: rows of RetrievalDataset. */
  readonly retrieval: readonly string[] | null
  readonly videos: JobVideos
  /** The published How2QA code takes every video for one of this many frames per second; null elsewhere. */
  readonly frameRate: number | null
}

/** How many answers the published How2QA code repeats the question for. */
const publishedAnswers = 4
const publishedFrameRate = 3

/**
 * The examples of a run in the published code's own field names (REFERENCE §6).
 * @throws ExpectedError when that code could not read them.
 */
export function jobRows(task: Task, examples: readonly Example[]): JobRows {
  const dataset = datasetOf(task, examples)
  const videos = new JobVideos(dataset === 'PreTrainDataset' ? 'by-video' : 'flat')
  const rows = (split: Example['split'], write: (content: ExampleContent) => unknown) =>
    examples.filter(example => example.split === split).map(({ content }) => jsonLine(write(content)))
  const row = (content: ExampleContent) => rowOf(content, dataset, videos)
  return {
    dataset,
    videos,
    train: rows('train', row),
    validation: rows('validation', row),
    retrieval: dataset === 'PreTrainDataset' ? rows('validation', content => firstClip(content, videos)) : null,
    frameRate:
      dataset === 'How2QADataset' && examples.some(({ content }) => content.type === 'choices' && content.span !== null)
        ? publishedFrameRate
        : null,
  }
}

function datasetOf(task: Task, examples: readonly Example[]): JobRows['dataset'] {
  switch (task) {
    case 'retrieval':
      return 'RetrievalDataset'
    case 'qa-classification':
      return examples.some(({ content }) => content.type === 'question' && content.subtitles.length > 0)
        ? 'ViolinDataset'
        : 'ActnetQADataset'
    case 'qa-multichoice': {
      const other = examples.find(
        ({ content }) => content.type === 'choices' && content.answers.length !== publishedAnswers,
      )
      if (other) {
        throw new ExpectedError(
          'job-answers',
          `The published How2QA code reads ${publishedAnswers} answers to every question, but ${other.source} has another number; it cannot train this run.`,
        )
      }
      return 'How2QADataset'
    }
    case 'video-classification':
      return 'VideoClassificationDataset'
    case 'pretrain-stage1':
    case 'pretrain-stage2':
      return 'PreTrainDataset'
    default:
      return task satisfies never
  }
}

function rowOf(content: ExampleContent, dataset: JobRows['dataset'], videos: JobVideos): unknown {
  if (dataset === 'PreTrainDataset') {
    return clipsIn(content).map(({ video, text }) => ({ clip_id: `${videos.name(video)}.mp4`, text }))
  }
  switch (content.type) {
    case 'paragraph':
      return { clip_id: videos.name(content.video), text: content.sentences.map(({ text }) => text) }
    case 'question':
      if (dataset === 'ActnetQADataset') {
        return { video_name: videos.name(content.video), question: content.question, answer: content.label }
      }
      return {
        clip_id: videos.name(content.video),
        text_q: content.question,
        text_s: subtitlesOf(content.subtitles),
        answer: content.label,
      }
    case 'choices':
      return {
        clip_id: videos.name(content.video),
        span: content.span?.map(time => time - (content.video.start ?? 0)) ?? [Number.NaN, Number.NaN],
        text_q: content.question,
        text_a: content.answers,
        text_s: subtitlesOf(content.subtitles),
        answer_idx: content.label,
      }
    case 'class':
      return { video_id: videos.name(content.video), recipe_type: content.label }
    case 'moments':
    case 'clips':
      throw new Error(`${content.type} are no rows of ${dataset}`)
    default:
      return content satisfies never
  }
}

/** The times must be there, but decide nothing. */
function subtitlesOf(texts: readonly string[]): { text: string; start: number; end: number }[] {
  return texts.map(text => ({ text, start: 0, end: 0 }))
}

function firstClip(content: ExampleContent, videos: JobVideos): unknown {
  return clipsIn(content)
    .slice(0, 1)
    .map(({ video, text }) => ({ clip_id: videos.place(videos.name(video)), text: [text] }))[0]
}

/** NaN is written as the published files have it: in a span that is not known. */
function jsonLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, field]) => `${JSON.stringify(key)}: ${jsonLine(field)}`)
      .join(', ')}}`
  }
  return Number.isNaN(value) ? 'NaN' : JSON.stringify(value)
}
