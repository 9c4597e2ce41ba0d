import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { AttentionOverview, WorkbenchClient } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError, wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** Mean of equally large matrices, entry by entry. */
function mean(maps: number[][][]): number[][] {
  const [first] = maps
  if (!first) return []
  return first.map((row, query) =>
    row.map((_, key) => maps.reduce((sum, map) => sum + (map[query]?.[key] ?? 0), 0) / maps.length),
  )
}

export function attention(context: CommandContext): Promise<CommandResult> {
  const stage = wholeNumber(context.values, 'stage', { least: 0 })
  const rolled = context.values.rollout === true
  if (rolled && (text(context.values, 'block') ?? text(context.values, 'head')) !== undefined) {
    throw new UsageError('A rollout is over all blocks and heads; leave out --block and --head.')
  }
  const block = rolled ? 0 : wholeNumber(context.values, 'block', { least: 0 })
  const head = text(context.values, 'head') === undefined ? null : wholeNumber(context.values, 'head', { least: 0 })
  const [path = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    const { signal } = context
    const video = await openVideo(client, path, signal)
    const overview = await client.inspect.attention({ videoId: video.id }, { signal })
    await sayUntrained(client, context.progress)
    for (const warning of overview.warnings) context.progress.note(warning)
    if (rolled) return rolledOut(client, { videoId: video.id, stage, overview }, signal)
    const { heads, window } = await client.inspect.attentionBlock({ videoId: video.id, stage, block }, { signal })
    if (head !== null && head >= heads.length) {
      throw new ExpectedError(
        'attention-position',
        `Stage ${stage} has ${heads.length} heads, counted from 0: there is no head ${head}.`,
      )
    }
    const map = mean(heads.filter((_, index) => head === null || index === head).map(one => one.map))
    const frames = overview.frames.map(frame => frame.time)
    return {
      json: { frames, window, heads: heads.length, map },
      text: `Stage ${stage}, block ${block}, ${head === null ? `mean of ${heads.length} heads` : `head ${head}`}, windows of ${window} frames; rows ask, columns answer (seconds).\n\n${mapTable(map, frames)}`,
    }
  })
}

async function rolledOut(
  client: WorkbenchClient,
  { videoId, stage, overview }: { videoId: number; stage: number; overview: AttentionOverview },
  signal: AbortSignal,
): Promise<CommandResult> {
  const { stages } = await client.inspect.attentionRollout({ videoId }, { signal })
  const reached = stages[stage]
  if (!reached) {
    throw new ExpectedError(
      'attention-position',
      `There is no stage ${stage}: the model has ${stages.length} stages, counted from 0.`,
    )
  }
  const frames = overview.frames.map(frame => frame.time)
  return {
    json: { frames, map: reached.map, distance: reached.distance },
    text: `Rollout to the end of stage ${stage}: rows are frames after it, columns what has come into them (seconds); ${reached.distance.toFixed(1)} frames away on average.\n\n${mapTable(reached.map, frames)}`,
  }
}

function mapTable(map: number[][], frames: readonly number[]): string {
  const rows = map.map((row, query) => [
    (frames[query] ?? 0).toFixed(2),
    ...row.map(weight => (weight === 0 ? '·' : weight.toFixed(2))),
  ])
  return table(['', ...frames.map(time => time.toFixed(1))], rows)
}
