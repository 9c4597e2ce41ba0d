import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { limits } from '../../../../api/common/rules.ts'
import type { SearchResult, WorkbenchClient } from '../../../../api/index.ts'
import type { FlipEdit, FlipSearch, PairScores, WhyNot } from '../../../../api/inspection/why-not.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { number, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import { clock } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** Why a video, or with `--at` a moment of it, is not above another one. */
export function whyNot(context: CommandContext): Promise<CommandResult> {
  const { values, signal, positionals } = context
  const [path = '', otherPath] = positionals
  const asked = text(values, 'text')
  if (asked === undefined) throw new UsageError('why-not needs --text.')
  const most = (name: 'texts' | 'videos', { min: least, max }: { min: number; max: number }, fallback: number) =>
    wholeNumber(values, name, { least, most: max, fallback })
  const texts = most('texts', limits.flipTexts, 300)
  const videos = most('videos', limits.flipVideos, 32)
  const at = number(values, 'at', { least: 0 })
  return withWorkbench(context, async ({ client }) => {
    const wanted = await openVideo(client, path, signal)
    if (at !== undefined) {
      const other = otherPath === undefined ? null : await openVideo(client, otherPath, signal)
      const found = await momentsFound(client, { text: asked, wanted, at, other }, signal)
      const moments = { wanted: spanOf(found.wanted), over: spanOf(found.over) }
      const question = { text: asked, wanted: wanted.id, over: found.over.video.id, moments, texts }
      return answered(context, { client, question, paths: { wanted: wanted.path, over: found.over.video.path } })
    }
    const over =
      otherPath === undefined
        ? await firstFound(client, { text: asked, besides: wanted.id }, signal)
        : await openVideo(client, otherPath, signal)
    const question = { text: asked, wanted: wanted.id, over: over.id, texts, videos }
    return answered(context, { client, question, paths: { wanted: wanted.path, over: over.path } })
  })
}

interface Asking {
  readonly client: WorkbenchClient
  readonly question: Parameters<WorkbenchClient['search']['whyNot']>[0]
  readonly paths: { readonly wanted: string; readonly over: string }
}

async function answered(
  { progress, signal }: CommandContext,
  { client, question, paths: { wanted, over } }: Asking,
): Promise<CommandResult> {
  let found: WhyNot | null = null
  for await (found of await client.search.whyNot(question, { signal }));
  if (!found) throw new Error('nothing was found out')
  for (const warning of found.warnings) progress.note(warning)
  const { warnings: _warnings, ...told } = found
  const { moments } = question
  const named = (path: string, span: Span | undefined) =>
    span ? `${path} ${clock(span.start)}–${clock(span.end)}` : path
  return {
    json: { wanted, over, ...(moments ? { moments } : {}), ...told },
    text: [
      `${named(wanted, moments?.wanted)}: ${found.before.wanted.toFixed(4)}; ${named(over, moments?.over)}: ${found.before.over.toFixed(4)}, with ${found.model}.`,
      ...found.searches.map(search => report(search, found.before)),
    ].join('\n\n'),
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

const spanOf = ({ start, end }: SearchResult): Span => ({ start, end })

/** The best moment of a video that has this time, and the best of the other video, or the first of all. */
async function momentsFound(
  client: WorkbenchClient,
  {
    text: asked,
    wanted,
    at,
    other,
  }: {
    readonly text: string
    readonly wanted: { readonly id: number; readonly path: string }
    readonly at: number
    readonly other: { readonly id: number; readonly path: string } | null
  },
  signal: AbortSignal,
): Promise<{ wanted: SearchResult; over: SearchResult }> {
  const most = limits.searchResults.max
  const { results } = await client.search.query({ text: asked, level: 'moment', top: most }, { signal })
  const own = results.find(({ video, start, end }) => video.id === wanted.id && start <= at && at <= end)
  if (!own) {
    throw new ExpectedError(
      'query-span',
      `No moment of ${wanted.path} at ${at} s is among the first ${most} for this text; search with --level moment to see which are.`,
    )
  }
  const over = results.find(result => result !== own && (other === null || result.video.id === other.id))
  if (over) return { wanted: own, over }
  throw new ExpectedError(
    'query-span',
    `No other moment${other ? ` of ${other.path}` : ''} is among the first ${most} for this text; index more with --dense.`,
  )
}

async function firstFound(
  client: WorkbenchClient,
  { text: asked, besides }: { readonly text: string; readonly besides: number },
  signal: AbortSignal,
): Promise<{ id: number; path: string }> {
  const { results } = await client.search.query({ text: asked, level: 'video', top: 2 }, { signal })
  const first = results.find(({ video }) => video.id !== besides)?.video
  if (first) return first
  throw new ExpectedError(
    'video-not-indexed',
    'No other video is found for this text: index some first, or name the video that it is compared with.',
  )
}

const ends = {
  flipped: 'the order is turned round',
  stuck: 'no single edit helps any more',
  limit: 'as many were tried as were allowed',
} as const

function report({ subject, trials, steps, text: left, end }: FlipSearch, before: PairScores): string {
  const head = subject === 'text' ? 'Edits of the text' : 'Clips cut out'
  const scores = ({ wanted, over }: PairScores) => [wanted.toFixed(4), over.toFixed(4), (wanted - over).toFixed(4)]
  return [
    `${head}: after ${trials} trials ${ends[end ?? 'limit']}.`,
    table(
      ['', 'VIDEO', 'OVER', 'difference'],
      [['as it is', ...scores(before)], ...steps.map(({ edit, after }) => [inWords(edit), ...scores(after)])],
    ),
    ...(left !== null && steps.length > 0 ? [`Text: ${left}`] : []),
  ].join('\n')
}

function inWords(edit: FlipEdit): string {
  switch (edit.kind) {
    case 'drop-word':
      return `without ‘${edit.word}’`
    case 'replace-word':
      return `‘${edit.by}’ for ‘${edit.word}’`
    case 'drop-sentence':
      return `without ‘${edit.sentence}’`
    case 'remove-clip':
      return `${edit.of === 'wanted' ? 'VIDEO' : 'OVER'} without ${clock(edit.start)}–${clock(edit.end)}`
    default:
      return edit satisfies never
  }
}
