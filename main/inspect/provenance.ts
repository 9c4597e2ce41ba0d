import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Settings } from '../api/app.ts'
import type { Provenance } from '../api/inspection/inspect.ts'
import type { Library } from '../library/videos/library.ts'
import type { ModelInUse } from '../models/registry/model-in-use.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'

export interface ProvenanceParts {
  /** Of the program. */
  readonly version: string
  readonly settings: () => Pick<Settings, 'sampling' | 'denseRate'>
  readonly model: ModelInUse
  readonly registry: ModelRegistry
  readonly library: Pick<Library, 'records'>
}

/** Where what is shown of some videos comes from: the model, the sampling, and the files with their content's hash. */
export async function provenanceOf(
  { version, settings, model, registry, library: { records } }: ProvenanceParts,
  { model: id, videoIds }: { readonly model: string | null; readonly videoIds: readonly number[] },
): Promise<Provenance> {
  const { identity } = model
  const { sampling, denseRate } = settings()
  return {
    version,
    model:
      id === null || id === identity.id
        ? { id: identity.id, hash: identity.hash }
        : { id, hash: await registry.info(id).then(({ hash }) => hash, absent) },
    sampling,
    denseRate,
    precision: identity.precision ?? 'fp32',
    videos: videoIds.flatMap(video => {
      const path = records.problemOf(video)?.path
      return path === undefined ? [] : [{ id: video, path, contentId: records.contentOf(video) }]
    }),
  }
}

function absent(error: unknown): null {
  if (error instanceof ExpectedError) return null
  throw error
}
