import { extname, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { TimedSentence } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonList, wholeText } from '../../files/json-document.ts'
import { parseJson } from '../../files/lines.ts'
import type { ParsedLine } from '../../files/lines.ts'
import type { TextFile } from '../../files/text-file.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitNamed, splitOfFile, whatIsWrong } from '../reading/format.ts'
import type { Format, RowRead } from '../reading/format.ts'
import {
  asTask,
  labelTask,
  partsOf,
  secondsOf,
  statedRate,
  textsWithoutRegion,
  videoOfTask,
} from './label-studio-task.ts'
import type { LabelAnnotation, LabelTask } from './label-studio-task.ts'

const candidates = (folder: LabelledFolder) =>
  folder.annotations.filter(name => extname(name).toLowerCase() === '.json')
/** Tasks to look at before saying that a file is of another format: a first one may be broken. */
const tasksToTry = 5

async function tasksIn(text: TextFile): Promise<readonly ParsedLine[]> {
  const list = await jsonList(text)
  if (list) return list
  const whole = await wholeText(text)
  return whole === null ? [] : [{ line: 1, ...parseJson(whole) }]
}

const isTask = ({ value }: ParsedLine) => labelTask.safeParse(asTask(value)).success

/**
 * What was labelled on the time line of videos with Label Studio (TimelineLabels), as its JSON export and its short
 * one (JSON-MIN) have it: each
 * label, or the text given for it, is a sentence of its video. It counts in frames, at a rate that the project has and
 * its export does not.
 */
export const labelStudio: Format = {
  id: 'label-studio',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  fits: (folder, signal) =>
    anyFits(candidates(folder), async file =>
      (await tasksIn(await folder.text(file, signal))).slice(0, tasksToTry).some(isTask),
    ),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      const tasks = await tasksIn(text)
      if (!tasks.slice(0, tasksToTry).some(isTask)) continue
      yield* fileNotes(folder, text)
      for (const { line, value, problem } of tasks) {
        const source = sourceOf(folder, file, line)
        const task = labelTask.safeParse(asTask(value))
        if (problem !== null) {
          yield { source, problem }
        } else if (!task.success) {
          yield { source, problem: whatIsWrong(task.error) }
        } else {
          for (const tag of textsWithoutRegion(value)) {
            const sentence = english`The short export does not say to which regions the texts of ‘${tag}’ belong, so that their labels are taken: export JSON instead of JSON-MIN.`
            yield { source, note: { kind: 'table', sentence } }
          }
          yield* rowsOf(folder, { file, source, task: task.data })
        }
      }
    }
  },
}

function* rowsOf(
  folder: LabelledFolder,
  { file, source, task }: { readonly file: string; readonly source: string; readonly task: LabelTask },
): Generator<RowRead> {
  const video = videoOfTask(task)
  if (video === null) {
    yield { source, problem: english`has no field of its data that names one video` }
    return
  }
  const all = (task.annotations ?? task.completions ?? []).filter(({ was_cancelled: skipped }) => !skipped)
  const trusted = all.filter(({ ground_truth: trusted }) => trusted)
  const taken = trusted.length > 0 ? trusted : all
  if (taken.length === 0) {
    yield { source, problem: english`has no annotation that was submitted` }
    return
  }
  if (taken.length < all.length) {
    const sentence = english`The task has annotations that are its ground truth; the others are passed over.`
    yield { source, note: { kind: 'table', sentence } }
  } else if (taken.length > 1) {
    const sentence = english`The task has the annotations of several people; each is a text of its own.`
    yield { source, note: { kind: 'table', sentence } }
  }
  const [split] = [task.data.split, task.data.subset].flatMap(given =>
    typeof given === 'string' ? (splitNamed(given) ?? []) : [],
  )
  for (const annotation of taken) {
    const sentences: TimedSentence[] = yield* sentencesOf(folder, { file, source, task, annotation })
    yield {
      source,
      split: split ?? splitOfFile(folder, file),
      near: nearOf(folder, file),
      content: { type: 'paragraph', video: wholeVideo(video), sentences },
    }
  }
}

function* sentencesOf(
  folder: LabelledFolder,
  {
    file,
    source,
    task,
    annotation,
  }: {
    readonly file: string
    readonly source: string
    readonly task: LabelTask
    readonly annotation: LabelAnnotation
  },
): Generator<RowRead, TimedSentence[]> {
  const sentences: TimedSentence[] = []
  const parts = partsOf(annotation)
  const rate = folder.answers.frameRate ?? statedRate(annotation)
  for (const part of parts) {
    const { region, from, range, unit, text } = part
    const where = `${source}: ${region}`
    if (rate === null && unit === 'frames') throw new ExpectedError('frame-rate', frameRateUnknown)
    const { start, end } = secondsOf(part, rate ?? 1)
    if (text === '') {
      yield {
        source: where,
        note: { kind: 'empty-text', sentence: english`The region has no label; it is passed over.` },
      }
      continue
    }
    if (start === null || end === null) {
      const sentence = english`The region is open at one end; its text is kept without a time.`
      yield { source: where, note: { kind: 'times', sentence } }
    }
    const place = [task.id, annotation.id, region, ...(range > 0 ? [range] : [])].join('/')
    const mark = { source: relative(folder.path, file), tier: from, id: place }
    sentences.push({ text, ...(start === null || end === null ? { start: null, end: null } : { start, end }), mark })
  }
  if (folder.answers.frameRate === undefined && rate !== null && parts.some(({ unit }) => unit === 'frames')) {
    const sentence = english`The frames are counted at the rate that a box of the same annotation states; give that of the project where it is another (--frame-rate).`
    yield {
      source: english`${source}: ${Number(rate.toFixed(3))} frames a second`,
      note: { kind: 'frame-rate', sentence },
    }
  }
  return sentences.toSorted((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity))
}

const frameRateUnknown = english`Label Studio counts in frames, and its export does not say how many make a second: give the frame rate of the project (--frame-rate), which is frameRate of its Video tag, or 24 where that has none.`
