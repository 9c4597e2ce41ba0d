import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { annotationForms, limits, rowTasks, splits, tasks, textsRules } from '../common/rules.ts'
import { within } from '../common/within.ts'

/** What is learned from a labelled folder; each has its model kind of the same name. */
export const task = z.enum(tasks)
export type Task = z.infer<typeof task>

/** What the rows of a labelled folder are for: a task that is learned, or `moments`, which is only scored. */
export const rowTask = z.enum(rowTasks)
export type RowTask = z.infer<typeof rowTask>

/** How a folder says which text or label belongs to which video. */
export const datasetFormat = z.enum([
  'retrieval-jsonl',
  'activitynet-qa',
  'activitynet-qa-pair',
  'how2qa',
  'how2qa-release',
  'egoschema',
  'violin',
  'violin-release',
  'video-classification-jsonl',
  'pretrain-jsonl',
  'pretrain-lmdb',
  'activitynet-captions',
  'video-database',
  'didemo',
  'moments',
  'charades-sta',
  'msr-vtt',
  'msvd',
  'condensed-movies',
  'lsmdc',
  'lvu',
  'openmmlab',
  'elan',
  'label-studio',
  'captions-beside-videos',
  'class-folders',
  'csv',
  'json-table',
  'parquet',
  'webdataset',
])
export type DatasetFormat = z.infer<typeof datasetFormat>

export const split = z.enum(splits)
export type Split = z.infer<typeof split>

/**
 * `given`: by the annotation files' names or by the column or field `split`. `seeded`: drawn by video with a seed;
 * fractions of the videos.
 */
export const splitRule = z.discriminatedUnion('by', [
  z.object({ by: z.literal('given') }),
  z.object({
    by: z.literal('seeded'),
    seed: within(limits.splitSeed),
    validation: within(limits.splitShare),
    test: within(limits.splitShare),
  }),
])
export type SplitRule = z.infer<typeof splitRule>

/**
 * What several texts of one video are that have no times: the sentences of one paragraph, or captions of which each is
 * a query of its own for that video.
 */
export const textsRule = z.enum(textsRules)
export type TextsRule = z.infer<typeof textsRule>

/** A labelled folder and how to read it; what is null is found out. */
export const datasetChoice = z.object({
  folder: z.string().min(1),
  /** Where the videos are when they are not inside the folder. */
  videos: z.string().nullable().default(null),
  format: datasetFormat.nullable().default(null),
  task: rowTask.nullable().default(null),
  split: splitRule.nullable().default(null),
  /** Not given: as the format has it, and in tables each row is a query. */
  texts: textsRule.exactOptional(),
  /** Of annotations by ELAN, the tiers whose annotations are sentences; not given: those that hang on no other. */
  tiers: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Frames a second by which an annotation counts its frames, as the project of Label Studio has it. */
  frameRate: within(limits.frameRate).exactOptional(),
})
export type DatasetChoice = z.infer<typeof datasetChoice>

/** One kind of fault and everything it hits. `error`: these rows are left out. */
export const datasetProblem = z.object({
  severity: z.enum(['error', 'warning']),
  kind: z.enum([
    'row',
    'missing-video',
    'ambiguous-video',
    'broken-video',
    'short-video',
    'duplicate',
    'empty-text',
    'unseen-label',
    'leak',
    'split',
    'surplus',
    'times',
    'encoding',
    'captions',
    'table',
    'several-texts',
    'one-class',
    'missing-class',
    'labels',
    'tiers',
    'frame-rate',
  ]),
  /** One sentence with the cause and the remedy. */
  sentence: z.string(),
  count: z.number().int(),
  /** At most ten of the things hit, each as the reader can find it. */
  examples: z.array(z.string()),
})
export type DatasetProblem = z.infer<typeof datasetProblem>

/** One row as the model will get it. Seconds; null for the whole video. */
export const exampleRow = z.object({
  split,
  /** Where it stands: file and line, or the video. */
  source: z.string(),
  videos: z.array(z.string()),
  start: z.number().nullable(),
  end: z.number().nullable(),
  /** Seconds of what the text says: of its sentences, of a query's windows, of an answer. */
  times: z.array(z.tuple([z.number(), z.number()])),
  text: z.array(z.string()),
  label: z.string().nullable(),
})
export type ExampleRow = z.infer<typeof exampleRow>

export const splitCounts = z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() })
export type SplitCounts = z.infer<typeof splitCounts>

/** An annotation file, and how its text was read. */
export const datasetFile = z.object({
  file: z.string(),
  /** By its WHATWG name. */
  encoding: z.string(),
  /** What parts the cells of a table, as its header says: comma, semicolon, tab or pipe; null for another file. */
  delimiter: z.string().nullable(),
  /** Names of the columns by what they are taken for; empty for another file. */
  columns: z.record(z.string(), z.string()),
})
export type DatasetFile = z.infer<typeof datasetFile>

/**
 * In what a name of the annotation differs from the file it was taken for: `folder` lies elsewhere, `extension` is
 * another container, `prefix` lacks or has `v_`, `unicode` is composed otherwise, `case` has other capitals, `times` is
 * the clip `NAME_START_END` of a row, `part` the whole video of which the name `NAME_START_END` means a part, `upload`
 * lacks the eight characters that Label Studio puts before the name of an uploaded file, `percent` has the characters
 * that `%20` and the like of the name stand for.
 */
export const nameDifference = z.enum([
  'unicode',
  'case',
  'prefix',
  'extension',
  'folder',
  'times',
  'part',
  'upload',
  'percent',
])
export type NameDifference = z.infer<typeof nameDifference>

/** Videos that were found in one way. */
export const nameMatch = z.object({
  /** None: as they are written, with or without the extension. */
  differences: z.array(nameDifference),
  /** Distinct names. */
  count: z.number().int(),
  /** At most ten of them, each as `name → file`. */
  examples: z.array(z.string()),
})
export type NameMatch = z.infer<typeof nameMatch>

/** A tier of annotation files: what a person or a kind of annotation has its own line for. */
export const annotationTier = z.object({
  name: z.string(),
  /** Annotations with a text. */
  count: z.number().int(),
  /** Whether they are the sentences. */
  taken: z.boolean(),
})
export type AnnotationTier = z.infer<typeof annotationTier>

/** What a dry run over a labelled folder found. Nothing is changed by it. */
export const datasetReport = z.object({
  folder: z.string(),
  format: datasetFormat,
  /** Every format that fits, the likeliest first. */
  formats: z.array(datasetFormat),
  task: rowTask,
  /** What models are evaluated by on these rows: of pre-training, and for moments, those that retrieve. */
  evaluatedBy: task,
  /** Tasks that the rows can serve. */
  tasks: z.array(rowTask),
  split: splitRule,
  /** Which of the two several texts of a video were taken for; null where no video has several. */
  texts: textsRule.nullable(),
  /** SHA-256 over all rows as read, their splits included: the same hash, the same data. */
  hash: z.string(),
  counts: splitCounts,
  videos: z.number().int(),
  /** Whether videos were opened: all, or those that were asked for. */
  probed: z.boolean(),
  opened: z.number().int(),
  /** Every video that is not there or cannot be read, as the annotation calls it. */
  missing: z.array(z.object({ video: z.string(), reason: z.enum(['missing', 'unreadable']) })),
  /** By label, in the order of the label numbers; empty for a task without labels. */
  labels: z.array(z.object({ name: z.string(), counts: splitCounts })),
  files: z.array(datasetFile),
  /** Of annotation files that have tiers; empty for others. */
  tiers: z.array(annotationTier),
  /** How the names of the annotation met files, exact ones first. */
  names: z.array(nameMatch),
  problems: z.array(datasetProblem),
  rows: z.array(exampleRow),
  /** Why nothing can be trained on it, or null. */
  unusable: z.string().nullable(),
})
export type DatasetReport = z.infer<typeof datasetReport>

export const inspection = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    done: z.number().int(),
    total: z.number().int(),
    current: z.string().nullable(),
  }),
  z.object({ type: z.literal('report'), report: datasetReport }),
])
export type Inspection = z.infer<typeof inspection>

/** Labelled folders for an annotation tool; `out` is absolute: a folder for ELAN, else a file. */
export const annotationExport = z.object({
  /** A labelled folder, or one annotation file. */
  choice: datasetChoice,
  as: z.enum(annotationForms),
  out: z.string().min(1),
  /** The files that the parts go back into; null for new ones. */
  into: z.string().min(1).nullable().default(null),
  overwrite: z.boolean().default(false),
})
export type AnnotationExport = z.infer<typeof annotationExport>

/** What an export did; every part of a video and every annotation is counted once. */
export const annotationCounts = z.object({
  spans: z.number().int(),
  /** Texts without times, which no time line holds. */
  untimed: z.number().int(),
  files: z.number().int(),
  /** Annotations with other times or another text than before. */
  changed: z.number().int(),
  added: z.number().int(),
  unchanged: z.number().int(),
  /** Annotations that nothing speaks of; they stay as they are. */
  untouched: z.number().int(),
  /** What could not be read, or not be put back. */
  problems: z.array(z.string()),
})
export type AnnotationCounts = z.infer<typeof annotationCounts>

export const datasetsContract = {
  /** Writes the parts of videos that a labelled folder tells of as an annotation tool has them. */
  exportAnnotations: oc
    .input(annotationExport)
    // The labelling interface that a new project of Label Studio needs for them; null for others.
    .output(annotationCounts.extend({ labellingInterface: z.string().nullable() })),
  /**
   * A dry run: reads the rows and, with `probe`, opens every video, or only those that an earlier report has as
   * missing. The report is the last event.
   */
  inspect: oc
    .input(
      datasetChoice.extend({ probe: z.boolean().default(true), only: z.array(z.string()).nullable().default(null) }),
    )
    .output(eventIterator(inspection)),
}
