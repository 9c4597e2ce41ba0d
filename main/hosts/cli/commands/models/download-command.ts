import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { isDone } from '../../../../api/common/rules.ts'
import type { Download } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError } from '../../terminal/command.ts'
import { bytes } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { shown, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/**
 * Lists the published files and the recommended models, or downloads those of one entry, or a model of Hugging Face by
 * its name; a model is then registered and in use. After Ctrl+C the job waits for the next start and goes on there.
 */
export function download(context: CommandContext): Promise<CommandResult> {
  const [name] = context.positionals
  const variant = text(context.values, 'variant')
  if (variant !== undefined && !name?.includes('/')) {
    throw new UsageError('--variant is of a model of Hugging Face: give it as hf:OWNER/NAME.')
  }
  const id = name === undefined || variant === undefined ? name : `${name}#${variant}`
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
      const found = downloads.find(one => one.jobId === jobId)
      if (!found || !isDone(job.state)) {
        throw new ExpectedError('download-failed', job.problem ?? 'The download was cancelled.')
      }
      const others = job.failures.map(({ path, reason }) => `${path}: ${reason}`)
      return { json: found, text: [describe(found), ...others].join('\n') }
    },
    { runJobs: id !== undefined },
  )
}

function describe({ id, title, text: words, licence, page, files, models, about, until, commit }: Download): string {
  const rows = files.map(file => [
    file.name,
    file.size === null ? 'unknown' : bytes(file.size),
    file.complete ? file.path : file.received > 0 ? `${bytes(file.received)} are here` : '',
    file.sha256 === null ? 'none published' : `${file.sha256}${file.recorded ? ' (at the first download)' : ''}`,
  ])
  const here = files.some(({ received }) => received > 0)
  return [
    id === title ? id : `${id}: ${title}`,
    ...(id.startsWith('hf:') && words !== '' ? [words] : []),
    ...(licence === '' ? [] : [`licence: ${licence}`]),
    page,
    ...(until === null ? [] : [expiry(until, page)]),
    ...(models.length === 0 ? [] : [`registered as ${models.join(', ')}`]),
    ...(files.length === 0 && about !== null && models.length === 0 ? [`about ${bytes(about)}`] : []),
    ...(commit !== null && here ? [`commit ${commit}`] : []),
    ...(rows.length === 0 ? [] : [table(['file', 'size', 'here', 'SHA-256'], rows)]),
  ].join('\n')
}

function expiry(until: number, page: string): string {
  const day = new Date(until).toISOString().slice(0, 10)
  return Date.now() < until
    ? `the publisher’s link works until ${day}`
    : `the publisher’s link has expired on ${day}: look at ${page} for another one or ask the authors there, or name a mirror in the settings`
}
