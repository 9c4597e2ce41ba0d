import type { DeviceSelection } from '../engine/devices/device-selection.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'
import type { IndexingModel } from '../retrieval/indexing/video-indexes.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { SettingsStore } from '../storage/settings.ts'

interface IndexingParts {
  readonly registry: ModelRegistry
  readonly devices: DeviceSelection
  readonly settings: SettingsStore
}

/** The models that can search, the one in use first. */
export async function indexingModels({ registry, devices, settings }: IndexingParts): Promise<IndexingModel[]> {
  const searching = (await registry.list()).filter(({ cannotSearch }) => cannotSearch === null)
  return searching
    .toSorted((a, b) => Number(b.inUse) - Number(a.inUse))
    .map(({ id, kind, hash: own, learned, video: { frames } }) => {
      const hash = learned?.videoHash ?? own
      // A dual encoder computes in the precision of its files.
      const precision = kind === 'dual-encoder' ? 'fp32' : devices.precision
      return { id, hash, keys: embeddingKeys({ hash, frames, precision }, settings.get()) }
    })
}
