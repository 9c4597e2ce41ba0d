import type { Diagnosis } from '../api/diagnostics.ts'
import { findings } from './findings.ts'
import type { Diagnosed } from './findings.ts'
import { readLog } from './log-files.ts'
import { withoutPaths } from './without-paths.ts'

/** How much of the past a report tells. */
const [jobsTold, entriesTold] = [20, 50]

/**
 * What the workbench stands on, and a report of it for somebody who helps. @param paths false: the report names no
 * folders, files, users and titles.
 */
export async function diagnose(diagnosed: Diagnosed, { paths }: { readonly paths: boolean }): Promise<Diagnosis> {
  const at = Date.now()
  const found = await findings(diagnosed)
  const devices = await diagnosed.devices().catch(() => [])
  const { entries } = await readLog(diagnosed.logFile, { least: 'warning', count: entriesTold }).catch(() => ({
    entries: [],
  }))
  const text = [
    `LF-VILA Workbench, report of ${new Date(at).toISOString()}`,
    paths ? '' : 'Folders, files, users and titles were left out.',
    '',
    ...found.map(({ subject, state, text: said }) => `[${state}] ${subject}: ${said}`),
    '',
    'Devices',
    ...devices.map(({ id, name, usable, reason, trials }) =>
      [
        `${id} (${name}): ${usable ? 'usable' : 'refused'}`,
        ...trials.flatMap(({ precision, milliseconds }) =>
          milliseconds === null ? [] : `${precision} ${milliseconds.toFixed(1)} ms`,
        ),
        ...(reason === null ? [] : [reason]),
      ].join('; '),
    ),
    '',
    'Settings',
    JSON.stringify(diagnosed.settings()),
    '',
    `The last jobs (at most ${jobsTold})`,
    ...diagnosed
      .jobs()
      .slice(0, jobsTold)
      .map(({ createdAt, kind, title, state, failures, problem }) =>
        [
          new Date(createdAt).toISOString(),
          kind,
          ...(paths ? [`“${title}”`] : []),
          state,
          ...(failures.length > 0 ? [`${failures.length} failures, the first: ${failures[0]?.reason ?? ''}`] : []),
          ...(problem === null ? [] : [problem]),
        ].join(' · '),
      ),
    '',
    `The last warnings and errors of the log (at most ${entriesTold})`,
    ...entries.map(({ time, level, text: said, details }) =>
      [`${new Date(time).toISOString()} ${level} ${said}`, ...(details === null ? [] : [details])].join('\n  '),
    ),
    '',
  ].join('\n')
  return { at, findings: found, report: paths ? text : withoutPaths(text) }
}
