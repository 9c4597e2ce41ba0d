import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { Model } from '../../../api/models.ts'
import { evaluatedBy } from '../../../model-folder/kinds.ts'
import { modelFile } from '../../../model-folder/model-file.ts'
import { dualEncoderContract } from './contract.ts'

export const recordFormat = 'dual-encoder-model/1'

/** What `model.json` in the folder of a registered dual encoder says. */
const dualEncoderRecord = z.object({
  format: z.literal(recordFormat),
  /** Numbers in the weights of both towers. */
  parameters: z.number().int().min(0),
  /** Of the shared space. */
  dimension: z.number().int().min(1),
  /** Entries of the tokenizer. */
  vocabulary: z.number().int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  /** Its files are those of the folder. */
  contract: dualEncoderContract,
})
export type DualEncoderRecord = z.infer<typeof dualEncoderRecord>

/** A dual encoder as it lies in the registry. */
export interface RegisteredDualEncoder {
  readonly id: string
  readonly folder: string
  readonly record: DualEncoderRecord
}

/**
 * The dual encoder in a folder of the registry, or null when the folder holds another model or none. @throws
 * ExpectedError when it is damaged.
 */
export async function readDualEncoder(folder: string, id: string): Promise<RegisteredDualEncoder | null> {
  const path = join(folder, modelFile)
  const text = await readFile(path, 'utf8').catch(() => null)
  // Other models are told by their own reader what is wrong with them.
  if (!text?.includes(`"${recordFormat}"`)) return null
  try {
    return { id, folder, record: dualEncoderRecord.parse(JSON.parse(text)) }
  } catch (cause) {
    throw new ExpectedError(
      'model-damaged',
      `The model ‘${id}’ is damaged (${path} cannot be understood); remove it and import it again.`,
      { cause },
    )
  }
}

/** The model as windows and command line see it: what only LF-VILA has is null. */
export function describeDualEncoder({ id, record }: RegisteredDualEncoder, inUse: boolean): Model {
  const { video, segment, text } = record.contract
  return {
    id,
    inUse,
    kind: 'dual-encoder',
    trained: true,
    parameters: record.parameters,
    dimension: record.dimension,
    localProjections: false,
    labels: null,
    hash: record.hash,
    createdAt: record.createdAt,
    source: record.source,
    agreements: [],
    cannotSearch: null,
    evaluatedBy: evaluatedBy('dual-encoder'),
    trainable: false,
    exportable: false,
    removable: true,
    warnings: [],
    training: null,
    learned: null,
    video: {
      embedDim: null,
      depths: null,
      heads: null,
      windows: null,
      frames: segment.clips * segment.framesPerClip,
      clips: segment.clips,
      inputSize: [video.size.height, video.size.width],
    },
    text: {
      hidden: null,
      layers: null,
      heads: null,
      vocabulary: record.vocabulary,
      tokens: text.length,
      sentences: null,
    },
  }
}
