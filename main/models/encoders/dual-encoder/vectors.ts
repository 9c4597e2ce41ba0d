import { decode } from '../../../../native-models/checkpoints/files/dtypes.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { TensorValue } from '../../../engine/onnxruntime.ts'

/**
 * The rows of a tower's output [count, …, D], all axes between of length 1, as float32.
 * @throws ExpectedError when it has another form or holds values that are no finite numbers.
 */
export function rowsOf(
  tower: string,
  {
    output,
    tensor,
    count,
  }: { readonly output: string; readonly tensor: TensorValue | undefined; readonly count: number },
): Float32Array[] {
  if (!tensor) throw new Error(`${tower} gave no ${output}.`)
  const dimension = tensor.dims.at(-1) ?? 0
  const rows = tensor.dims[0] ?? 0
  if (tensor.dims.length < 2 || dimension < 1 || rows !== count || tensor.data.length !== rows * dimension) {
    throw new ExpectedError(
      'dual-encoder-output',
      `${tower} gave its output ${output} in the shape [${tensor.dims.join(', ')}] for ${count} ${count === 1 ? 'input' : 'inputs'}, but one vector for each is expected; name the output that holds the embedding.`,
    )
  }
  const values = floats(tensor)
  if (!values?.every(Number.isFinite)) {
    throw new ExpectedError(
      'dual-encoder-numbers',
      `${tower} gave ${values ? 'values that are not finite numbers' : `values of type ${tensor.dtype}`} in its output ${output}; export it again${tensor.dtype === 'float16' ? ', in float32' : ''}, or name another output.`,
    )
  }
  return Array.from({ length: rows }, (_, row) => values.slice(row * dimension, (row + 1) * dimension))
}

function floats({ dtype, data }: TensorValue): Float32Array | null {
  if (data instanceof Float32Array) return data
  return dtype === 'float16'
    ? (decode('float16', new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) as Float32Array)
    : null
}

/** A vector brought to length 1; one without a direction stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map(value => value / length) : vector
}

/** The mean of vectors of one dimension. */
export function mean(vectors: readonly Float32Array[]): Float32Array {
  return new Float32Array(vectors[0]?.length ?? 0).map(
    (_, index) => vectors.reduce((sum, vector) => sum + vector[index]!, 0) / vectors.length,
  )
}
