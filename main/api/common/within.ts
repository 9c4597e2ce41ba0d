import { z } from 'zod'
import type { Limits } from './rules.ts'

/** A number within limits. */
export function within({ whole = false, min, above, max }: Limits): z.ZodNumber {
  let number = z.number()
  if (whole) number = number.int()
  if (above !== undefined) number = number.gt(above)
  if (min !== undefined) number = number.min(min)
  return max === undefined ? number : number.max(max)
}
