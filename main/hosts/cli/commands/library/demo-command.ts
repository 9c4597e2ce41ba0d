import { resolve } from 'node:path'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'

export function demo(context: CommandContext): Promise<CommandResult> {
  const [folder = ''] = context.positionals
  return withWorkbench(context, async workbench => {
    const made = await workbench.generateDemo(resolve(folder), context.signal)
    return {
      json: made,
      text: `${made.videos.length} videos and ${made.captions.length} caption files are in ${resolve(folder)}.`,
    }
  })
}
