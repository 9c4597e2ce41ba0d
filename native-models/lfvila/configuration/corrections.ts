import { z } from 'zod'

/**
 * Where the published code does something that harms its user, the model does the same unless the configuration says
 * otherwise under `corrections`: weights that were trained with a defect expect it.
 */
export const corrections = [
  {
    name: 'padToPatches',
    sentence:
      'Frames whose height or width is no multiple of the patch size are padded with the mean colour at the bottom and right; the published code drops the rows that are left over and, for a width, adds an empty frame instead of columns.',
  },
  {
    name: 'ownWindowOffsets',
    sentence:
      'A window made smaller because the grid has fewer rows or columns looks up the position bias by its own offsets; the published code uses those that its tokens would have in the full window, which mixes up neighbours.',
  },
  {
    name: 'localFeatures',
    sentence:
      'Clip embeddings come from the encoder’s local features, taken before the long temporal windows, as the paper describes; the published code computes these and throws them away.',
  },
  {
    name: 'spanPatches',
    sentence:
      'The span head averages as many patches per frame as there are; the published code always takes six, so that other frame sizes mix words or other frames into the average.',
  },
  {
    name: 'otherNegatives',
    sentence:
      'The negatives of the temporal contrastive loss come from other samples of the batch; the published code begins with the sample itself, whose element may be the right answer.',
  },
] as const

export type CorrectionName = (typeof corrections)[number]['name']
export type Corrections = Readonly<Record<CorrectionName, boolean>>

const off = z.boolean().default(false)

/** The `corrections` of a model configuration; all are off unless named. */
export const correctionsSchema = z
  .strictObject(Object.fromEntries(corrections.map(({ name }) => [name, off])) as Record<CorrectionName, typeof off>)
  .prefault({})
