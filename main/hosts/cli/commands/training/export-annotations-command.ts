import { resolve } from 'node:path'
import { annotationForms } from '../../../../api/common/rules.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { datasetOf } from './dataset-options.ts'

/** Problems that are shown to people; all of them are in the JSON document. */
const problemsShown = 20

/** The parts of videos that a labelled folder tells of, for an annotation tool. */
export async function exportAnnotationsCommand({
  positionals,
  values,
  signal,
}: CommandContext): Promise<CommandResult> {
  const { exportAnnotations } = await import('../../../../training/data/annotation-tools/export-annotations.ts')
  const { labellingInterface } = await import('../../../../training/data/annotation-tools/label-studio-document.ts')
  const [folder = ''] = positionals
  const [as, out, into] = [choice(values, 'as', annotationForms), text(values, 'out'), text(values, 'into')]
  if (as === undefined) throw new UsageError(`--as is required: ${annotationForms.join(', ')}.`)
  if (out === undefined) throw new UsageError('--out is required.')
  if (as === 'csv' && into !== undefined) throw new UsageError('--into takes files of ELAN or Label Studio.')
  const dataset = datasetOf(folder, values)
  const counts = await exportAnnotations(
    {
      choice: dataset,
      as,
      out: resolve(out),
      into: into === undefined ? null : resolve(into),
      overwrite: values.overwrite === true,
    },
    signal,
  )
  const { spans, untimed, changed, added, unchanged, untouched, problems } = counts
  const lines = [
    `${spans} parts of videos are read; ${untimed} texts have no times and go on no time line.`,
    `Written to ${resolve(out)}: ${changed} changed, ${added} added, ${unchanged} as they were; ${untouched} annotations that nothing speaks of stay.`,
    ...problems.slice(0, problemsShown).map(problem => `  ${problem}`),
    ...(problems.length > problemsShown ? [`  and ${problems.length - problemsShown} more`] : []),
    ...(as === 'label-studio' && into === undefined
      ? ['The labelling interface of the new project:', labellingInterface(dataset.frameRate ?? 24)]
      : []),
  ]
  return { json: { out: resolve(out), ...counts }, text: lines.join('\n'), exitCode: problems.length === 0 ? 0 : 1 }
}
