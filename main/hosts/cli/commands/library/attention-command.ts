import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { AttentionOverview, WorkbenchClient } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { number, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { paragraphOf } from './paragraph.ts'
import { wordAttention } from './word-attention-command.ts'

/** Mean of equally large matrices, entry by entry. */
function mean(maps: number[][][]): number[][] {
  const [first] = maps
  if (!first) return []
  return first.map((row, query) =>
    row.map((_, key) => maps.reduce((sum, map) => sum + (map[query]?.[key] ?? 0), 0) / maps.length),
  )
}

export async function attention(context: CommandContext): Promise<CommandResult> {
  const paragraph = await paragraphOf(context)
  if (paragraph !== null) return wordAttention(context, paragraph)
  if (context.values.layer !== undefined) throw new UsageError('--layer needs a text; give --text or --captions.')
  const stage = wholeNumber(context.values, 'stage', { least: 0 })
  const rolled = context.values.rollout === true
  if (rolled && (text(context.values, 'block') ?? text(context.values, 'head')) !== undefined) {
    throw new UsageError('A rollout is over all blocks and heads; leave out --block and --head.')
  }
  const block = rolled ? 0 : wholeNumber(context.values, 'block', { least: 0 })
  const head = text(context.values, 'head') === undefined ? null : wholeNumber(context.values, 'head', { least: 0 })
  const at = number(context.values, 'at', { least: 0 }) ?? null
  const [path = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    const { signal } = context
    const video = await openVideo(client, path, signal)
    const overview = await client.inspect.attention({ videoId: video.id, at }, { signal })
    await sayUntrained(client, context.progress)
    for (const warning of overview.warnings) context.progress.note(warning)
    if (rolled) return rolledOut(client, { videoId: video.id, at, stage, overview }, signal)
    const { heads, window } = await client.inspect.attentionBlock({ videoId: video.id, at, stage, block }, { signal })
    if (head !== null && head >= heads.length) {
      throw new ExpectedError(
        'attention-position',
        `Stage ${stage} has ${heads.length} heads, counted from 0: there is no head ${head}.`,
      )
    }
    const map = mean(heads.filter((_, index) => head === null || index === head).map(one => one.map))
    const frames = overview.frames.map(frame => frame.time)
    return {
      json: { ...partOf(overview), frames, window, heads: heads.length, map },
      text: `${whichPart(overview)}Stage ${stage}, block ${block}, ${head === null ? `mean of ${heads.length} heads` : `head ${head}`}, windows of ${window} frames; rows ask, columns answer (seconds).\n\n${mapTable(map, frames)}`,
    }
  })
}

async function rolledOut(
  client: WorkbenchClient,
  { videoId, at, stage, overview }: { videoId: number; at: number | null; stage: number; overview: AttentionOverview },
  signal: AbortSignal,
): Promise<CommandResult> {
  const { stages } = await client.inspect.attentionRollout({ videoId, at }, { signal })
  const reached = stages[stage]
  if (!reached) {
    throw new ExpectedError(
      'attention-position',
      `There is no stage ${stage}: the model has ${stages.length} stages, counted from 0.`,
    )
  }
  const frames = overview.frames.map(frame => frame.time)
  return {
    json: { ...partOf(overview), frames, map: reached.map, distance: reached.distance },
    text: `${whichPart(overview)}Rollout to the end of stage ${stage}: rows are frames after it, columns what has come into them (seconds); ${reached.distance.toFixed(1)} frames away on average.\n\n${mapTable(reached.map, frames)}`,
  }
}

/** Of which part of the video the frames are; `segment` counts from 0, null for the overview. */
function partOf({ segment, segments }: AttentionOverview) {
  const span = segment === null ? undefined : segments[segment]
  return { segment, segments: segments.length, start: span?.start ?? null, end: span?.end ?? null }
}

function whichPart(overview: AttentionOverview): string {
  const { segment, segments, start, end } = partOf(overview)
  if (segment === null || start === null || end === null) return ''
  return `Segment ${segment + 1} of ${segments}, ${start.toFixed(1)} to ${end.toFixed(1)} s. `
}

function mapTable(map: number[][], frames: readonly number[]): string {
  const rows = map.map((row, query) => [
    (frames[query] ?? 0).toFixed(2),
    ...row.map(weight => (weight === 0 ? '·' : weight.toFixed(2))),
  ])
  return table(['', ...frames.map(time => time.toFixed(1))], rows)
}
