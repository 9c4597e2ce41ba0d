import type { CommandResult } from '../../terminal/command.ts'
import { choice, wholeNumber } from '../../terminal/command.ts'
import { clock } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

export function search(context: CommandContext): Promise<CommandResult> {
  const top = wholeNumber(context.values, 'top', { least: 1, most: 500, fallback: 10 })
  const level = choice(context.values, 'level', ['video', 'moment']) ?? 'video'
  return withWorkbench(context, async ({ client }) => {
    const response = await client.search.query(
      { text: context.positionals.join(' '), level, top },
      { signal: context.signal },
    )
    await sayUntrained(client, context.progress)
    for (const warning of response.warnings) context.progress.note(warning)
    const json = response.results.map(({ rank, video, score, start, end }) => ({
      rank,
      path: video.path,
      score,
      start,
      end,
    }))
    const rows = json.map(one => [one.rank, one.score.toFixed(4), clock(one.start), clock(one.end), one.path])
    return { json, text: rows.length > 0 ? table(['rank', 'score', 'start', 'end', 'path'], rows) : 'Nothing found.' }
  })
}
