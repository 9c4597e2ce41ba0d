import { resolve } from 'node:path'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { storiesOf } from './story-options.ts'

export function demo(context: CommandContext): Promise<CommandResult> {
  const [given = ''] = context.positionals
  const [folder, stories] = [resolve(given), storiesOf(context.values)]
  const { signal, progress } = context
  const total = stories?.counts.reduce((sum, [, count]) => sum + count, 0) ?? null
  const options = {
    signal,
    onProgress: (fraction: number) =>
      total === null
        ? progress.count('Paint the demo library', { done: Math.floor(fraction * 100), total: 100, current: null })
        : progress.count('Paint stories', { done: Math.floor(fraction * total), total, current: null }),
  }
  return withWorkbench(context, async workbench => {
    try {
      if (stories === null) {
        const made = await workbench.generateDemo(folder, options)
        return {
          json: made,
          text: `${made.videos.length} videos and ${made.captions.length} caption files are in ${folder}.`,
        }
      }
      const made = await workbench.generateStories(folder, stories, options)
      return {
        json: made,
        text: `${made.videos.length} stories with captions, and ${made.annotations.length} annotation files, are in ${folder}.`,
      }
    } finally {
      progress.end()
    }
  })
}
