import type {
  AnnotationTier,
  DatasetFile,
  DatasetProblem,
  RowTask,
  Split,
  TextsRule,
} from '../../../api/training/datasets.ts'

/** A video file, or the part of it from `start` to `end`, seconds; null for the whole. */
export interface VideoSpan {
  readonly path: string
  readonly start: number | null
  readonly end: number | null
}

/** A sentence, with the seconds of its video that it tells of when the annotation says so. */
export interface TimedSentence {
  readonly text: string
  readonly start: number | null
  readonly end: number | null
  readonly mark?: AnnotationMark
}

/** Where a sentence stands in the file of an annotation tool, so that it finds its way back. */
export interface AnnotationMark {
  /** The file's name. */
  readonly source: string | null
  readonly tier: string | null
  readonly id: string | null
  /** The line of a table that says so. */
  readonly line?: string
}

/**
 * What a row says, whatever its videos are called: `Video` is a name while reading and a {@link VideoSpan} afterwards.
 */
export type RowContent<Video> =
  | { readonly type: 'paragraph'; readonly video: Video; readonly sentences: readonly TimedSentence[] }
  /** One answer of a fixed set; `subtitles` as VIOLIN has them, else none. */
  | {
      readonly type: 'question'
      readonly video: Video
      readonly question: string
      readonly subtitles: readonly string[]
      readonly label: number | string
    }
  /** `span`: the seconds of the video that hold the answer, or null. */
  | {
      readonly type: 'choices'
      readonly video: Video
      readonly question: string
      readonly answers: readonly string[]
      readonly subtitles: readonly string[]
      readonly label: number
      readonly span: readonly [number, number] | null
    }
  | { readonly type: 'class'; readonly video: Video; readonly label: number | string }
  /**
   * A query and the windows of its video that it tells of, `[start, end]` in seconds of the file, none where they are
   * not public; where people rated them, the two-second clips of the named part, counted from 0, with each one's
   * scores. It is what a task of moments takes; other tasks have it as a paragraph. `vid` is the video or part as the
   * annotation names it, `duration` its seconds where the annotation says so, and `qid` what predictions are matched
   * by.
   */
  | {
      readonly type: 'moments'
      readonly video: Video
      readonly qid: string | number
      readonly vid: string
      readonly duration: number | null
      readonly query: string
      readonly windows: readonly (readonly [number, number])[]
      readonly saliency: readonly { readonly clip: number; readonly scores: readonly number[] }[] | null
    }
  /** Consecutive clips of one long video, each a file of its own, with its sentence. */
  | { readonly type: 'clips'; readonly clips: readonly { readonly video: Video; readonly text: string }[] }

/**
 * Rows of one group come into one batch in training, so that a contrastive loss compares them: a story and the same
 * scenes in another order.
 */
export type RowGroup = string

/** A row as an annotation file has it. */
export interface Row {
  /** File and line, or the video, as the reader can find it. */
  readonly source: string
  /** Null when neither the file's name nor the row says. */
  readonly split: Split | null
  readonly content: RowContent<VideoName>
  readonly group?: RowGroup
  /**
   * The folder of the annotation file inside the labelled folder, where names may begin; not given: the labelled
   * folder.
   */
  readonly near?: string
  /** `queries` where the format has several captions of the whole video; not given: its sentences are one text. */
  readonly texts?: TextsRule
}

/** A video as an annotation names it: a path inside the folder, or its file name with or without its extension. */
export interface VideoName {
  readonly name: string
  readonly start: number | null
  readonly end: number | null
}

/** A row that can be used: its videos are files, its label is a number. */
export interface Example {
  readonly source: string
  readonly split: Split
  readonly content: ExampleContent
  readonly group?: RowGroup
}
export type ExampleContent = WithNumber<RowContent<VideoSpan>>
type WithNumber<Content> = Content extends { readonly label: number | string }
  ? Omit<Content, 'label'> & { readonly label: number }
  : Content

/** A row that cannot be read. */
export interface RowProblem {
  readonly source: string
  /** What is wrong with it: the end of a sentence that begins with the source. */
  readonly problem: string
}

/** What a reader of the rows should know of some of them; they are used all the same. */
export interface RowNote {
  readonly source: string
  readonly note: Pick<DatasetProblem, 'kind' | 'sentence'>
}

/** How an annotation file was read. */
export interface FileNote {
  readonly file: DatasetFile
}

/** A tier of an annotation file, and whether its annotations are taken. */
export interface TierNote {
  readonly tier: AnnotationTier
}

export function wholeVideo(name: string): VideoName {
  return { name, start: null, end: null }
}

/** A video without bounds that one sentence is about. */
export function captionedVideo(name: string, sentence: string) {
  const sentences = [{ text: sentence, start: null, end: null }]
  return { type: 'paragraph' as const, video: wholeVideo(name), sentences }
}

/** The videos of a row, in order. */
export function videosOf<Video>(
  content: RowContent<Video> | (Omit<Extract<RowContent<Video>, { label: unknown }>, 'label'> & { label: number }),
): readonly Video[] {
  return content.type === 'clips' ? content.clips.map(({ video }) => video) : [content.video]
}

/** What the videos of an example are known by: those of two texts of the same part are the same. */
export function videoKey(content: ExampleContent): string {
  return JSON.stringify(videosOf(content))
}

/**
 * The consecutive clips of an example of pre-training: clip files, or the parts of a video that sentences with times
 * tell of.
 */
export function clipsIn(content: ExampleContent): { readonly video: VideoSpan; readonly text: string }[] {
  switch (content.type) {
    case 'clips':
      return [...content.clips]
    case 'paragraph':
      return content.sentences.flatMap(({ text, start, end }) =>
        start === null || end === null ? [] : [{ text, video: { path: content.video.path, start, end } }],
      )
    case 'question':
    case 'choices':
    case 'class':
    case 'moments':
      return []
    default:
      return content satisfies never
  }
}

/** The text of a row as it is shown, sentence by sentence. */
export function textOf(content: RowContent<unknown> | ExampleContent): string[] {
  switch (content.type) {
    case 'paragraph':
      return content.sentences.map(({ text }) => text)
    case 'question':
      return [content.question, ...content.subtitles]
    case 'choices':
      return [content.question, ...content.answers, ...content.subtitles]
    case 'class':
      return []
    case 'moments':
      return [content.query]
    case 'clips':
      return content.clips.map(({ text }) => text)
    default:
      return content satisfies never
  }
}

/** Of a row, the times in seconds of what is said in it: of sentences, of a query's windows, of an answer's span. */
export function timesOf(content: ExampleContent): [number, number][] {
  switch (content.type) {
    case 'paragraph':
      return content.sentences.flatMap(({ start, end }) => (start === null || end === null ? [] : [[start, end]]))
    case 'choices':
      return content.span ? [[...content.span]] : []
    case 'moments':
      return content.windows.map(([start, end]) => [start, end])
    case 'clips':
      return content.clips.flatMap(({ video: { start, end } }) =>
        start === null || end === null ? [] : [[start, end]],
      )
    case 'question':
    case 'class':
      return []
    default:
      return content satisfies never
  }
}

export function isPretraining(task: RowTask): boolean {
  return task === 'pretrain-stage1' || task === 'pretrain-stage2'
}
