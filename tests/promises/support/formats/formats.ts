import { captionFormats } from './captions.ts'
import { classFormats } from './classes.ts'
import { fileKindFormats } from './file-kinds.ts'
import type { FormatPromise } from './promise.ts'
import { questionFormats } from './questions.ts'
import { tableFormats } from './tables.ts'

/** Every format of others that is promised. */
export const formatPromises: readonly FormatPromise[] = [
  ...questionFormats,
  ...captionFormats,
  ...classFormats,
  ...tableFormats,
  ...fileKindFormats,
]
