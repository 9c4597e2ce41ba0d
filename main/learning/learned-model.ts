import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { floatsOf } from '../../native-models/checkpoints/initialisation/initialisation.ts'
import { english } from '../../native-models/english.ts'
import type { LearnedFrom } from '../api/models.ts'
import { hasLocalProjections } from '../model-folder/kinds.ts'
import { weightsFile } from '../model-folder/model-file.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { registerModel } from '../model-folder/register.ts'
import { changedWeight } from './sentence-change.ts'
import type { SentenceChange } from './sentence-change.ts'

/** The projection that embeds a sentence; of a model without one for sentences, that for paragraphs. */
export function sentenceProjection({ record }: RegisteredModel): LearnedFrom['projection'] {
  return hasLocalProjections(record.kind) ? 'text_local_proj' : 'text_global_proj'
}

interface LearnedModel {
  readonly base: RegisteredModel
  readonly change: SentenceChange
  /** What the record says of it, besides what follows from the base. */
  readonly learned: Omit<LearnedFrom, 'from' | 'videoHash' | 'videoSource' | 'projection'>
  readonly signal: AbortSignal
}

/**
 * Makes a model's folder below `models`: the base with its projection of sentences changed. It embeds videos by the
 * same weights, so that it goes on with their embeddings. @throws ExpectedError when the name is taken or the disk is
 * full.
 */
export async function writeLearnedModel(
  { models, id }: { readonly models: string; readonly id: string },
  { base, change, learned, signal }: LearnedModel,
): Promise<void> {
  const { record, folder } = base
  const projection = sentenceProjection(base)
  const weights = await openCheckpoint(join(folder, weightsFile))
  try {
    await registerModel(models, id, {
      model: {
        kind: record.kind,
        config: record.config,
        labels: record.labels,
        trained: record.trained,
        training: record.training,
        learned: {
          ...learned,
          projection,
          from: base.id,
          videoHash: record.learned?.videoHash ?? record.hash,
          videoSource: record.learned ? record.learned.videoSource : record.source,
        },
        source: english`corrected captions, from ‘${base.id}’`,
        vocabulary:
          record.vocabulary === null
            ? null
            : { name: record.vocabulary, content: await readFile(join(folder, record.vocabulary)) },
        weights: [...weights.tensors].map(([name, tensor]) => ({
          name,
          shape: tensor.shape,
          read: async () => {
            const values = await floatsOf(name, tensor)
            return name.startsWith(`${projection}.`) ? changedWeight(change, values) : values
          },
        })),
      },
      signal,
    })
  } finally {
    await weights.close()
  }
}
