import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { passes, wordLanguages } from '../../../../api/common/rules.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'
import { bytes } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, openVideo, sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { paragraphOf } from './paragraph.ts'

/** Writes a report; after Ctrl+C nothing is left at the path. */
export async function report(context: CommandContext): Promise<CommandResult> {
  const { values, positionals, signal, progress } = context
  const out = text(values, 'out')
  if (out === undefined) throw new UsageError('--out is required.')
  const [given = ''] = positionals
  const path = resolve(out)
  const input = {
    text: await paragraphOf(context),
    pass: choice(values, 'pass', passes) ?? 'dense',
    title: text(values, 'title') ?? null,
    language: choice(values, 'language', wordLanguages) ?? 'en',
    path,
    overwrite: values.overwrite === true,
  }
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const video = await openVideo(client, given, signal)
      await sayUntrained(client, progress)
      const { jobId } = await client.reports.start({ videoId: video.id, ...input }, { signal })
      const job = await followJob(workbench, jobId, context)
      if (job.state !== 'succeeded') {
        throw new ExpectedError('export-failed', job.problem ?? 'The report was cancelled.')
      }
      const { size } = await stat(path)
      return {
        json: { video: video.path, path, bytes: size },
        text: `The report on ${video.name} is written to ${path} (${bytes(size)}); any browser opens it.`,
      }
    },
    { runJobs: true },
  )
}
