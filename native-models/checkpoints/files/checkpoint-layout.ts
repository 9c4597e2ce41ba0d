import { elementCount } from '../../graph/tensor.ts'
import type { ByteSource } from './byte-source.ts'
import type { Checkpoint, CheckpointDType, CheckpointTensor } from './checkpoint-tensor.ts'
import { decode } from './dtypes.ts'
import { refusal } from './malformed-checkpoint.ts'
import type { SkippedEntry } from './skipped-entry.ts'

/** Where the values of a tensor are. */
export interface TensorLocation {
  readonly dtype: CheckpointDType
  readonly shape: readonly number[]
  /** In values, by axis; null where they are row-major without gaps. */
  readonly strides: readonly number[] | null
  /** Which of the layout's sources. */
  readonly source: number
  /** Bytes from the start of the source, and from the first value to the end of the last. */
  readonly offset: number
  readonly length: number
}

/** What is where in a checkpoint, without the values: plain data beside the open files. */
export interface CheckpointLayout {
  readonly format: Checkpoint['format']
  readonly sources: readonly ByteSource[]
  readonly tensors: ReadonlyMap<string, TensorLocation>
  readonly skipped: readonly SkippedEntry[]
}

/** A checkpoint that reads the values of a layout where they are asked for; closing it closes the layout's files. */
export function checkpointOf({ format, sources, tensors, skipped }: CheckpointLayout): Checkpoint {
  const readable = new Map<string, CheckpointTensor>()
  for (const [name, place] of tensors) {
    const { dtype, shape } = place
    const source = sources[place.source]!
    readable.set(name, {
      dtype,
      shape,
      read: () =>
        readPlace(source, place).catch((error: unknown) => {
          throw refusal(source.name, error)
        }),
    })
  }
  return { format, tensors: readable, skipped, close: () => closeAll(sources) }
}

export async function closeAll(sources: readonly ByteSource[]): Promise<void> {
  await Promise.all(sources.map(source => source.close()))
}

async function readPlace(
  source: ByteSource,
  { dtype, shape, strides, offset, length }: TensorLocation,
): Promise<Float32Array | BigInt64Array> {
  const values = decode(dtype, await source.read(offset, length))
  return strides === null ? values : gatherStrided(values, shape, strides)
}

function gatherStrided<Values extends Float32Array | BigInt64Array>(
  values: Values,
  shape: readonly number[],
  strides: readonly number[],
): Values {
  const count = shape.includes(0) ? 0 : elementCount(shape)
  const result = values instanceof Float32Array ? new Float32Array(count) : new BigInt64Array(count)
  const position = shape.map(() => 0)
  let source = 0
  for (let index = 0; index < count; index++) {
    result[index] = values[source] as never
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis] ?? 0
      position[axis] = (position[axis] ?? 0) + 1
      source += step
      if ((position[axis] ?? 0) < (shape[axis] ?? 1)) break
      source -= step * (shape[axis] ?? 1)
      position[axis] = 0
    }
  }
  return result as Values
}
