import type { TensorValue } from '../../engine/onnxruntime.ts'
import type { Tensors } from '../../engine/protocol.ts'

type Numbers = Float32Array | Int32Array

/** Tensors of several parts of a batch, one after the other along the first axis. They are float32 or int32. */
export function joinedTensors(parts: readonly Tensors[]): Tensors {
  return Object.fromEntries(
    Object.entries(parts[0] ?? {}).map(
      ([
        name,
        {
          dtype,
          dims: [rows = 1, ...rest],
        },
      ]) => {
        const pieces = parts.map(part => numbersOf(name, part[name]))
        const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
        const data = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length)
        let index = 0
        for (const piece of pieces) {
          data.set(piece, index)
          index += piece.length
        }
        return [name, { dtype, dims: [rows * parts.length, ...rest], data }]
      },
    ),
  )
}

/** One of so many equal parts of a tensor along its first axis. */
export function partOf(
  name: string,
  whole: TensorValue,
  { index, count }: { index: number; count: number },
): TensorValue {
  const values = numbersOf(name, whole)
  const size = values.length / count
  const [rows = 1, ...rest] = whole.dims
  return { ...whole, dims: [rows / count, ...rest], data: values.slice(index * size, (index + 1) * size) }
}

function numbersOf(name: string, tensor: TensorValue | undefined): Numbers {
  const data = tensor?.data
  if (data instanceof Float32Array || data instanceof Int32Array) return data
  throw new Error(`${name} is no float32 and no int32 tensor`)
}
