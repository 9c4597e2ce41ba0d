import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type {
  AnnotationTier,
  DatasetChoice,
  DatasetFile,
  DatasetFormat,
  DatasetProblem,
  NameMatch,
  RowTask,
  Split,
  SplitRule,
  TextsRule,
} from '../../../api/training/datasets.ts'
import { isPretraining, textOf as textsOfRow, videosOf } from '../examples/example.ts'
import type { Example, RowContent } from '../examples/example.ts'
import { openLabelledFolder } from '../examples/folder.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import { formatNamed, formats } from '../formats/formats.ts'
import type { Format } from '../formats/reading/format.ts'
import { unknownTables } from '../formats/table-files/csv.ts'
import { jsonTable, unknownObjects } from '../formats/table-files/json-table.ts'
import { publishedClips } from './rows/impossible-times.ts'
import type { RowUse } from './rows/impossible-times.ts'
import { labelsOf, numbered } from './rows/labels.ts'
import { momentsAsParagraphs } from './rows/moment-paragraphs.ts'
import { momentQueries, queriesOfRow, tellsOfMoments } from './rows/moment-queries.ts'
import { Problems } from './rows/problems.ts'
import { defaultSplit, drawSplits } from './rows/splitting.ts'
import { sameRow, usableRows } from './rows/usable-rows.ts'
import type { FoundRow, RowWithoutVideo } from './rows/usable-rows.ts'
import { warnOf } from './warnings.ts'

/** A labelled folder as it was read. */
export interface Dataset {
  readonly folder: string
  readonly format: DatasetFormat
  readonly formats: readonly DatasetFormat[]
  readonly task: RowTask
  readonly tasks: readonly RowTask[]
  readonly split: SplitRule
  readonly texts: TextsRule | null
  readonly hash: string
  readonly examples: readonly Example[]
  /** Names by label number; empty for a task without labels. */
  readonly labels: readonly string[]
  readonly files: readonly DatasetFile[]
  readonly tiers: readonly AnnotationTier[]
  readonly names: readonly NameMatch[]
  /** What videos are called in the annotation, by path. */
  readonly videoNames: ReadonlyMap<string, string>
  /** Rows of the task whose videos are not there; their splits are known where they are given. */
  readonly withoutVideo: readonly AbsentRow[]
  readonly problems: readonly DatasetProblem[]
}

/** A row that nothing can be asked about, since its video is not there. */
export interface AbsentRow {
  readonly source: string
  readonly split: Split | null
  /** As the annotation has them. */
  readonly videos: readonly string[]
  /** What makes it one query with others: the moments of a video are its paragraph. */
  readonly query: string
}

/**
 * Reads every row of a labelled folder, finds the videos, numbers the labels and splits. Rows that cannot be used are
 * left out and told in `problems`; no video is opened.
 * @param needsVideos whether a row is left out when its video is not there; not given: it is.
 * @param clips that a pre-training example has; not given: those of the published models.
 * @throws ExpectedError when the folder cannot be read, no format fits, or no row can be used for the task.
 */
export async function readDataset(
  choice: DatasetChoice,
  signal: AbortSignal,
  { needsVideos = true, clips = publishedClips }: { readonly needsVideos?: boolean; readonly clips?: number } = {},
): Promise<Dataset> {
  const folder = await openLabelledFolder(choice, signal)
  const fits = await fittingFormats(folder, signal)
  const format = choice.format ? formatNamed(choice.format) : fits[0]
  if (!format) throw await unknownFolder(folder, signal)
  const problems = new Problems()
  const {
    rows: found,
    withoutVideo,
    names,
    files,
    tiers,
    matches,
  } = await usableRows(folder, format, {
    problems,
    texts: choice.texts ?? null,
    needsVideos,
    clips,
    signal,
  })
  const { rows: learned, repeated } = momentsAsParagraphs(found)
  const rowsFor = (wanted: RowTask) => (wanted === 'moments' ? found : learned)
  const tasks = tasksOf(format).filter(one => rowsFor(one).some(({ content }) => serves(content, one, clips)))
  const task = choice.task ?? tasks[0]
  const fitting = task === undefined ? [] : rowsFor(task).filter(({ content }) => serves(content, task, clips))
  if (task !== undefined && isPretraining(task)) warnOfFewClips(rowsFor(task), { task, clips, problems })
  const nameOf = (path: string) => names.get(path) ?? basename(path)
  const served = task === 'moments' ? momentQueries(fitting, nameOf, problems) : fitting
  for (const source of task === 'moments' ? [] : repeated) problems.add('duplicate', { ...sameRow, example: source })
  if (task === undefined || served.length === 0) {
    const [first] = problems.list()
    throw new ExpectedError(
      'dataset-empty',
      `${folder.path} has no row ${task ? `for the task ${task}` : 'that can be used'} as ${format.id}${first ? `; ${first.examples[0]}: ${first.sentence}` : '; choose another format or task.'}`,
    )
  }
  const split = choice.split ?? (served.some(row => row.split !== null) ? { by: 'given' as const } : defaultSplit)
  const placed = placeRows(served, split, problems)
  const labels = labelsOf(
    placed.map(({ content }) => content),
    problems,
  )
  const examples = placed.map(({ source, split: place, content, group }): Example => ({
    source,
    split: place,
    content: numbered(content, labels),
    ...(group !== undefined && { group }),
  }))
  warnOf(examples, { task, split, labels: labels.names }, problems)
  return {
    folder: folder.path,
    format: format.id,
    formats: [...new Set([format.id, ...fits.map(({ id }) => id)])],
    task,
    tasks,
    split,
    texts: textsOf(examples),
    hash: hashOf(examples, names),
    examples,
    labels: labels.names,
    files,
    tiers,
    names: matches,
    videoNames: names,
    withoutVideo: absentRows(withoutVideo, task, clips),
    problems: problems.list(),
  }
}

/** What the rows of a format can be for: moments as well, where sentences may have times. */
function tasksOf({ tasks }: Format): readonly RowTask[] {
  return tasks.includes('moments') || !tasks.includes('retrieval') ? tasks : [...tasks, 'moments']
}

function absentRows(rows: readonly RowWithoutVideo[], task: RowTask, clips: number): AbsentRow[] {
  const absent = rows.flatMap(({ row, videos }): AbsentRow[] => {
    const { content, split, source } = row
    const isServed = (content.type === 'moments' && task === 'retrieval') || serves(content, task, clips)
    if (!isServed) return []
    if (task === 'moments') {
      return queriesOfRow(row, ({ name }) => name).map(({ qid }) => ({
        ...{ source, split, videos },
        query: JSON.stringify([source, qid]),
      }))
    }
    const query =
      content.type === 'moments' && task === 'retrieval'
        ? JSON.stringify([split, videosOf(content)])
        : `${source} ${textsOfRow(content).join(' ')}`
    return [{ source, split, videos, query }]
  })
  return [...new Map(absent.map(row => [row.query, row])).values()]
}

/** What several texts of one video were taken for; null where no video has several. */
function textsOf(examples: readonly Example[]): TextsRule | null {
  const videos = new Set<string>()
  let hasParagraph = false
  for (const { split, content } of examples) {
    if (content.type !== 'paragraph') continue
    const key = JSON.stringify([split, content.video])
    if (videos.has(key)) return 'queries'
    videos.add(key)
    hasParagraph ||= content.sentences.length > 1 && content.sentences.every(({ start }) => start === null)
  }
  return hasParagraph ? 'paragraph' : null
}

async function fittingFormats(folder: LabelledFolder, signal: AbortSignal): Promise<Format[]> {
  const fits: Format[] = []
  for (const format of formats) {
    // Rows of the published formats have named fields as well.
    if (format === jsonTable && fits.some(({ id }) => id !== 'csv')) continue
    if (await format.fits(folder, signal)) fits.push(format)
  }
  return fits
}

async function unknownFolder(folder: LabelledFolder, signal: AbortSignal): Promise<ExpectedError> {
  const seen = [await unknownTables(folder, signal), await unknownObjects(folder, signal)]
  const why = seen.map(said => (said === null ? '' : ` ${said}.`)).join('')
  return new ExpectedError(
    'dataset-unknown',
    `${folder.path} is no labelled folder: it has neither an annotation file of a known format nor captions beside the videos nor folders named for classes.${why}`,
  )
}

function serves(content: RowContent<unknown>, task: RowTask, clips: number): boolean {
  switch (content.type) {
    case 'paragraph':
      return (
        task === 'retrieval' ||
        (task === 'moments' && tellsOfMoments(content)) ||
        (isPretraining(task) && timedSentences(content) >= clips)
      )
    case 'question':
      return task === 'qa-classification'
    case 'choices':
      return task === 'qa-multichoice'
    case 'class':
      return task === 'video-classification'
    case 'clips':
      return isPretraining(task)
    case 'moments':
      return task === 'moments'
    default:
      return content satisfies never
  }
}

function timedSentences({ sentences }: Extract<RowContent<unknown>, { type: 'paragraph' }>): number {
  return sentences.filter(({ start, end }) => start !== null && end !== null).length
}

/** Paragraphs that pre-training leaves out, since they have times for fewer sentences than an example has clips. */
function warnOfFewClips(
  rows: readonly FoundRow[],
  { task, clips, problems }: Required<RowUse> & { readonly problems: Problems },
): void {
  for (const { content, source } of rows) {
    if (content.type !== 'paragraph' || serves(content, task, clips)) continue
    problems.add('row', {
      severity: 'error',
      sentence: `The row has times for fewer than ${clips} sentences; it is left out.`,
      example: source,
    })
  }
}

/** Gives each row its split: by the rule, or for given splits those that the annotation states. */
function placeRows(
  rows: readonly FoundRow[],
  rule: SplitRule,
  problems: Problems,
): (FoundRow & { readonly split: Split })[] {
  if (rule.by === 'seeded') {
    const splits = drawSplits(classesByVideo(rows), rule)
    return rows.map(row => ({ ...row, split: splits.get(keyOf(row)) ?? 'train' }))
  }
  return rows.flatMap(row => {
    if (row.split !== null) return [{ ...row, split: row.split }]
    problems.add('split', {
      severity: 'error',
      sentence:
        'Nothing says whether the row is for training, validation or the test; it is left out. Name the file for its split, add a column ‘split’, or draw the splits with a seed.',
      example: row.source,
    })
    return []
  })
}

/** The videos that are drawn from, each with its class; null where there are none, and the least of several. */
function classesByVideo(rows: readonly FoundRow[]): Map<string, string | null> {
  const classes = new Map<string, string | null>()
  for (const row of rows) {
    const [key, label] = [keyOf(row), row.content.type === 'class' ? String(row.content.label) : null]
    const known = classes.get(key) ?? null
    classes.set(key, known === null || (label !== null && label < known) ? label : known)
  }
  return classes
}

/**
 * What stays together when splits are drawn: the first video, by its file name, so that moving a folder changes
 * nothing.
 */
function keyOf({ content }: FoundRow): string {
  return basename(videosOf(content)[0]?.path ?? '')
}

function hashOf(examples: readonly Example[], names: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  for (const { split, content } of examples) {
    const named = JSON.stringify([split, content], (key, value: unknown) =>
      // Where a sentence stands makes no other data.
      key === 'mark'
        ? undefined
        : key === 'path' && typeof value === 'string'
          ? (names.get(value) ?? basename(value))
          : value,
    )
    hash.update(named).update('\n')
  }
  return hash.digest('hex')
}
