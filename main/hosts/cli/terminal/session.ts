import { resolve } from 'node:path'
import { deviceChoice, precisionChoice } from '../../../api/engine.ts'
import type { Job, WorkbenchClient } from '../../../api/index.ts'
import type { Workbench } from '../../../workbench/workbench.ts'
import { version } from '../../installation.ts'
import { choice, text } from './command.ts'
import type { OptionValues } from './command.ts'
import type { ProgressLine } from './progress-line.ts'

/** What a command is called with. */
export interface CommandContext {
  values: OptionValues
  positionals: string[]
  json: boolean
  progress: ProgressLine
  /** Aborted by the first Ctrl+C. */
  signal: AbortSignal
}

interface WorkbenchUse {
  readonly runJobs?: boolean
  readonly usesModel?: boolean
  /** Bytes of decoded frames that training keeps; the setting when it is not given. */
  readonly frameCache?: number | undefined
}

/**
 * Opens the workbench for one command and closes it again whatever happens. Says when it did not compute on the device
 * asked for. `usesModel`: whether `--model` names the one that searches; otherwise it may be of any kind and the
 * command sees to it.
 */
export async function withWorkbench<T>(
  context: CommandContext,
  use: (workbench: Workbench) => Promise<T>,
  { runJobs = false, usesModel = true, frameCache }: WorkbenchUse = {},
): Promise<T> {
  const device = choice(context.values, 'device', deviceChoice.options)
  const workspace = text(context.values, 'workspace')
  const { openWorkbench } = await import('../../../workbench/workbench.ts')
  const workbench = await unlessAborted(
    context.signal,
    openWorkbench({
      host: 'cli',
      version,
      device,
      precision: choice(context.values, 'precision', precisionChoice.options),
      runJobs,
      demo: false,
      frameCache,
      workspace: workspace === undefined ? undefined : resolve(workspace),
      store: storeOf(context.values),
      model: usesModel ? text(context.values, 'model') : undefined,
    }),
  )
  try {
    const result = await use(workbench)
    const { fallback } = await workbench.client.engine.status()
    if (fallback !== null) context.progress.note(fallback)
    return result
  } finally {
    await workbench.close()
  }
}

/** Where `--store` says that embeddings are; a folder as an absolute path. */
export function storeOf(values: OptionValues): string | undefined {
  const store = text(values, 'store')
  return store === undefined || store.includes('://') ? store : resolve(store)
}

/**
 * What is opened, or the reason of the signal at once: a program may end at any moment of its opening, which takes
 * seconds on a busy machine.
 */
function unlessAborted<T>(signal: AbortSignal, opened: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    opened.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/**
 * Waits for a job, showing its progress. Ctrl+C cancels it and waits until it has stopped between two steps:
 * what is finished stays finished, and the same command goes on from there.
 */
export async function followJob(workbench: Workbench, id: number, context: CommandContext): Promise<Job> {
  const cancel = () => {
    workbench.client.jobs.cancel({ id }).catch(() => {
      /* it ended by itself in the same moment */
    })
  }
  context.signal.addEventListener('abort', cancel, { once: true })
  if (context.signal.aborted) cancel()
  try {
    return await workbench.waitForJob(id, shown(id, context))
  } finally {
    context.signal.removeEventListener('abort', cancel)
    context.progress.end()
    context.signal.throwIfAborted()
  }
}

/** Shows a job's progress, and what it has to wait for. */
export function shown(
  id: number,
  { progress }: CommandContext,
): { onProgress: (job: Job) => void; onOther: (job: Job) => void } {
  return {
    onProgress: job => progress.job(job),
    onOther: other =>
      progress.note(
        other.id === id
          ? `“${other.title}” is being done by another process on this workspace; this command waits for it.`
          : `This command waits for “${other.title}”, which another process on this workspace is doing; Ctrl+C gives up.`,
      ),
  }
}

/** Says when the scores of the model in use mean nothing, as the window does at its top. */
export async function sayUntrained(client: WorkbenchClient, progress: ProgressLine): Promise<void> {
  for (const notice of await client.app.notices()) if (notice.id === 'untrained') progress.note(notice.text)
}

/** A video by its path, indexed or not. */
export async function openVideo(client: WorkbenchClient, path: string, signal: AbortSignal) {
  return client.library.openVideo({ path: resolve(path) }, { signal })
}
