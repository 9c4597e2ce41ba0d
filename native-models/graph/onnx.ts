import { createHash } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts'
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './generated/onnx_pb.ts'
import { onnxType } from './ops/op.ts'
import type { OnnxAttribute, OnnxNode } from './ops/op.ts'
import { opOf } from './ops/table.ts'
import type { Program, ValueInfo } from './program.ts'
import type { ConstantData, DType, Shape, Tensor } from './tensor.ts'

/**
 * Where a weight's little-endian bytes are: inside the model, or in a file beside it
 * (`location` relative to the model file, `offset` and `length` in bytes).
 */
export type ParameterBinding =
  | { readonly inline: Uint8Array }
  | { readonly external: { readonly location: string; readonly offset: number; readonly length: number } }

const irVersion = 10n
/** Opset 20 is the first with Gelu. */
const opset = 20n

/**
 * Writes a program as an ONNX ModelProto.
 * @param bind says where each weight's values are; see {@link ParameterBinding}.
 */
export function toOnnx(program: Program, bind: (parameterName: string) => ParameterBinding): Uint8Array {
  const names = new Map<Tensor, string>()
  const initializers: TensorProto[] = []
  for (const { name, tensor } of program.graph.outputs) names.set(tensor, name)
  // Blocks of one layer share their index tables: equal constants are written once.
  const written = new Map<string, string>()
  for (const tensor of program.graph.constants) {
    if (tensor.source.kind !== 'constant') continue
    const bytes = bytesOf(tensor.source.data)
    const content = `${tensor.dtype} ${tensor.shape.join(',')} ${createHash('sha1').update(bytes).digest('hex')}`
    const name = written.get(content) ?? `constant_${written.size}`
    names.set(tensor, name)
    if (!written.has(content)) {
      initializers.push(inlineTensor(name, { dtype: tensor.dtype, shape: tensor.shape, rawData: bytes }))
    }
    written.set(content, name)
  }
  for (const { name, dtype, shape } of program.parameters) {
    initializers.push(boundTensor(name, { dtype, shape, binding: bind(name) }))
  }

  const literals = new Map<string, string>()
  const scope = {
    int64(values: readonly number[]): string {
      const key = values.join('_')
      const name = literals.get(key) ?? `int64_${key}`
      if (!literals.has(key)) {
        literals.set(key, name)
        initializers.push(
          inlineTensor(name, {
            dtype: 'int64',
            shape: [values.length],
            rawData: bytesOf(BigInt64Array.from(values, BigInt)),
          }),
        )
      }
      return name
    },
  }
  const nameOf = (tensor: Tensor): string => {
    if (tensor.source.kind === 'input' || tensor.source.kind === 'parameter') return tensor.source.name
    const name = names.get(tensor)
    if (name === undefined) throw new Error('a tensor is used before it is computed')
    return name
  }
  const nodes: NodeProto[] = []
  const shared = new Map<string, NodeProto>()
  for (const [index, { node, output }] of program.graph.nodes.entries()) {
    const name = `${node.op}_${index}`
    const form = opOf(node.op).onnx(node.inputs.map(nameOf), node.attributes, scope, node.inputs)
    const { result } = form
    const known =
      result === undefined || names.has(output) ? undefined : shared.get(JSON.stringify({ ...form, result: null }))
    const written = known ?? nodeProto(name, form, result ? `${name}_first` : (names.get(output) ?? name))
    if (!known) nodes.push(written)
    if (result !== undefined) shared.set(JSON.stringify({ ...form, result: null }), written)
    const place = result ?? 0
    while (written.output.length <= place) written.output.push('')
    written.output[place] ||= names.get(output) ?? name
    names.set(output, written.output[place] ?? name)
  }

  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'lfvila-workbench',
    opsetImport: [
      { domain: '', version: opset },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: {
      name: program.name,
      node: nodes,
      initializer: initializers,
      input: program.inputs.map(valueInfo),
      output: program.outputs.map(valueInfo),
    },
  })
  return toBinary(ModelProtoSchema, model)
}

function nodeProto(name: string, { opType, domain, inputs, attributes }: OnnxNode, output: string): NodeProto {
  return create(NodeProtoSchema, {
    name,
    opType,
    domain: domain ?? '',
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes ?? {}).map(([key, value]) => attributeProto(key, value)),
  })
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
  if ('float' in value) return create(AttributeProtoSchema, { name, type: 1, f: value.float })
  if ('int' in value) return create(AttributeProtoSchema, { name, type: 2, i: BigInt(value.int) })
  if ('text' in value) return create(AttributeProtoSchema, { name, type: 3, s: new TextEncoder().encode(value.text) })
  return create(AttributeProtoSchema, { name, type: 7, ints: value.ints.map(BigInt) })
}

function valueInfo({ name, dtype, shape }: ValueInfo): ValueInfoProto {
  const type = create(TypeProtoSchema, {
    value: {
      case: 'tensorType',
      value: {
        elemType: onnxType[dtype],
        shape: { dim: shape.map(size => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })) },
      },
    },
  })
  return create(ValueInfoProtoSchema, { name, type })
}

function inlineTensor(
  name: string,
  { dtype, shape, rawData }: { readonly dtype: DType; readonly shape: Shape; readonly rawData: Uint8Array },
): TensorProto {
  return create(TensorProtoSchema, { name, dataType: onnxType[dtype], dims: shape.map(BigInt), rawData })
}

function boundTensor(
  name: string,
  { dtype, shape, binding }: { readonly dtype: DType; readonly shape: Shape; readonly binding: ParameterBinding },
): TensorProto {
  if ('inline' in binding) return inlineTensor(name, { dtype, shape, rawData: binding.inline })
  const { location, offset, length } = binding.external
  return create(TensorProtoSchema, {
    name,
    dataType: onnxType[dtype],
    dims: shape.map(BigInt),
    dataLocation: 1,
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(length) },
    ],
  })
}

/** Every machine this runs on is little-endian, as ONNX raw data is. */
function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
