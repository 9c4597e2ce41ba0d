import type { DType, TensorType } from '../tensor.ts'

/** The number of an element type in ONNX (TensorProto.DataType). */
export const onnxType: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
}

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }

/** One node of the ONNX graph; `inputs` and `outputs` are value names. */
export interface OnnxNode {
  readonly opType: string
  readonly domain?: 'com.microsoft'
  readonly inputs: readonly string[]
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  /**
   * Which of the node's results this op means; ops that mean results of the same node share it. Absent: the only one.
   */
  readonly result?: number
}

/** What an op may ask of the writer: ONNX passes axes and shapes as int64 tensors. */
export interface OnnxScope {
  int64(values: readonly number[]): string
}

/** One row of the op table. Every op has one output. */
export interface Op<Attributes extends object = object> {
  /** The shape rule. Throws when the inputs do not fit. */
  infer(inputs: readonly TensorType[], attributes: Attributes): TensorType
  /** How one application is written. */
  onnx(inputs: readonly string[], attributes: Attributes, scope: OnnxScope, types: readonly TensorType[]): OnnxNode
}

/** An op that ONNX has under the same name, without attributes. */
export function plain(opType: string, infer: (inputs: readonly TensorType[]) => TensorType): Op<object> {
  return { infer, onnx: inputs => ({ opType, inputs }) }
}

/** The n-th input; an op given too few inputs is a bug of its caller. */
export function at<Type extends TensorType>(inputs: readonly Type[], index: number): Type {
  const type = inputs[index]
  if (type === undefined) throw new Error(`input ${index} is missing`)
  return type
}
