import type { Alignment } from '../../../../main/api/index.ts'

export type ValueMode = 'cosine' | 'over-clips' | 'over-sentences'

/** What the matrix shows: `values` [clips][sentences], painted from `min` to `max`. */
export interface MatrixValues {
  values: number[][]
  min: number
  max: number
}

/** Cosines as they are, or their softmax over one axis at the model's temperature. */
export function matrixValues(
  { similarity, temperature }: Pick<Alignment, 'similarity' | 'temperature'>,
  mode: ValueMode,
): MatrixValues {
  const softmax = (row: number[]) => softmaxAt(temperature, row)
  if (mode === 'cosine') {
    const all = similarity.flat()
    const min = all.reduce((low, value) => Math.min(low, value), Infinity)
    const max = all.reduce((high, value) => Math.max(high, value), -Infinity)
    return { values: similarity, min, max: max > min ? max : min + 1e-6 }
  }
  const values = mode === 'over-sentences' ? similarity.map(softmax) : transpose(transpose(similarity).map(softmax))
  return { values, min: 0, max: 1 }
}

function softmaxAt(temperature: number, row: number[]): number[] {
  const highest = Math.max(...row)
  const weights = row.map(value => Math.exp((value - highest) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => weight / sum)
}

function transpose(rows: number[][]): number[][] {
  return (rows[0] ?? []).map((_, column) => rows.map(row => row[column] ?? 0))
}

/** Place of a clip among all clips for one sentence, from 1. */
export function rankOfClip(similarity: number[][], clip: number, sentence: number): number {
  const own = similarity[clip]?.[sentence] ?? 0
  return 1 + similarity.filter(row => (row[sentence] ?? 0) > own).length
}

/** The sentence most similar to a clip. */
export function bestSentence(similarity: number[][], clip: number): number | null {
  const row = similarity[clip]
  if (!row?.length) return null
  return row.reduce((best, value, index) => (value > (row[best] ?? -Infinity) ? index : best), 0)
}

export interface Span {
  sentence: number
  start: number
  end: number
}

/** Times that the caption file gives. */
export function truthSpans(alignment: Alignment): Span[] {
  return alignment.sentences.flatMap(({ start, end }, sentence) =>
    start === null ? [] : [{ sentence, start, end: end ?? start }],
  )
}

/** The rows a span of time covers, as a fraction where it begins or ends inside a clip. */
export function rowsOfSpan({ clips }: Pick<Alignment, 'clips'>, span: Span): [number, number] {
  const at = (time: number) => {
    const index = clips.findIndex(clip => time < clip.end)
    const clip = clips[index]
    if (!clip) return clips.length
    return index + Math.max(0, Math.min(1, (time - clip.start) / Math.max(1e-9, clip.end - clip.start)))
  }
  return [at(span.start), at(span.end)]
}

/** Runs of clips that the best monotonic path gives to one sentence. */
export function pathSpans(alignment: Alignment): Span[] {
  const spans: Span[] = []
  alignment.path.forEach((sentence, index) => {
    const clip = alignment.clips[index]
    if (!clip) return
    const last = spans.at(-1)
    if (last?.sentence === sentence) last.end = clip.end
    else spans.push({ sentence, start: clip.start, end: clip.end })
  })
  return spans
}

/**
 * Where to look for a sentence: where the path reaches it, else where its captions say, else at its most similar clip.
 * Seconds.
 */
export function momentOfSentence(alignment: Alignment, sentence: number): number {
  const onPath = pathSpans(alignment).find(span => span.sentence === sentence)
  const column = alignment.similarity.map(row => row[sentence] ?? -Infinity)
  return (
    onPath?.start ??
    alignment.sentences[sentence]?.start ??
    alignment.clips[column.indexOf(Math.max(...column))]?.start ??
    0
  )
}

/** Index of the clip that covers a moment, or of the nearest one before it. */
export function clipAt(alignment: Alignment, time: number): number {
  const after = alignment.clips.findIndex(clip => clip.start > time + 1e-6)
  return after === -1 ? alignment.clips.length - 1 : Math.max(0, after - 1)
}
