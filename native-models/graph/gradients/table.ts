import type { AttributesOf, OpName } from '../ops/table.ts'
import { elementwise } from './elementwise.ts'
import { indexing } from './indexing.ts'
import { layout } from './layout.ts'
import { matrix } from './matrix.ts'
import { normalization } from './normalization.ts'
import { reductions } from './reduction.ts'
import { unchanged } from './rule.ts'
import type { Gradient } from './rule.ts'

/** The gradient of every op that may be part of what is differentiated. */
export const gradientTable: { readonly [Name in OpName]?: Gradient<AttributesOf<Name>> } = {
  ...elementwise,
  ...matrix,
  ...normalization,
  ...reductions,
  ...layout,
  ...indexing,
  // Marks change nothing.
  Dropout: unchanged,
  DropPath: unchanged,
  PerSample: unchanged,
}

/** The rule of an op whose attributes are known only at run time. */
export function gradientOf(name: OpName): Gradient | undefined {
  return gradientTable[name] as Gradient | undefined
}
