import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { exportInput } from '../../api/models.ts'
import type { ExportInput } from '../../api/models.ts'
import type { JobHandler } from '../../jobs/job-handler.ts'
import type { JobQueue } from '../../jobs/job-queue.ts'
import { clearUnfinished, stampOf } from '../../storage/files/output-path.ts'
import type { ModelRegistry } from '../registry/registry.ts'
import { assertExportable, exportModel } from './export.ts'

/** `seen`: what lay at the path when the export was asked for, which alone may be replaced. */
const exportPayload = exportInput.extend({ seen: z.string().nullable() })

/** Enqueues an export. @throws ExpectedError when the model cannot be exported so, or the path is taken. */
export async function enqueueExport(
  registry: ModelRegistry,
  jobs: JobQueue,
  input: ExportInput,
): Promise<{ jobId: number }> {
  await assertExportable(await registry.lfVila(input.id), input)
  const payload: z.input<typeof exportPayload> = { ...input, seen: await stampOf(input.path) }
  return { jobId: jobs.enqueue({ kind: 'export', title: english`Export ${input.id} to ${input.path}`, payload }).id }
}

/** Removes what an export has left beside its path that ended with its program. */
export async function clearAbandonedExport(payload: unknown): Promise<void> {
  await clearUnfinished(exportPayload.parse(payload).path)
}

/**
 * The handler of 'export' jobs; one whose program ended is not done again: by then something else may lie at the path.
 */
export function exportJob(registry: ModelRegistry): JobHandler {
  return async ({ payload, signal, progress }) => {
    const { seen, ...input } = exportPayload.parse(payload)
    const unit = input.format === 'onnx' ? 'files' : 'tensors'
    await exportModel(await registry.lfVila(input.id), input, {
      signal,
      seen,
      onProgress: (done, total, current) => progress({ done, total, unit, current }),
    })
    return 'succeeded'
  }
}
