import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

export function devices(context: CommandContext): Promise<CommandResult> {
  return withWorkbench(context, async ({ client }) => {
    const found = await client.engine.devices({ again: true }, { signal: context.signal })
    return {
      json: found,
      text: table(
        ['id', 'name', 'usable', 'trial', 'reason'],
        found.map(one => [
          one.id,
          one.name,
          one.usable ? 'yes' : 'no',
          one.trials
            .flatMap(({ precision, milliseconds }) =>
              milliseconds === null ? [] : `${precision} ${milliseconds.toFixed(1)} ms`,
            )
            .join(', '),
          one.reason ?? '',
        ]),
      ),
    }
  })
}
