import { attention } from './attention.ts'
import { elementwise } from './elementwise.ts'
import { indexing } from './indexing.ts'
import { layout } from './layout.ts'
import { marks } from './marks.ts'
import { matrix } from './matrix.ts'
import { normalization } from './normalization.ts'
import type { Op } from './op.ts'
import { quantized } from './quantized.ts'
import { reductions } from './reduction.ts'

/** Every op a program may use, each with its shape rule and its ONNX form. */
export const opTable = {
  ...elementwise,
  ...matrix,
  ...normalization,
  ...reductions,
  ...layout,
  ...indexing,
  ...attention,
  ...quantized,
  ...marks,
}

export type OpName = keyof typeof opTable
export type AttributesOf<Name extends OpName> = (typeof opTable)[Name] extends Op<infer Attributes> ? Attributes : never

/** The row of an op whose attributes are known only at run time. */
export function opOf(name: OpName): Op {
  return opTable[name] as Op
}
