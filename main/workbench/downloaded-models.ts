import type { Models } from '../downloads/installation.ts'
import type { ModelInUse } from '../models/registry/model-in-use.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'

/** The registry as downloads see it, that end with a model in use. */
export function downloadedModels(registry: ModelRegistry, inUse: Pick<ModelInUse, 'use'>): Models {
  return {
    async register({ weights, source, config = null, bertConfig = null, vocab = null, name = null, variant }, signal) {
      const files = { weights: [weights], config, bertConfig, vocab, variant }
      const options = { signal, ...(source === undefined ? {} : { source }) }
      const report = await registry.import({ ...files, name, kind: null, init: null, resizeBias: null }, options)
      return report.model
    },
    async use(id) {
      await inUse.use(id)
    },
    list: () => registry.list(),
  }
}
