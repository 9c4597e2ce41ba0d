import { createHash } from 'node:crypto'
import type { Example } from '../../data/examples/example.ts'
import { firstOverlap, momentFigures } from '../../moments/moment-figures.ts'
import type { JudgedQuery, MomentPrediction, Window } from '../../moments/moment-query.ts'
import { queryOf } from '../../moments/query-of-example.ts'
import { bestOverlap } from '../../moments/window-overlap.ts'
import type { Mistake } from './evaluation-folder.ts'
import type { Output } from './outputs.ts'
import type { Evaluated } from './results.ts'

/** Least overlap of a window that is right, for ranks and failures. */
const rightOverlap = 0.5
/** Windows that are shown of a failure. */
const windowsShown = 5

/** The queries for moments that something was predicted for, with the places of their examples. */
export function judgedQueries(
  examples: readonly Example[],
  outputs: ReadonlyMap<number, Output>,
): (JudgedQuery & { readonly place: number })[] {
  return examples.flatMap((example, place) => {
    const [query, output] = [queryOf(example), outputs.get(place)]
    return query && output && 'windows' in output ? [{ query, prediction: output, place }] : []
  })
}

/**
 * Figures of moments; mistakes are queries whose first window is not right, the least overlapping first. A query whose
 * windows are not public has neither.
 */
export function momentResults(predicted: ReturnType<typeof judgedQueries>): Evaluated {
  const hash = createHash('sha256')
  for (const { prediction } of predicted) hash.update(new Uint8Array(numbersOf(prediction).buffer))
  const judged = predicted.filter(({ query }) => query.windows.length > 0)
  const standings = judged.map(one => ({ example: one.place, rank: rankOf(one), score: firstOverlap(one) }))
  const mistakes = judged
    .map((one, index) => ({ mistake: mistakeOf(one, standings[index]?.rank ?? 0), ...standings[index] }))
    .filter(({ rank }) => rank !== 1)
    .sort((a, b) => (a.score ?? 0) - (b.score ?? 0) || (b.rank ?? 0) - (a.rank ?? 0))
    .map(({ mistake }) => mistake)
  return {
    figures: momentFigures(judged),
    results: { mistakes, confusion: null },
    matrix: {
      rows: predicted.length,
      columns: predicted.reduce((most, { prediction }) => Math.max(most, numbersOf(prediction).length), 0),
      sha256: hash.digest('hex'),
    },
    standings,
  }
}

function numbersOf({ windows, saliency }: MomentPrediction): Float64Array {
  return Float64Array.from([...windows.flat(), ...(saliency ?? [])])
}

/** Of the first window that is right, from 1; where none is, one more than there are. */
function rankOf({ query, prediction: { windows } }: JudgedQuery): number {
  const found = windows.findIndex(([start, end]) => bestOverlap([start, end], query.windows) >= rightOverlap)
  return (found < 0 ? windows.length : found) + 1
}

function mistakeOf({ query, prediction, place }: ReturnType<typeof judgedQueries>[number], rank: number): Mistake {
  const shown = prediction.windows.slice(0, windowsShown)
  const ends = [...query.windows, ...shown].map(([, end]) => end)
  return {
    example: place,
    rank: rank > prediction.windows.length ? null : rank,
    right: query.windows.map(([start, end]) => spanText([start, end])).join(', '),
    said: shown.map(([start, end, score]) => ({ name: spanText([start, end]), score })),
    moments: {
      length: query.duration ?? ends.reduce((most, end) => Math.max(most, end), 0),
      truth: query.windows.map(([start, end]): [number, number] => [start, end]),
      predicted: shown.map(([start, end]): [number, number] => [start, end]),
    },
  }
}

function spanText([start, end]: Window): string {
  const seconds = (time: number) => String(Number(time.toFixed(2)))
  return `${seconds(start)}–${seconds(end)} s`
}
