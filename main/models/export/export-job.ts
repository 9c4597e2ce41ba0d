import { exportInput } from '../../api/models.ts'
import type { JobHandler } from '../../jobs/index.ts'
import type { ModelRegistry } from '../registry.ts'
import { exportModel } from './export.ts'

/** The handler of 'export' jobs; one that was interrupted starts anew. */
export function exportJob(registry: ModelRegistry): JobHandler {
  return async ({ payload, signal, progress }) => {
    const input = exportInput.parse(payload)
    const unit = input.format === 'onnx' ? 'files' : 'tensors'
    await exportModel(await registry.lfVila(input.id), input, { signal, onProgress: (done, total, current) => progress({ done, total, unit, current }) })
    return 'succeeded'
  }
}
