import type { Split, TextsRule } from '../../../../api/training/datasets.ts'
import type { AnnotationMark, RowContent, RowProblem, TimedSentence, VideoName } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { timeIn } from '../../files/time-cell.ts'
import { splitNamed } from '../reading/format.ts'
import type { RowRead } from '../reading/format.ts'
import { settledChoices } from './choice-answers.ts'
import type { ChoiceRow } from './choice-answers.ts'
import { classReading, numberOrName, settledClasses } from './class-labels.ts'
import type { ClassReading, ClassRow, LabelCell } from './class-labels.ts'
import type { TextSpan } from './listed-texts.ts'
import type { NamedChoices } from './named-choices.ts'
import type { Column } from './table-columns.ts'

/** A row of named cells, from whatever kind of file. */
export interface NamedCells {
  readonly source: string
  /** '' for a column that is not there. */
  readonly cell: (column: Column) => string
  /** The sentences of its text. */
  readonly texts: readonly string[]
  /** When each of them is said, where the row lists that. */
  readonly spans?: readonly TextSpan[]
  /** `queries` where they are captions of which each tells of the whole. */
  readonly meant?: TextsRule
  /** Null where there are none to choose from. */
  readonly choices: NamedChoices | null
  /** Those of all columns that may tell the class, the likelier first. */
  readonly labels: readonly LabelCell[]
}

export interface TableFile {
  /** The split that the file's name speaks of. */
  readonly split: Split | null
  /** See {@link Row.near}. */
  readonly near: string
  /** Every row is a clip of its own. */
  readonly clips: boolean
  /** How the columns of the class are read; not given: as its own rows show. */
  readonly classes?: ClassReading | undefined
  /** The path of a video that its rows call otherwise. */
  readonly pathOf?: (name: string) => string
}

interface Told {
  readonly source: string
  readonly sentences: readonly string[]
  readonly start: number | null
  readonly end: number | null
  readonly texts?: TextsRule
  readonly mark?: AnnotationMark
}

/** The rows that tell of one video. */
interface Group {
  readonly split: Split | null
  readonly video: string
  readonly told: Told[]
}

/** What the rows of a table say: labels, questions, or texts; those with times are gathered by video. */
export async function* rowsOfTable(
  folder: LabelledFolder,
  file: TableFile,
  rows: AsyncIterable<NamedCells | RowProblem>,
): AsyncGenerator<RowRead> {
  const groups = new Map<string, Group>()
  const languages = new Map<string, number>()
  const questions: ChoiceRow[] = []
  const classes: ClassRow[] = []
  const { near, pathOf = (name: string) => name } = file
  for await (const row of rows) {
    if ('problem' in row) {
      yield row
      continue
    }
    const { source, cell, texts, spans, meant } = row
    const [start, end] = [timeIn(cell('start')), timeIn(cell('end'))]
    const named = cell('split')
    const split = splitNamed(named) ?? (named === '' ? file.split : null)
    if (named !== '' && split === null) {
      yield {
        source: `${source}: ${named}`,
        note: { kind: 'split', sentence: 'The split named in the row is none of train, validation and test.' },
      }
    }
    const video = pathOf([cell('folder'), cell('video')].filter(part => part !== '').join('/'))
    if (cell('video') === '') {
      yield { source, problem: 'names no video' }
    } else if (start === undefined || end === undefined) {
      yield {
        source,
        problem: `has a time that cannot be read (‘${start === undefined ? cell('start') : cell('end')}’); write seconds, or a clock as 00:01:02.5`,
      }
    } else {
      const content = answered({ name: video, start, end }, row)
      if (content && 'problem' in content) {
        yield { source, problem: content.problem }
      } else if (content?.type === 'choose') {
        questions.push({ source, split, near, ...content })
      } else if (content?.type === 'class') {
        classes.push({ source, split, near, video: content.video, labels: row.labels })
      } else if (content) {
        yield { source, split, near, content }
      } else {
        const key = JSON.stringify([split, video])
        const group = groups.get(key) ?? { split, video, told: [] }
        groups.set(key, group)
        const mark = markOf(row)
        const parts = spans?.map((span, place) => ({
          sentences: texts.slice(place, place + 1),
          start: span[0],
          end: span[1],
        }))
        for (const part of parts ?? [{ sentences: texts, start, end }]) {
          group.told.push({ source, ...part, ...(meant && { texts: meant }), ...(mark && { mark }) })
        }
        if (cell('language') !== '') languages.set(cell('language'), (languages.get(cell('language')) ?? 0) + 1)
      }
    }
  }
  if (languages.size > 1) {
    yield {
      source: [...languages].map(([name, count]) => `${name} ${count}`).join(', '),
      note: { kind: 'table', sentence: 'The table has texts in several languages; all are taken.' },
    }
  }
  yield* settledChoices(questions)
  yield* settledClasses(classes, file.classes ?? classReading(classes))
  const ofClips = file.clips || tellsOfClips([...groups.values()])
  for (const group of groups.values()) {
    const isStory = group.told.some(({ start }) => start !== null) && !ofClips && !isCutOut(folder, group, near)
    yield* isStory ? story(group, near) : clips(group, near)
  }
}

function markOf({ source: line, cell }: NamedCells): AnnotationMark | null {
  const [source, tier, id] = (['source', 'tier', 'annotation'] as const).map(column => cell(column) || null)
  return tier || id ? { source: source ?? null, tier: tier ?? null, id: id ?? null, line } : null
}

type Choosing = { readonly type: 'choose' } & Pick<ChoiceRow, 'video' | 'question' | 'answer' | 'choices' | 'counting'>

/** A row that tells a class, which of its cells is decided when all are read. */
interface Classed {
  readonly type: 'class'
  readonly video: VideoName
}

/** A row that has a label or an answer. Where there are answers to choose from, it is never one of an open question. */
function answered(
  video: VideoName,
  { cell, texts, labels, choices: named }: NamedCells,
): RowContent<VideoName> | Choosing | Classed | { readonly problem: string } | null {
  const [question, answer, label] = [cell('question'), cell('answer'), cell('label')]
  if (question !== '' && named !== null) {
    if ('problem' in named) return named
    const right = answer === '' ? label : answer
    if (named.choices.every(({ text }) => text === '')) return { problem: 'has no answers to choose from' }
    if (right === '') return { problem: 'does not say which of its choices is right' }
    return { type: 'choose', video, question, answer: right, ...named }
  }
  if (question !== '' && answer !== '') {
    return { type: 'question', video, question, subtitles: [], label: numberOrName(answer) }
  }
  const isClass = label !== '' || (texts.length === 0 && labels.some(({ text }) => text !== ''))
  return isClass ? { type: 'class', video } : null
}

const spanOf = ({ start, end }: Told) => JSON.stringify([start, end])

/**
 * Whether most rows with times tell of a part that other rows tell of as well: several descriptions of a clip, and no
 * story of the video.
 */
function tellsOfClips(groups: readonly Group[]): boolean {
  let [timed, shared] = [0, 0]
  for (const { told } of groups) {
    const counts = new Map<string, number>()
    for (const row of told) {
      if (row.start !== null && row.end !== null) counts.set(spanOf(row), (counts.get(spanOf(row)) ?? 0) + 1)
    }
    for (const count of counts.values()) {
      timed += count
      if (count > 1) shared += count
    }
  }
  return shared > timed / 2
}

/** Whether the video is there only as clips that are named for their times. */
function isCutOut({ videos }: LabelledFolder, { video, told }: Group, near: string): boolean {
  if (videos.find({ name: video, near }).files.length > 0) return false
  return told.some(({ start, end }) => videos.find({ name: video, start, end, near }).files.length > 0)
}

/** Every row by itself. */
function* clips({ split, video, told }: Group, near: string): Generator<RowRead> {
  for (const { source, sentences, start, end, texts } of told) {
    const content = {
      type: 'paragraph',
      video: { name: video, start, end },
      sentences: sentences.map(untimed),
    } as const
    yield { source, split, near, content, ...(texts && { texts }) }
  }
}

/** The rows of a video with times together, in the order of time: one story. */
function* story({ split, video, told }: Group, near: string): Generator<RowRead> {
  const [first] = told
  if (!first) return
  const sentences = told
    .toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
    .flatMap(({ sentences: texts, start, end, mark }): TimedSentence[] =>
      texts.map(text => ({ text, start, end, ...(mark && { mark }) })),
    )
  yield {
    source: first.source,
    split,
    near,
    content: { type: 'paragraph', video: { name: video, start: null, end: null }, sentences },
  }
}

function untimed(text: string): TimedSentence {
  return { text, start: null, end: null }
}
