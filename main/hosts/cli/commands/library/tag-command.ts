import { resolve } from 'node:path'
import type { CommandResult } from '../../terminal/command.ts'
import { UsageError, text } from '../../terminal/command.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** Gives and takes tags of videos, or lists those in use. */
export function tag(context: CommandContext): Promise<CommandResult> {
  const [added, removed] = [listOf(context, 'add'), listOf(context, 'remove')]
  const paths = context.positionals.map(path => resolve(path))
  if (paths.length === 0 && (added.length > 0 || removed.length > 0)) {
    throw new UsageError('tag needs the videos that get or lose these tags.')
  }
  return withWorkbench(context, async ({ client }) => {
    if (paths.length === 0) {
      const json = await client.library.tags()
      const rows = json.map(one => [one.tag, one.videos])
      return { json, text: rows.length > 0 ? table(['tag', 'videos'], rows) : 'No video has a tag.' }
    }
    const videoIds: number[] = []
    for (const path of paths) videoIds.push((await openVideo(client, path, context.signal)).id)
    const changes = [
      ...removed.map(name => ({ tag: name, videoIds, tagged: false })),
      ...added.map(name => ({ tag: name, videoIds, tagged: true })),
    ]
    if (changes.length > 0) await client.library.tag({ changes })
    const json: { path: string; tags: string[] }[] = []
    for (const id of videoIds) {
      const { path, tags } = await client.library.video({ id })
      json.push({ path, tags })
    }
    return {
      json,
      text: table(
        ['path', 'tags'],
        json.map(one => [one.path, one.tags.join(', ')]),
      ),
    }
  })
}

function listOf({ values }: CommandContext, name: string): string[] {
  const given = text(values, name)
  const list = given?.split(',').map(one => one.trim()) ?? []
  if (list.includes('')) throw new UsageError(`--${name} takes tags separated by commas, not "${given}".`)
  return list
}
