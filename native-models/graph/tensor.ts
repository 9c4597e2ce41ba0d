import type { OpName } from './ops/table.ts'

export type DType = 'float32' | 'float16' | 'int8' | 'int32' | 'int64' | 'uint8' | 'bool'
export type Shape = readonly number[]

export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

/** One application of an op. `attributes` are those of the op's row in the table. */
export interface OpNode {
  readonly op: OpName
  readonly inputs: readonly Tensor[]
  readonly attributes: object
}

export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array

/** Where a tensor's values come from. Parameters are weights, named as in the official state dict. */
export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: ConstantData }
  | { readonly kind: 'op'; readonly node: OpNode }

/** A symbolic tensor of static shape: a description of how to compute values, not the values. */
export interface Tensor extends TensorType {
  readonly source: Source
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A tensor fed at every run. */
export function input(name: string, dtype: DType, shape: Shape): Tensor {
  return { dtype, shape, source: { kind: 'input', name } }
}

/** A weight; `name` is its official state-dict name, or that with an ending in another precision than float32. */
export function parameter(name: string, shape: Shape, dtype: 'float32' | 'float16' | 'int8' = 'float32'): Tensor {
  return { dtype, shape, source: { kind: 'parameter', name } }
}

/** Values known when the program is written: index tables, masks, scalars. */
export function constant(data: ConstantData, shape: Shape): Tensor {
  if (data.length !== elementCount(shape)) {
    throw new Error(`a constant of shape [${shape.join(', ')}] was given ${data.length} values`)
  }
  return { dtype: dtypeOf(data), shape, source: { kind: 'constant', data } }
}

/** A float32 scalar. */
export function scalar(value: number): Tensor {
  return constant(Float32Array.of(value), [])
}

function dtypeOf(data: ConstantData): DType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof BigInt64Array) return 'int64'
  return 'uint8'
}
