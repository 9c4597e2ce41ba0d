import {
  absolute,
  add,
  argMin,
  cast,
  concat,
  divide,
  equal,
  gather,
  logSumExp,
  matMul,
  matMulTransposed,
  maximum,
  multiply,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  subtract,
  transpose,
} from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import type { LossConfig } from '../configuration/config.ts'

/**
 * Contrastive loss of a batch of matching pairs, both directions summed (REFERENCE §3).
 * @param video @param text L2-normalised, [B, dimension]. @returns a scalar.
 */
export function globalContrastiveLoss(video: Tensor, text: Tensor, config: LossConfig): Tensor {
  const similarity = matMulTransposed(video, text, 1 / config.temperature)
  const matching = reduceSum(multiply(video, text), [1])
  const positive = multiply(matching, scalar(1 / config.temperature))
  const direction = (axis: number): Tensor => reduceMean(subtract(logSumExp(similarity, [axis]), positive), [0])
  return multiply(add(direction(1), direction(0)), scalar(config.globalWeight))
}

/**
 * Indices drawn per sample: which elements ask, which are the candidates, which serve as negatives for other samples.
 */
export interface TimeIndices {
  /** int32 [B, keys] */
  readonly key: Tensor
  /** int32 [B, values] */
  readonly value: Tensor
  /** int32 [B] */
  readonly otherNegative: Tensor
}

/**
 * Multimodal temporal contrastive loss (paper section 3.3): for each key element the candidate of the other modality
 * nearest in time must win against the others. Keys equally far from the first and last candidate are left out; not
 * weighted.
 * @param text @param video L2-normalised sentence and clip features [B, M, dimension]. @returns a scalar, 0 when every
 * key is left out.
 */
export function temporalContrastiveLoss(
  text: Tensor,
  video: Tensor,
  { indices: { key, value, otherNegative }, config }: { readonly indices: TimeIndices; readonly config: LossConfig },
): Tensor {
  const [batch, keys] = [size(key.shape, 0), size(key.shape, 1)]
  const distance = absolute(
    subtract(
      reshape(cast(value, 'float32'), [batch, 1, size(value.shape, 1)]),
      reshape(cast(key, 'float32'), [batch, keys, 1]),
    ),
  )
  const candidates = size(value.shape, 1) + config.negatives
  const positions = constant(
    BigInt64Array.from({ length: candidates }, (_, index) => BigInt(index)),
    [candidates],
  )
  const label = cast(equal(reshape(argMin(distance, 2), [batch, keys, 1]), positions), 'float32')
  const first = slice(distance, 2, 0, 1)
  const last = slice(distance, 2, size(value.shape, 1) - 1, size(value.shape, 1))
  const counted = subtract(scalar(1), reshape(cast(equal(first, last), 'float32'), [batch, keys]))
  const direction = (queries: Tensor, others: Tensor): Tensor => {
    const negatives = takePerSample(others, reshape(otherNegative, [batch, 1]))
    // In a batch of fewer samples than negatives they come round again, without the sample itself.
    const shifts = Array.from({ length: config.negatives }, (_, shift) =>
      config.otherNegatives ? 1 + (shift % Math.max(1, batch - 1)) : shift,
    )
    const rolled = shifts.map(shift => rollBatch(negatives, shift))
    const candidateFeatures = concat([takePerSample(others, value), ...rolled], 1)
    const logits = multiply(
      matMul(takePerSample(queries, key), transpose(candidateFeatures, [0, 2, 1])),
      scalar(1 / config.timeTemperature),
    )
    const loss = subtract(logSumExp(logits, [2]), reduceSum(multiply(logits, label), [2]))
    return divide(reduceSum(multiply(loss, counted), [0, 1]), maximum(reduceSum(counted, [0, 1]), scalar(1)))
  }
  return add(direction(text, video), direction(video, text))
}

/** features [B, M, C], indices int32 [B, n] → [B, n, C]. */
function takePerSample(features: Tensor, indices: Tensor): Tensor {
  const [batch, elements, channels] = [size(features.shape, 0), size(features.shape, 1), size(features.shape, 2)]
  const offsets = constant(
    Int32Array.from({ length: batch }, (_, sample) => sample * elements),
    [batch, 1],
  )
  return gather(reshape(features, [batch * elements, channels]), add(indices, offsets))
}

/** torch.roll along the batch: sample i receives what sample i − shift had. */
function rollBatch(x: Tensor, shift: number): Tensor {
  const batch = size(x.shape, 0)
  return gather(
    x,
    constant(
      Int32Array.from({ length: batch }, (_, sample) => (((sample - shift) % batch) + batch) % batch),
      [batch],
    ),
  )
}
