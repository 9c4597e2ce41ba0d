import type { Program } from '../program.ts'
import { toFloat16 } from './float16.ts'
import { toInt8 } from './int8.ts'

/**
 * fp32 is exact; fp16 for what computes in half precision; int8 for the CPU; int7 the same with weights in 7 bits, for
 * processors without VNNI, whose sums of 8-bit products overflow.
 */
export type Precision = 'fp32' | 'fp16' | 'int8' | 'int7'

const passes: Record<Precision, (program: Program) => Program> = {
  fp32: program => program,
  fp16: toFloat16,
  int8: program => toInt8(program, 8),
  int7: program => toInt8(program, 7),
}

export const inPrecision = (program: Program, precision: Precision): Program => passes[precision](program)
