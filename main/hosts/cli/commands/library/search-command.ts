import { resolve } from 'node:path'
import type { WorkbenchClient } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { UsageError, choice, text, wholeNumber } from '../../terminal/command.ts'
import { clock } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

export function search(context: CommandContext): Promise<CommandResult> {
  const top = wholeNumber(context.values, 'top', { least: 1, most: 500, fallback: 10 })
  const level = choice(context.values, 'level', ['video', 'moment']) ?? 'video'
  return withWorkbench(context, async ({ client }) => {
    const folderId = await folderOf(client, text(context.values, 'folder'))
    const response = await client.search.query(
      { text: context.positionals.join(' '), level, top, folderId },
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

async function folderOf(client: WorkbenchClient, path: string | undefined): Promise<number | null> {
  if (path === undefined) return null
  const folder = (await client.library.folders()).find(one => one.path === resolve(path))
  if (folder) return folder.id
  throw new UsageError(`--folder takes a folder that was indexed as a whole; ${resolve(path)} was not.`)
}
