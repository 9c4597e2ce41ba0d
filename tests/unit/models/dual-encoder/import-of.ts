import type { ImportInput } from '../../../../main/api/index.ts'
import { importInput } from '../../../../main/api/models.ts'

/** What a window or the command line sends for the JSON file of a dual encoder. */
export const importOf = (file: string, name: string | null = null): ImportInput =>
  importInput.parse({ weights: [file], name })
