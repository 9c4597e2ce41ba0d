import { at } from './op.ts'
import type { Op } from './op.ts'

/** A mark is its input; it tells who writes a training step what belongs there. ONNX Runtime takes it out. */
function mark<Attributes extends object>(): Op<Attributes> {
  return {
    infer: inputs => at(inputs, 0),
    onnx: inputs => ({ opType: 'Identity', inputs }),
    gradient: (_application, gradient) => [gradient],
  }
}

export const marks = {
  /** In training each value is left out with probability `rate` and the others are scaled up. */
  Dropout: mark<{ rate: number }>(),
  /** In training the whole of a sample is left out with probability `rate`: x [batch · n, …], sample by sample. */
  DropPath: mark<{ rate: number; batch: number }>(),
  /** Values that each sample has for itself, whatever the others of its batch, sample by sample: a frozen part may be cut off here and kept. */
  PerSample: mark<object>(),
}
