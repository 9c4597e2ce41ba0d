import { createHash } from 'node:crypto'
import path from 'node:path'
import type { DatasetChoice, DatasetFormat, DatasetProblem, Split, SplitRule, Task } from '../../api/datasets.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { isPretraining, textOf, videosOf } from './example.ts'
import type { Example, ExampleContent, Row, RowContent, VideoName, VideoSpan } from './example.ts'
import { openLabelledFolder } from './folder.ts'
import type { LabelledFolder } from './folder.ts'
import type { Format } from './formats/format.ts'
import { formatNamed, formats } from './formats/index.ts'
import { Problems } from './problems.ts'
import { defaultSplit, drawSplits } from './splitting.ts'

/** A labelled folder as it was read. */
export interface Dataset {
  readonly folder: string
  readonly format: DatasetFormat
  readonly formats: readonly DatasetFormat[]
  readonly task: Task
  readonly tasks: readonly Task[]
  readonly split: SplitRule
  readonly hash: string
  readonly examples: readonly Example[]
  /** Names by label number; empty for a task without labels. */
  readonly labels: readonly string[]
  readonly problems: readonly DatasetProblem[]
}

/** Clips that one pre-training example has at least (REFERENCE §6: with fewer the frame count is wrong). */
const fewestClips = 4

/**
 * Reads every row of a labelled folder, finds the videos, numbers the labels and splits. Rows that cannot be used are left out
 * and told in `problems`; no video is opened.
 * @throws ExpectedError when the folder cannot be read, no format fits, or no row can be used for the task.
 */
export async function readDataset(choice: DatasetChoice, signal: AbortSignal): Promise<Dataset> {
  const folder = await openLabelledFolder(choice.folder, choice.videos, signal)
  const fitting = await fittingFormats(folder, signal)
  const format = choice.format ? formatNamed(choice.format) : fitting[0]
  if (!format) throw new ExpectedError('dataset-unknown', `${folder.path} is no labelled folder: it has neither an annotation file of a known format nor captions beside the videos nor folders named for classes.`)
  const problems = new Problems()
  const { rows, names } = await usableRows(folder, format, problems, signal)
  const tasks = format.tasks.filter(task => rows.some(({ content }) => serves(content, task)))
  const task = choice.task ?? tasks[0]
  const served = rows.filter(({ content }) => task !== undefined && serves(content, task))
  if (task === undefined || served.length === 0) {
    const [first] = problems.list()
    throw new ExpectedError('dataset-empty', `${folder.path} has no row ${task ? `for the task ${task}` : 'that can be used'} as ${format.id}${first ? `; ${first.examples[0]}: ${first.sentence}` : '; choose another format or task.'}`)
  }
  const split = choice.split ?? (served.some(row => row.split !== null) ? { by: 'given' as const } : defaultSplit)
  const placed = placeRows(served, split, problems)
  const labels = labelNames(placed)
  const examples = placed.map(({ source, split: place, content }): Example => ({ source, split: place, content: numbered(content, labels) }))
  warnOfLabels(examples, labels, problems)
  warnOfLeaks(examples, problems)
  if (task === 'retrieval') warnOfRepeats(examples, problems)
  return {
    folder: folder.path, format: format.id, formats: [...new Set([format.id, ...fitting.map(({ id }) => id)])], task, tasks, split,
    hash: hashOf(examples, names), examples, labels, problems: problems.list(),
  }
}

async function fittingFormats(folder: LabelledFolder, signal: AbortSignal): Promise<Format[]> {
  const fits: Format[] = []
  for (const format of formats) if (await format.fits(folder, signal)) fits.push(format)
  return fits
}

type FoundRow = Omit<Row, 'content'> & { readonly content: RowContent<VideoSpan> }

/** The rows whose videos are there and whose text says something, once each; `names` are the videos as the annotation has them. */
async function usableRows(folder: LabelledFolder, format: Format, problems: Problems, signal: AbortSignal) {
  const rows: FoundRow[] = []
  const names = new Map<string, string>()
  const seen = new Set<string>()
  for await (const row of format.read(folder, signal)) {
    if ('problem' in row) {
      problems.add('row', 'error', `The row ${row.problem}; it is left out.`, row.source)
      continue
    }
    const spans = videosOf(row.content).map(name => ({ name, span: findVideo(folder, name, row.source, problems) }))
    if (spans.some(({ span }) => span === null)) continue
    for (const { name, span } of spans) if (span) names.set(span.path, path.isAbsolute(name.name) ? path.relative(folder.path, name.name) : name.name)
    const found = withVideos(row, spans.flatMap(({ span }) => span ?? []))
    const key = JSON.stringify([row.split, found.content])
    if (seen.has(key)) problems.add('duplicate', 'warning', 'The same row was there before; it counts once.', row.source)
    else if (hasNoText(found.content)) problems.add('empty-text', 'error', 'The row has no text; it is left out.', row.source)
    else if (found.content.type === 'clips' && found.content.clips.length < fewestClips) problems.add('row', 'error', `The row has fewer than ${fewestClips} clips; it is left out.`, row.source)
    else rows.push(found)
    seen.add(key)
  }
  return { rows, names }
}

function findVideo(folder: LabelledFolder, { name, start, end }: VideoName, source: string, problems: Problems): VideoSpan | null {
  const [file, ...more] = folder.videos.find(name)
  if (file === undefined) problems.add('missing-video', 'error', 'The video is not there; its row is left out. If the videos lie elsewhere, say where.', `${source}: ${name}`)
  else if (more.length > 0) problems.add('ambiguous-video', 'error', 'Several videos have this name; its row is left out. Give the path inside the folder.', `${source}: ${name}`)
  else if (start !== null && end !== null && end <= start) problems.add('row', 'error', 'The row ends before it starts; it is left out.', `${source}: ${start}–${end} s`)
  else return { path: file, start, end }
  return null
}

function withVideos({ source, split, content }: Row, spans: readonly VideoSpan[]): FoundRow {
  const video = spans[0]
  if (!video) throw new Error(`${source} has no video`)
  if (content.type === 'clips') return { source, split, content: { type: 'clips', clips: content.clips.map(({ text }, index) => ({ text, video: spans[index] ?? video })) } }
  return { source, split, content: { ...content, video } }
}

function hasNoText(content: RowContent<unknown>): boolean {
  return content.type !== 'class' && textOf(content).every(text => text.trim() === '')
}

function serves(content: RowContent<unknown>, task: Task): boolean {
  switch (content.type) {
    case 'paragraph': return task === 'retrieval' || (isPretraining(task) && content.sentences.filter(({ start, end }) => start !== null && end !== null).length >= fewestClips)
    case 'question': return task === 'qa-classification'
    case 'choices': return task === 'qa-multichoice'
    case 'class': return task === 'video-classification'
    case 'clips': return isPretraining(task)
    default: return content satisfies never
  }
}

/** Gives each row its split: by the rule, or for given splits those that the annotation states. */
function placeRows(rows: readonly FoundRow[], rule: SplitRule, problems: Problems): (FoundRow & { readonly split: Split })[] {
  if (rule.by === 'seeded') {
    const splits = drawSplits([...new Set(rows.map(keyOf))].sort(), rule)
    return rows.map(row => ({ ...row, split: splits.get(keyOf(row)) ?? 'train' }))
  }
  return rows.flatMap(row => {
    if (row.split !== null) return [{ ...row, split: row.split }]
    problems.add('split', 'error', 'Nothing says whether the row is for training, validation or the test; it is left out. Name the file for its split, add a column ‘split’, or draw the splits with a seed.', row.source)
    return []
  })
}

/** What stays together when splits are drawn: the first video, by its file name, so that moving a folder changes nothing. */
function keyOf({ content }: FoundRow): string {
  return path.basename(videosOf(content)[0]?.path ?? '')
}

/** Names by number: the numbers given, or all distinct names in the order of the alphabet. */
function labelNames(rows: readonly FoundRow[]): string[] {
  const given = rows.flatMap(({ content }) => ('label' in content ? [content.label] : []))
  const answers = rows.flatMap(({ content }) => (content.type === 'choices' ? [content.answers.length] : []))
  if (answers.length > 0) return Array.from({ length: Math.max(...answers) }, (_, answer) => `answer ${answer + 1}`)
  if (given.every(label => typeof label === 'number')) return given.length === 0 ? [] : Array.from({ length: given.reduce((most, label) => Math.max(most, label), 0) + 1 }, (_, label) => String(label))
  return [...new Set(given.map(String))].sort()
}

function numbered(content: RowContent<VideoSpan>, labels: readonly string[]): ExampleContent {
  switch (content.type) {
    case 'question':
    case 'class': return { ...content, label: typeof content.label === 'number' && labels[content.label] === String(content.label) ? content.label : labels.indexOf(String(content.label)) }
    case 'choices':
    case 'paragraph':
    case 'clips': return content
    default: return content satisfies never
  }
}

function warnOfLabels(examples: readonly Example[], labels: readonly string[], problems: Problems): void {
  const learned = new Set(examples.flatMap(({ split, content }) => (split === 'train' && 'label' in content ? [content.label] : [])))
  for (const { source, split, content } of examples) {
    if (split === 'train' || !('label' in content) || content.type === 'choices' || learned.has(content.label)) continue
    problems.add('unseen-label', 'warning', `The label ‘${labels[content.label]}’ is never seen in training, so that no model can learn it; its rows count as wrong.`, source)
  }
}

function warnOfLeaks(examples: readonly Example[], problems: Problems): void {
  const trained = new Set(examples.filter(({ split }) => split === 'train').flatMap(({ content }) => videosOf(content).map(video => video.path)))
  const held = new Map<string, string>()
  for (const { source, split, content } of examples) {
    if (split !== 'train') for (const video of videosOf(content)) if (trained.has(video.path)) held.set(video.path, source)
  }
  for (const [video, source] of held) problems.add('leak', 'warning', 'The video is in training and held out as well: its figures say less than they seem to.', `${source}: ${path.basename(video)}`)
}

/** Retrieval has one right video per paragraph. */
function warnOfRepeats(examples: readonly Example[], problems: Problems): void {
  const seen = new Set<string>()
  for (const { source, split, content } of examples) {
    const key = JSON.stringify([split, ...videosOf(content)])
    if (seen.has(key)) problems.add('duplicate', 'warning', 'The video already has a paragraph in this split: each of the two counts as wrong for the other.', source)
    seen.add(key)
  }
}

function hashOf(examples: readonly Example[], names: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  for (const { split, content } of examples) {
    const named = JSON.stringify([split, content], (key, value: unknown) => (key === 'path' && typeof value === 'string' ? names.get(value) ?? path.basename(value) : value))
    hash.update(named).update('\n')
  }
  return hash.digest('hex')
}
