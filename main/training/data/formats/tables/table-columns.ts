import { english } from '../../../../../native-models/english.ts'
import { choiceColumns, choiceLists } from './choice-columns.ts'
import type { ChoiceColumns } from './choice-columns.ts'

/**
 * What a column may be; names as the published tables have them, the likelier first, without case, spaces and signs.
 */
const names = {
  /**
   * A file or an id: VideoFolder `file_name`, WebVid `videoid`, MSVD `VideoID`, MSR-VTT and EPIC-KITCHENS `video_id`,
   * Kinetics `youtube_id`, Charades `id`.
   */
  video: [
    'filename',
    'file',
    'filepath',
    'videopath',
    'videofile',
    'videofilename',
    'videofilepath',
    'clippath',
    'path',
    'clipid',
    'clipname',
    'clip',
    'videoname',
    'video',
    'videoid',
    'vidname',
    'vidid',
    'vid',
    'youtubeid',
    'ytid',
    'key',
    'id',
    'name',
  ],
  /** VATEX `enCap`, EPIC-KITCHENS `narration`, Charades `script`, MiraData `dense_caption`, WebVid `name`. */
  text: [
    'text',
    'encap',
    'caption',
    'captions',
    'sentence',
    'sentences',
    'paragraph',
    'description',
    'descriptions',
    'desc',
    'narration',
    'query',
    'script',
    'captionen',
    'englishcaption',
    'videocaption',
    'videodescription',
    'densecaption',
    'shortcaption',
    'summary',
    'transcript',
    'prompt',
    'name',
    'title',
  ],
  label: ['label', 'class', 'category', 'recipetype', 'labelname', 'classname', 'action', 'activity', 'actionlabel'],
  question: ['question', 'textq'],
  answer: [
    'answer',
    'answeridx',
    'answerindex',
    'answerid',
    'correct',
    'correctanswer',
    'correctidx',
    'correctindex',
    'correctoption',
    'correctchoice',
  ],
  /** Kinetics `time_start`, EPIC-KITCHENS `start_timestamp`. */
  start: [
    'start',
    'starttime',
    'startsec',
    'startseconds',
    'timestart',
    'starttimestamp',
    'tstart',
    'begin',
    'begintime',
  ],
  end: [
    'end',
    'endtime',
    'endsec',
    'endseconds',
    'timeend',
    'endtimestamp',
    'tend',
    'stop',
    'stoptime',
    'stoptimestamp',
  ],
  /** Panda-70M: the times of the texts, where both are lists. */
  spans: ['timestamp', 'timestamps', 'segments'],
  split: ['split', 'subset', 'partition', 'set'],
  /** WebVid: the folder that holds the video. */
  folder: ['pagedir'],
  /** MSVD. */
  language: ['language', 'lang'],
  /** Where a row stands in the file of an annotation tool, as `dataset export --as csv` writes it. */
  source: ['source'],
  tier: ['tier'],
  annotation: ['annotationid'],
} as const
export type Column = keyof typeof names

/** Fields whose list is of captions, each of the whole video, and no paragraph: VATEX. */
export const captionLists: readonly string[] = ['encap', 'captions', 'descriptions']

/** The place of each column that a table has. */
export interface Columns {
  readonly header: readonly string[]
  readonly places: Readonly<Partial<Record<Column, number>>>
  /** Every column that may name the video, the likelier first. */
  readonly videos: readonly number[]
  /** Every column that may tell the class, the likelier first. */
  readonly labels: readonly number[]
  /** The answers to choose from, as NExT-QA's `a0` to `a4`; `unclear` where columns speak of them but do not count. */
  readonly choices: ChoiceColumns | 'unclear' | null
  /** The column that has them in one list. */
  readonly choiceList: number | null
  /** The video that the file is named for, where no column names one: HowTo100M has the captions of each in a csv. */
  readonly ofVideo: string | null
  /** Whether every row is a clip of its own, whatever else tells of the same video: MSVD. */
  readonly clips: boolean
}

/** What a row needs, as the end of a sentence. */
export const wantedFields = english`one for the video (such as file_name, video, video_id, path) and one for its text (text, caption, sentence, description), its label (label, class), or question and answer`
/** What a table needs, as the end of a sentence. */
export const wantedColumns = english`a first line that names its columns: ${wantedFields}`

/** At most this many names of columns in a sentence. */
const columnsShown = 12

/** Names of columns as a sentence has them. */
export function quoted(header: readonly string[]): string {
  return (
    header
      .slice(0, columnsShown)
      .map(name => `‘${name.slice(0, 40)}’`)
      .join(', ') + (header.length > columnsShown ? ', …' : '')
  )
}

/** A name of a column without case, spaces and signs. */
export function tidyName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Units behind the name of a time, as `Start (ms)` and ELAN's `Begin Time - hh:mm:ss.ms` have them. */
const timeUnit = /(?:hhmmss(?:ms|msec)?|ssmsec|milliseconds?|millis|msecs?|ms|seconds?|secs?|s)$/
const milliseconds = /(?<!hhmmss|ss)(?:milliseconds?|millis|msecs?|ms)$/

/** A time with the unit that its column is named for: a number of milliseconds says so. */
export function withUnit({ header, places }: Pick<Columns, 'header' | 'places'>, column: Column, text: string): string {
  const place = column === 'start' || column === 'end' ? places[column] : undefined
  const isPlain = /^\s*[+-]?\d+(?:[.,]\d+)?\s*$/.test(text)
  return place !== undefined && isPlain && milliseconds.test(tidyName(header[place] ?? '')) ? `${text} ms` : text
}

const soundsLikeTime =
  /^(?:t|time|clip|seg|segment)?(?:start|begin|end|stop|onset|finish)(?:time|stamp|seconds?|secs?|s|milliseconds?|millis|msecs?|ms|frames?|idx|index|no|number)*$/

/** What of columns is passed over although it may be meant, as sentences. */
export function doubtsOf({ header, places }: Pick<Columns, 'header' | 'places'>): string[] {
  const tidy = header.map(tidyName)
  const used = new Set(Object.values(places))
  const isTimed = places.start !== undefined && places.end !== undefined
  const times = header.filter((_, place) => !isTimed && !used.has(place) && soundsLikeTime.test(tidy[place] ?? ''))
  const twice = header.filter((_, place) => used.has(place) && tidy.indexOf(tidy[place] ?? '', place + 1) >= 0)
  return [
    ...(times.length === 0
      ? []
      : [
          english`The columns ${times.map(name => `‘${name}’`).join(', ')} sound like times and are not read; call them start and end, in seconds or as clocks (of frames: their number divided by the frame rate).`,
        ]),
    ...(times.length > 0 || (places.start === undefined) === (places.end === undefined)
      ? []
      : [
          english`The column ‘${header[places.start ?? places.end ?? -1]}’ has none beside it for the other end of a time, so that no row has a whole time; add one named start or end (with a duration: the start plus it).`,
        ]),
    ...twice.map(name => english`Several columns are called ‘${name}’; the first of them is read.`),
  ]
}

/** Finds the columns of a header. */
export function columnsOf(header: readonly string[]): Columns {
  const tidy = header.map(tidyName)
  const places: Partial<Record<Column, number>> = {}
  for (const column of Object.keys(names) as Column[]) {
    const place = names[column].map(name => tidy.indexOf(name)).find(found => found >= 0)
    if (place !== undefined) places[column] = place
  }
  for (const column of ['start', 'end'] as const) {
    const place = tidy.findIndex(name => (names[column] as readonly string[]).includes(name.replace(timeUnit, '')))
    if (places[column] === undefined && place >= 0) places[column] = place
  }
  if (places.text === places.video) delete places.text
  const list = tidy.findIndex(name => choiceLists.includes(name))
  const placesOf = (column: Column) => names[column].map(name => tidy.indexOf(name)).filter(index => index >= 0)
  return {
    header,
    places,
    videos: placesOf('video').filter(index => index !== places.text),
    labels: placesOf('label'),
    choices: choiceColumns(tidy),
    choiceList: list < 0 ? null : list,
    ofVideo: null,
    clips: tidy.includes('workerid') && tidy.includes('annotationtime'),
  }
}

/** Whether a table names videos and says something of them. */
export function teaches({ places: { video, text, label, question, answer }, ofVideo }: Columns): boolean {
  return (
    (video !== undefined || ofVideo !== null) &&
    (text !== undefined || label !== undefined || (question !== undefined && answer !== undefined))
  )
}

/** Places of the answers to choose from; none where columns only seem to have them. */
export function choicePlaces({ choices }: Pick<Columns, 'choices'>): readonly number[] {
  return choices === null || choices === 'unclear' ? [] : choices.places
}

/** How the columns are read, as a report has it: column by what it is taken for. */
export function namedColumns(columns: Columns): Record<string, string> {
  const { header, places, labels, choiceList } = columns
  const named = Object.entries(places).map(([column, place]) => [column, header[place] ?? ''] as const)
  const choices = [...choicePlaces(columns), ...(choiceList === null ? [] : [choiceList])]
  return Object.fromEntries([
    ...named,
    // Which of several it is, the rows decide.
    ...(labels.length > 1 ? [['label', labels.map(place => header[place]).join(', ')] as const] : []),
    ...(choices.length > 0 ? [['choices', choices.map(place => header[place]).join(', ')] as const] : []),
  ])
}

const delimiters = [',', ';', '\t', '|'] as const

/**
 * Decides by the header alone what delimits the cells: what makes the most known columns of it, or the most columns.
 */
export function delimiterOf(header: string): string {
  let [best, score] = [',' as string, -1]
  for (const delimiter of delimiters) {
    // Names in quotes have no delimiter in them in any table that is known.
    const cells = header.split(delimiter).map(cell => cell.trim().replace(/^"|"$/g, ''))
    const columns = columnsOf(cells)
    const now = (teaches(columns) ? 1_000_000 : 0) + Object.keys(columns.places).length * 1000 + cells.length
    if (now > score) [best, score] = [delimiter, now]
  }
  return best
}

export const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
}
