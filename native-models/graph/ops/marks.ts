import { at } from './op.ts'
import type { Op } from './op.ts'

/**
 * An identity op that marks where a training step applies dropout or stochastic depth; ONNX Runtime removes it from
 * other programs.
 */
function mark<Attributes extends object>(): Op<Attributes> {
  return {
    infer: inputs => at(inputs, 0),
    onnx: inputs => ({ opType: 'Identity', inputs }),
  }
}

export const marks = {
  /** In training each value is left out with probability `rate` and the others are scaled up. */
  Dropout: mark<{ rate: number }>(),
  /** In training the whole of a sample is left out with probability `rate`: x [batch · n, …], sample by sample. */
  DropPath: mark<{ rate: number; batch: number }>(),
  /**
   * Marks values that depend on one sample alone, not on the rest of its batch: a frozen part of the model may end
   * here, and its output be cached.
   */
  PerSample: mark<object>(),
}
