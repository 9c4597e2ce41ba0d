import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import type { DualSoftmax } from '../../../api/evaluation/conditions.ts'
import type { EvaluationChoice } from '../../../api/evaluation/evaluation.ts'
import type { Figures } from '../../../api/evaluation/figures.ts'
import type { RowTask } from '../../../api/training/datasets.ts'
import { pathToTell } from '../../../storage/files/packed-file.ts'
import { videoKey, videosOf } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'
import { confusionMatrix, said } from '../../metrics/accuracy.ts'
import { alignmentMetrics } from '../../metrics/alignment.ts'
import { dualSoftmaxInBlocks } from '../../metrics/dual-softmax.ts'
import { metricsOf } from '../../metrics/metrics.ts'
import { nothingReadable } from '../../metrics/predict.ts'
import { retrievalInBlocks } from '../../metrics/retrieval-in-blocks.ts'
import { galleryOf } from '../../metrics/retrieval-metrics.ts'
import { Similarities } from '../../metrics/similarities.ts'
import { standingOf } from '../../probing/time-probe.ts'
import type { Standing } from '../../probing/time-probe.ts'
import type { Mistake, Results } from './evaluation-folder.ts'
import type { LabelMatch } from './label-names.ts'
import { judgedQueries, momentResults } from './moment-results.ts'
import type { Predicted, Embedded, Output } from './outputs.ts'

/** What was said instead, of each mistake. */
const saidShown = 5

export interface Evaluated {
  readonly figures: Figures
  readonly results: Results
  /** Of all scores; see the certificate of the contract. */
  readonly matrix: { readonly rows: number; readonly columns: number; readonly sha256: string }
  /** Of retrieval, from the same similarities, where that costs nothing more or is asked for. */
  readonly dualSoftmax?: DualSoftmax
  /** How each evaluated example did, in their order. */
  readonly standings: readonly (Standing & { readonly example: number })[]
}

interface Question {
  readonly task: RowTask
  readonly choice: Pick<EvaluationChoice, 'ties' | 'batchSize' | 'dualSoftmax'>
  /** In whose names videos are said. */
  readonly folder: string
  readonly examples: readonly Example[]
  readonly outputs: ReadonlyMap<number, Output>
  readonly labels: LabelMatch
}

/**
 * Figures, mistakes and confusion of everything that could be evaluated. @throws ExpectedError when that is nothing.
 */
export async function resultsOf(question: Question, signal: AbortSignal): Promise<Evaluated> {
  const { task, examples, outputs } = question
  if (task === 'moments') {
    const judged = judgedQueries(examples, outputs)
    if (judged.length === 0) throw nothingReadable()
    return momentResults(judged)
  }
  const embedded: Found<Embedded>[] = []
  const answered: Found<Predicted>[] = []
  for (const [place, example] of examples.entries()) {
    const output = outputs.get(place)
    if (output && 'video' in output) embedded.push({ place, example, output })
    else if (output && 'logits' in output) answered.push({ place, example, output })
  }
  if (embedded.length + answered.length === 0) throw nothingReadable()
  switch (task) {
    case 'qa-classification':
    case 'video-classification':
      return labelled(question, task, answered)
    case 'qa-multichoice':
      return chosen(question, answered)
    default:
      return retrieved(question, embedded, signal)
  }
}

interface Found<Kind> {
  /** Among the examples. */
  readonly place: number
  readonly example: Example
  readonly output: Kind
}

async function retrieved(
  { choice, folder }: Question,
  found: readonly Found<Embedded>[],
  signal: AbortSignal,
): Promise<Evaluated> {
  const { videoOf, firstQueries } = galleryOf(found.map(({ example }) => videoKey(example.content)))
  const gallery = firstQueries.flatMap(query => found[query] ?? [])
  const embedded = {
    texts: found.map(({ output }) => output.text),
    videos: gallery.map(({ output }) => output.video),
    videoOf,
  }
  const similarities = new Similarities(embedded)
  const question = { ...embedded, similarities, groups: found.map(({ example }) => example.group) }
  const { textToVideo, videoToText, groups, queries, matrixHash } = await retrievalInBlocks(
    question,
    choice.ties,
    signal,
  )
  const names = gallery.map(({ example }) => videoName(example, folder))
  const mistakes = queries
    .flatMap(({ rank, nearest }, query): Mistake[] => {
      const one = found[query]
      if (rank === 0 || !one) return []
      return [
        {
          example: one.place,
          rank: rank + 1,
          right: names[videoOf[query] ?? -1] ?? '',
          said: nearest.map(({ video, score }) => ({ name: names[video] ?? '', score })),
        },
      ]
    })
    .sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
  return {
    figures: {
      task: 'retrieval',
      textToVideo,
      videoToText,
      groups,
      alignment: alignmentMetrics(found.flatMap(({ output }) => output.alignment ?? [])),
    },
    results: { mistakes, confusion: null },
    ...((similarities.areKept || choice.dualSoftmax) && {
      dualSoftmax: await dualSoftmaxInBlocks(question, choice.ties, signal),
    }),
    matrix: { rows: found.length, columns: gallery.length, sha256: matrixHash },
    standings: queries.map(({ rank, score }, query) => ({
      example: found[query]?.place ?? -1,
      rank: rank + 1,
      score,
    })),
  }
}

function labelled(
  { choice, labels: { names, numbers } }: Question,
  task: 'qa-classification' | 'video-classification',
  found: readonly Found<Predicted>[],
): Evaluated {
  const labels = found.map(({ example: { content } }) => ('label' in content ? (numbers[content.label] ?? -1) : -1))
  const logits = found.map(({ output }) => Float32Array.from(output.logits))
  return {
    figures: metricsOf({ task, logits, labels, batchSize: choice.batchSize }, choice.ties),
    results: {
      mistakes: wrongAnswers(found, labels, () => names),
      confusion: confusionOf(labels, logits.map(said), names),
    },
    ...scoresOf(found, labels),
  }
}

function chosen({ choice }: Question, found: readonly Found<Predicted>[]): Evaluated {
  const labels = found.map(({ example: { content } }) => ('label' in content ? content.label : -1))
  return {
    figures: metricsOf(
      {
        task: 'qa-multichoice',
        labels,
        logits: found.map(({ output }) => Float32Array.from(output.logits)),
        batchSize: choice.batchSize,
        spans: found.flatMap(({ output: { span } }) =>
          span ? [{ logits: Float32Array.from(span.logits), labels: Int32Array.from(span.labels) }] : [],
        ),
      },
      choice.ties,
    ),
    // Which place an answer has says nothing: there is no confusion of places.
    results: {
      mistakes: wrongAnswers(found, labels, ({ content }) => (content.type === 'choices' ? content.answers : [])),
      confusion: null,
    },
    ...scoresOf(found, labels),
  }
}

/** Rows of unequal length, as questions with unequally many answers have them, follow each other as they are. */
function scoresOf(
  found: readonly Found<Predicted>[],
  labels: readonly number[],
): Pick<Evaluated, 'matrix' | 'standings'> {
  const hash = createHash('sha256')
  for (const { output } of found) hash.update(new Uint8Array(Float64Array.from(output.logits).buffer))
  return {
    matrix: {
      rows: found.length,
      columns: found.reduce((most, { output }) => Math.max(most, output.logits.length), 0),
      sha256: hash.digest('hex'),
    },
    standings: found.map(({ place, output }, index) => ({
      example: place,
      ...standingOf(output.logits, labels[index] ?? -1),
    })),
  }
}

/** Those that the model is surest of and that are least right first; scores are probabilities. */
function wrongAnswers(
  found: readonly Found<Predicted>[],
  labels: readonly number[],
  namesOf: (example: Example) => readonly string[],
): Mistake[] {
  return found
    .flatMap(({ place, example, output }, index) => {
      const label = labels[index] ?? -1
      if (said(output.logits) === label) return []
      const names = namesOf(example)
      const scores = softmax(output.logits)
      const named = best(scores).map(number => ({ name: names[number] ?? '', score: scores[number] ?? 0 }))
      return [
        {
          mistake: { example: place, rank: null, right: names[label] ?? '', said: named },
          excess: (named[0]?.score ?? 0) - (scores[label] ?? 0),
        },
      ]
    })
    .sort((a, b) => b.excess - a.excess)
    .map(({ mistake }) => mistake)
}

/** Of the labels that were right or said at least once: of thousands of answers most never are. */
function confusionOf(
  right: readonly number[],
  saidLabels: readonly number[],
  names: readonly string[],
): Results['confusion'] {
  const met = [...new Set([...right, ...saidLabels])].sort((a, b) => a - b)
  const places = new Map(met.map((label, place) => [label, place]))
  const renumbered = (labels: readonly number[]) => labels.map(label => places.get(label) ?? -1)
  return {
    labels: met.map(label => names[label] ?? ''),
    counts: confusionMatrix(renumbered(right), renumbered(saidLabels), met.length),
  }
}

/** The places of the highest scores, the highest first. */
function best(scores: ArrayLike<number>): number[] {
  const places: number[] = []
  for (let place = 0; place < scores.length; place++) {
    const above = places.findIndex(other => (scores[place] ?? 0) > (scores[other] ?? 0))
    if (above >= 0) places.splice(above, 0, place)
    else places.push(place)
    places.length = Math.min(places.length, saidShown)
  }
  return places
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map(logit => Math.exp(logit - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map(power => power / sum)
}

/** A video as the reader can find it: its path inside the folder, with the part that is meant. */
export function videoName({ content }: Example, folder: string): string {
  const [video] = videosOf(content)
  if (!video) return ''
  return `${pathToTell(relative(folder, video.path))}${video.start === null && video.end === null ? '' : ` (${video.start ?? 0}–${video.end ?? 'end'} s)`}`
}
