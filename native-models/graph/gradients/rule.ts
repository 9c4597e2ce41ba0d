import type { Tensor } from '../tensor.ts'

/**
 * Gradient of a scalar with respect to the inputs of one application of an op, given the gradient with respect to its
 * output; `null` for an input that has none (indices, masks).
 */
export type Gradient<Attributes extends object = object> = (
  application: {
    readonly inputs: readonly Tensor[]
    readonly output: Tensor
    readonly attributes: Attributes
  },
  outputGradient: Tensor,
) => readonly (Tensor | null)[]

/** For what is constant wherever it is smooth: comparisons, positions, signs. */
export const noGradient: Gradient = ({ inputs }) => inputs.map(() => null)

/** The gradient passes as it is. */
export const unchanged: Gradient = (_application, gradient) => [gradient]
