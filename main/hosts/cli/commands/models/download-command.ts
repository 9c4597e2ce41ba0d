import type { Download } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { bytes } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { shown, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/**
 * Lists the published files, or downloads those of one entry. After Ctrl+C the job waits for the next start and goes on
 * there.
 */
export function download(context: CommandContext): Promise<CommandResult> {
  const [id] = context.positionals
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const options = { signal: context.signal }
      if (id === undefined) {
        const { downloads } = await client.downloads.list(undefined, options)
        return { json: downloads, text: downloads.map(describe).join('\n\n') }
      }
      const { jobId } = await client.downloads.start({ id }, options)
      const job = await workbench.waitForJob(jobId, { ...shown(jobId, context), signal: context.signal })
      context.progress.end()
      const { downloads } = await client.downloads.list(undefined, options)
      const found = downloads.find(one => one.id === id)
      return job.state === 'succeeded' && found
        ? { json: found, text: describe(found) }
        : { json: found, text: job.problem ?? 'The download was cancelled.', exitCode: 1 }
    },
    { runJobs: id !== undefined },
  )
}

function describe({ id, title, licence, page, files }: Download): string {
  const rows = files.map(file => [
    file.name,
    file.size === null ? 'unknown' : bytes(file.size),
    file.complete ? file.path : file.received > 0 ? `${bytes(file.received)} are here` : '',
    file.sha256 ?? 'none published',
  ])
  return `${id}: ${title}\n${licence}\n${page}\n${table(['file', 'size', 'here', 'SHA-256'], rows)}`
}
