import { elementCount } from '../../native-models/graph/tensor.ts'
import type { TensorValue } from './onnxruntime.ts'
import type { ResidentTensor } from './protocol.ts'

/** float32 memory of the engine process that outlives a run: weights that are trained, their gradients and moments. */
export class Buffers {
  readonly #buffers = new Map<number, Float32Array>()

  allocate(key: number, length: number): void {
    this.#buffers.set(key, new Float32Array(length))
  }

  free(key: number): void {
    this.#buffers.delete(key)
  }

  /** The memory itself, not a copy. @throws when the buffer does not exist or is shorter. */
  view(key: number, offset = 0, length?: number): Float32Array {
    const buffer = this.#buffers.get(key)
    if (!buffer) throw new Error(`Buffer ${key} does not exist.`)
    const end = length === undefined ? buffer.length : offset + length
    if (end > buffer.length) throw new Error(`Buffer ${key} has ${buffer.length} elements; ${end} were asked for.`)
    return buffer.subarray(offset, end)
  }

  /** @param turn how many stretches of its own length each tensor lies behind its offset. */
  tensors(resident: Readonly<Record<string, ResidentTensor>>, turn: number): Record<string, TensorValue> {
    return Object.fromEntries(
      Object.entries(resident).map(([name, { buffer, offset, dims }]) => {
        const length = elementCount(dims)
        return [name, { dtype: 'float32', dims, data: this.view(buffer, offset + turn * length, length) }]
      }),
    )
  }
}
