import type { Program } from '../program.ts'
import { toFloat16 } from './float16.ts'
import { toInt8 } from './int8.ts'

/** fp32 is exact; fp16 for what computes in half precision; int8 for the CPU. */
export type Precision = 'fp32' | 'fp16' | 'int8'

const passes: Record<Precision, (program: Program) => Program> = { fp32: program => program, fp16: toFloat16, int8: toInt8 }

export const inPrecision = (program: Program, precision: Precision): Program => passes[precision](program)
