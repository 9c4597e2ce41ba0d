import { documentOf, shapeOf, tableOf } from '../arrays/array-files.ts'
import type { ArrayFormat } from '../arrays/array-files.ts'
import { npyFile } from '../arrays/npy.ts'
import { saveCsv, saveFile, saveJson } from '../export.ts'
import type { OfferedArray, Origin } from './figure.ts'
import { provenanceOf } from './save-figure.ts'

interface SavedArray {
  readonly array: OfferedArray
  /** Beginning of the file's name. */
  readonly stem: string
  readonly origin: Origin
}

/** An array as a file; only JSON has room for where it comes from. */
export async function saveArray({ array, stem, origin }: SavedArray, format: ArrayFormat): Promise<void> {
  const read = await array.read()
  const name = `${stem}-${read.name}`
  if (format === 'csv') saveCsv(`${name}.csv`, tableOf(read))
  else if (format === 'json') saveJson(`${name}.json`, documentOf(read, await provenanceOf(origin)))
  else saveFile(`${name}.npy`, new Blob([npyFile(shapeOf(read), read.values)]))
}
