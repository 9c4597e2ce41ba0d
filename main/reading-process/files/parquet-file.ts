import type { FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { assertNoGitPointer } from './git-pointer.ts'

/** What a cell of a table can say; what it holds otherwise, as bytes or dates, is null. */
export type ParquetCell = string | number | boolean | null | readonly string[]

export interface ParquetTable {
  readonly columns: readonly string[]
  /** As the footer says. */
  readonly rows: number
}

/** A footer may state any size: no part of a file that is read at once is larger. */
const largestPart = 512 * 1024 * 1024

/** @throws ExpectedError `annotations-malformed` and those of opening a file. */
export function readParquetTable(path: string): Promise<ParquetTable> {
  return withParquet(path, (_, metadata) =>
    Promise.resolve({
      columns: parquetSchema(metadata).children.map(({ element }) => element.name),
      rows: Number(metadata.num_rows),
    }),
  )
}

/** The rows from one number to before another, counted from 0, with the columns that are wanted. @throws as above. */
export function readParquetRows(
  path: string,
  { columns, start, end }: { readonly columns: readonly string[]; readonly start: number; readonly end: number },
): Promise<Record<string, ParquetCell>[]> {
  return withParquet(path, async (file, metadata) => {
    const rows = await parquetReadObjects({
      file,
      metadata,
      columns: [...columns],
      rowStart: start,
      rowEnd: end,
      compressors,
      geoparquet: false,
    })
    return rows.map(row => Object.fromEntries(columns.map(name => [name, cellOf(row[name])])))
  })
}

async function withParquet<Result>(
  path: string,
  read: (file: AsyncBuffer, metadata: FileMetaData) => Promise<Result>,
): Promise<Result> {
  await assertNoGitPointer(path)
  const handle = await openOrdinaryFile(path)
  try {
    const file = await bufferOf(handle)
    return await read(file, await parquetMetadataAsync(file))
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new ExpectedError('annotations-malformed', `${path} is no Parquet file that can be read (${why}).`, {
      cause: error,
    })
  } finally {
    await handle.close()
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  return {
    byteLength: size,
    async slice(start, end = size) {
      const length = Math.min(end, size) - start
      if (!(start >= 0 && length >= 0 && length <= largestPart)) throw new Error('a part of it lies outside the file')
      const bytes = new ArrayBuffer(length)
      const { bytesRead } = await handle.read(new Uint8Array(bytes), 0, length, start)
      if (bytesRead < length) throw new Error('the file was cut off')
      return bytes
    },
  }
}

function cellOf(value: unknown): ParquetCell {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (Array.isArray(value)) return value.every(entry => typeof entry === 'string') ? value : value.map(String)
  // A video or a picture as the datasets of Hugging Face have it.
  if (typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string') {
    return value.path
  }
  return null
}
