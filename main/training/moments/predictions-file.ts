import { basename } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { Problems } from '../data/datasets/rows/problems.ts'
import { noticeOf } from '../data/datasets/rows/settle-times.ts'
import { givenLines } from '../data/files/lines.ts'
import type { LineNumber } from '../data/files/lines.ts'
import { whatIsWrong } from '../data/formats/reading/format.ts'
import { clipsOf } from './highlight-precision.ts'
import type { MomentPrediction, MomentQuery } from './moment-query.ts'

/**
 * A line of a file of predictions, as jayleicn/moment_detr has them (standalone_eval/README.md): windows are
 * `[start, end, score]` in seconds of the video or part that `vid` names.
 */
const line = z
  .object({
    qid: z.union([z.string(), z.number()]),
    query: z.string().nullish(),
    vid: z.union([z.string(), z.number()]).nullish(),
    pred_relevant_windows: z.array(z.tuple([z.number(), z.number(), z.number()])),
    pred_saliency_scores: z.array(z.number()).nullish(),
  })
  .superRefine(({ pred_relevant_windows: windows }, context) => {
    const reversed = windows.findIndex(([start, end]) => end < start)
    if (reversed < 0) return
    context.addIssue({
      code: 'custom',
      path: ['pred_relevant_windows', reversed],
      message: english`the window ends before it starts`,
    })
  })

interface PredictionsOfFile {
  /** In the order of the queries; null for one that has no line that can be used. */
  readonly predictions: readonly (MomentPrediction | null)[]
  /** What a reader of the figures must know: a sentence with line and field for each kind of fault, counted. */
  readonly notices: readonly string[]
}

/**
 * What a file predicts for some queries. Nothing in it is turned round or made up: a line with a fault is left out, so
 * that its query is one of those without a prediction.
 * @throws ExpectedError when the file cannot be read.
 */
export async function readPredictions(
  file: string,
  queries: readonly MomentQuery[],
  signal: AbortSignal,
): Promise<PredictionsOfFile> {
  const name = basename(file)
  const problems = new Problems()
  const say = (sentence: string, example: string) => problems.add('row', { severity: 'warning', sentence, example })
  const queryOf = new Map(queries.map(query => [String(query.qid), query]))
  const found = new Map<MomentQuery, MomentPrediction>()
  const lines = new Map<string, LineNumber>()
  for await (const { line: number, value, problem } of givenLines(file, signal)) {
    const source = `${name}:${number}`
    const parsed = line.safeParse(value)
    if (problem !== null || !parsed.success) {
      say(english`The line ${problem ?? whatIsWrong(parsed.error ?? new z.ZodError([]))}; it is left out.`, source)
      continue
    }
    const { qid, query: text, vid, pred_relevant_windows: windows, pred_saliency_scores: saliency } = parsed.data
    const [key, query] = [String(qid), queryOf.get(String(qid))]
    const before = lines.get(key)
    lines.set(key, before ?? number)
    if (before !== undefined) {
      say(
        english`The line has a ‘qid’ that a line before it has; it is left out.`,
        `${source}: ${qid}, as line ${before}`,
      )
    } else if (!query) {
      say(english`The line has a ‘qid’ of no query that is evaluated; it is left out.`, `${source}: ${qid}`)
    } else {
      sayOfQuery(query, { source, text: text ?? null, vid: vid ?? null, windows, saliency: saliency ?? [] })
      found.set(query, { windows, saliency: saliency && saliency.length > 0 ? saliency : null })
    }
  }
  return {
    predictions: queries.map(query => found.get(query) ?? null),
    notices: [...problems.list().map(noticeOf), ...withoutLine(name, queries, found)],
  }

  function sayOfQuery(
    query: MomentQuery,
    {
      source,
      text,
      vid,
      windows,
      saliency,
    }: {
      readonly source: string
      readonly text: string | null
      readonly vid: string | number | null
      readonly windows: MomentPrediction['windows']
      readonly saliency: readonly number[]
    },
  ): void {
    if (vid !== null && String(vid) !== query.vid) {
      say(
        english`The line has another ‘vid’ than the query of its ‘qid’: is it the file for these data?`,
        `${source}: ${vid}, not ${query.vid}`,
      )
    } else if (text !== null && text.trim() !== query.query.trim()) {
      say(
        english`The line has another ‘query’ than the annotation has of its ‘qid’: is it the file for these data?`,
        source,
      )
    }
    if (windows.length === 0) {
      say(english`The list ‘pred_relevant_windows’ is empty, so that the query is missed.`, source)
    }
    const clips = clipsOf(query)
    if (clips > 0 && saliency.length > 0 && saliency.length !== clips) {
      say(
        english`The list ‘pred_saliency_scores’ has another length than the query has clips of two seconds; it is cut, or filled with zeros, as the public evaluator does.`,
        `${source}: ${saliency.length}, not ${clips}`,
      )
    }
  }
}

/** Numbers of queries in a sentence. */
const namedQueries = 5

function withoutLine(
  name: string,
  queries: readonly MomentQuery[],
  found: ReadonlyMap<MomentQuery, MomentPrediction>,
): string[] {
  const missing = queries.filter(query => !found.has(query)).map(({ qid }) => qid)
  if (missing.length === 0) return []
  const named = `${missing.slice(0, namedQueries).join(', ')}${missing.length > namedQueries ? ', …' : ''}`
  return [
    english`${missing.length} of ${queries.length} queries have no line in ${name} that can be used (‘qid’ ${named}): the figures are of the others.`,
  ]
}

/** A file of predictions in the published form; a query for which nothing was predicted has no line. */
export function predictionsText(
  judged: readonly { readonly query: MomentQuery; readonly prediction: MomentPrediction }[],
): string {
  return judged
    .map(({ query: { qid, query, vid }, prediction: { windows, saliency } }) =>
      JSON.stringify({
        qid,
        query,
        vid,
        pred_relevant_windows: windows,
        ...(saliency && { pred_saliency_scores: saliency }),
      }),
    )
    .map(text => `${text}\n`)
    .join('')
}
