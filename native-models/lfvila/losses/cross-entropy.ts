import {
  add,
  argMax,
  cast,
  divide,
  equal,
  logSumExp,
  maximum,
  multiply,
  reduceMean,
  reduceSum,
  reshape,
  subtract,
} from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant, scalar } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'

/** Label of a row that does not count. */
const ignoredLabel = -100

/**
 * Cross entropy of every row, 0 where the label is {@link ignoredLabel}.
 * @param logits [n, classes]. @param labels int32 [n]. @param smoothing share of the target spread evenly over all
 * classes.
 * @returns [n].
 */
function crossEntropyRows(logits: Tensor, labels: Tensor, smoothing: number): Tensor {
  const [rows, classes] = [size(logits.shape, 0), size(logits.shape, 1)]
  const normaliser = logSumExp(logits, [1])
  const target = cast(
    equal(
      reshape(labels, [rows, 1]),
      constant(
        Int32Array.from({ length: classes }, (_, index) => index),
        [1, classes],
      ),
    ),
    'float32',
  )
  const labelled = subtract(normaliser, reduceSum(multiply(logits, target), [1]))
  const loss =
    smoothing === 0
      ? labelled
      : add(
          multiply(labelled, scalar(1 - smoothing)),
          multiply(subtract(normaliser, reduceMean(logits, [1])), scalar(smoothing)),
        )
  return multiply(loss, counted(labels))
}

/**
 * Mean cross entropy over the rows that count: a scalar, 0 when none does, where PyTorch divides by zero: a batch in
 * which no word happens to be masked teaches nothing and must not end a run. Shapes as {@link crossEntropyRows}.
 */
export function crossEntropy(logits: Tensor, labels: Tensor, smoothing = 0): Tensor {
  return divide(
    reduceSum(crossEntropyRows(logits, labels, smoothing), [0]),
    maximum(reduceSum(counted(labels), [0]), scalar(1)),
  )
}

/** Mean over all rows of weight × cross entropy, a scalar. @param weights float32 [n]. */
export function weightedCrossEntropy(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return reduceMean(multiply(crossEntropyRows(logits, labels, 0), weights), [0])
}

/** Share of the rows that count whose largest logit is the labelled one: a scalar, 0 when none counts. */
export function accuracy(logits: Tensor, labels: Tensor): Tensor {
  const right = cast(equal(cast(argMax(logits, 1), 'int32'), labels), 'float32')
  return divide(reduceSum(right, [0]), maximum(reduceSum(counted(labels), [0]), scalar(1)))
}

/** 1 for rows that count, else 0. */
const counted = (labels: Tensor): Tensor =>
  subtract(scalar(1), cast(equal(labels, constant(Int32Array.of(ignoredLabel), [1])), 'float32'))
