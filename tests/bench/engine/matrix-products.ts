import { createSession } from '../../../main/engine/onnxruntime.ts'
import type { Session, TensorValue } from '../../../main/engine/onnxruntime.ts'
import { apply, slice } from '../../../native-models/graph/build.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import type { Program } from '../../../native-models/graph/program.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { elementCount, input, parameter } from '../../../native-models/graph/tensor.ts'
import type { OpNode, Tensor } from '../../../native-models/graph/tensor.ts'

/** One distinct matrix product of a program, ready to be run by itself. */
export interface Product {
  /** How often the program computes a product of these shapes. */
  readonly count: number
  readonly multiplications: number
  run(): Promise<void>
  dispose(): Promise<void>
}

/**
 * A session per distinct product of a program: weights constant where they are in the program (so that ONNX Runtime
 * packs them as it does there), everything else fed. A single row of the result comes back, so that nothing is timed
 * but the product.
 */
export async function productsOf(program: Program): Promise<Product[]> {
  const products: Product[] = []
  for (const { node, result, count } of distinctProducts(program)) products.push(await product(node, result, count))
  return products
}

/** Of all matrix products of a program. */
export function multiplicationsOf(program: Program): number {
  return distinctProducts(program).reduce(
    (sum, { node, result, count }) => sum + count * multiplications(node, result),
    0,
  )
}

const multiplications = (node: OpNode, result: Tensor): number =>
  elementCount(result.shape) * (node.inputs[0]?.shape.at(-1) ?? 0)

function distinctProducts(program: Program): { node: OpNode; result: Tensor; count: number }[] {
  const distinct = new Map<string, { node: OpNode; result: Tensor; count: number }>()
  for (const { node, output } of program.graph.nodes) {
    if (node.op !== 'Gemm' && node.op !== 'MatMul') continue
    const key = `${node.op} ${node.inputs.map(operand => operand.shape.join('×')).join(' ')}`
    const known = distinct.get(key)
    distinct.set(key, { node, result: output, count: (known?.count ?? 0) + 1 })
  }
  return [...distinct.values()]
}

async function product(node: OpNode, result: Tensor, count: number): Promise<Product> {
  // The first operand is activations, and so is the second of a MatMul; a Gemm multiplies with a weight. Its bias is no
  // part of the product.
  const operands = node.inputs
    .slice(0, 2)
    .map((operand, index) =>
      index === 0 || node.op === 'MatMul'
        ? input(`operand${index}`, 'float32', operand.shape)
        : parameter(`weight${index}`, operand.shape),
    )
  const last = result.shape.length - 2
  let row = apply(node.op, operands, node.attributes as never)
  for (let axis = 0; axis <= last; axis++) row = slice(row, axis, 0, 1)
  const program = makeProgram('product', { row })
  const shapeOf = new Map(program.parameters.map(({ name, shape }) => [name, shape]))
  const session: Session = await createSession(
    toOnnx(program, name => ({ inline: new Uint8Array(fill(elementCount(shapeOf.get(name) ?? [])).buffer) })),
  )
  const feeds = Object.fromEntries(
    program.inputs.map(({ name, shape }): [string, TensorValue] => [
      name,
      { dtype: 'float32', dims: [...shape], data: fill(elementCount(shape)) },
    ]),
  )
  return {
    count,
    multiplications: multiplications(node, result),
    async run() {
      await session.run(feeds)
    },
    dispose: () => session.dispose(),
  }
}

const fill = (count: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, index) => ((index % 17) - 8) / 64)
