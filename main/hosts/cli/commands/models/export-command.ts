import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { exportFormat } from '../../../../api/models.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { choice, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import { bytes } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, withWorkbench } from '../../terminal/session.ts'

/** Writes a model out; after Ctrl+C nothing is left at the path. */
export function exportModel(context: CommandContext): Promise<CommandResult> {
  const [id = ''] = context.positionals
  const { values } = context
  const format = choice(values, 'format', exportFormat.options)
  const out = text(values, 'out')
  if (!format) throw new UsageError(`--format is required: ${exportFormat.options.join(', ')}.`)
  if (out === undefined) throw new UsageError('--out is required.')
  const path = resolve(out)
  const precision = choice(values, 'precision', ['fp32', 'fp16']) ?? 'fp32'
  const sentences = values.sentences === undefined ? null : wholeNumber(values, 'sentences', { least: 1 })
  return withWorkbench(
    context,
    async workbench => {
      const { jobId } = await workbench.client.models.export(
        { id, format, precision, path, sentences, overwrite: values.overwrite === true },
        { signal: context.signal },
      )
      const job = await followJob(workbench, jobId, context)
      if (job.state !== 'succeeded') {
        throw new ExpectedError('export-failed', job.problem ?? 'The export was cancelled.')
      }
      const size = await sizeOf(path)
      return {
        json: { model: id, format, precision, path, bytes: size },
        text: `${id} is written to ${path} (${format}, ${precision}, ${bytes(size)}).`,
      }
    },
    { runJobs: true },
  )
}

/** Bytes of a file, or of the files of a folder. */
async function sizeOf(path: string): Promise<number> {
  const information = await stat(path)
  if (!information.isDirectory()) return information.size
  const sizes = await Promise.all((await readdir(path)).map(name => sizeOf(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}
