import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { assertFree, writeOutput } from '../../../storage/files/output-path.ts'
import type { CommandResult } from '../terminal/command.ts'
import { text } from '../terminal/command.ts'
import type { CommandContext } from '../terminal/session.ts'
import { withWorkbench } from '../terminal/session.ts'
import { table } from '../terminal/table.ts'

/** Exit code 1 when anything is at fault; a warning is none. */
export async function doctor(context: CommandContext): Promise<CommandResult> {
  const { values, signal } = context
  const file = text(values, 'report')
  const place = file === undefined ? null : { path: resolve(file), mark: null, overwrite: values.overwrite === true }
  if (place) await assertFree(place)
  return withWorkbench(context, async ({ client }) => {
    const { at, findings, report } = await client.diagnostics.diagnose(
      { paths: values['no-paths'] !== true },
      { signal },
    )
    if (place) await writeOutput(place, path => writeFile(path, report))
    const faults = findings.filter(({ state }) => state === 'fault')
    return {
      json: { at, findings, report: place?.path ?? null },
      text: [
        table(
          ['', 'what', 'found'],
          findings.map(finding => [finding.state, finding.subject, finding.text]),
        ),
        ...(place ? [`The report is in ${place.path}.`] : []),
      ].join('\n'),
      exitCode: faults.length > 0 ? 1 : 0,
    }
  })
}
