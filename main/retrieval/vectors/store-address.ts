import { mkdir } from 'node:fs/promises'
import type { Connection } from '@lancedb/lancedb'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** Whether a store is at an address as `s3://bucket/path`, and not in a folder. */
export const isAddress = (address: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(address)

/**
 * Connects to a LanceDB store: a folder, which is made, or any address of LanceDB (`s3://`, `gs://`, `az://`, `db://`),
 * whose access is in the environment as its provider names it.
 * @throws ExpectedError `store-unusable` when there is no such store.
 */
export async function openStore(address: string): Promise<Connection> {
  // Chosen before the library asks for a choice on stderr: nothing here reads the centroids.
  process.env['LANCE_INCLUDE_VECTOR_CENTROIDS'] ??= 'false'
  try {
    const { connect } = await import('@lancedb/lancedb')
    if (!isAddress(address)) await mkdir(address, { recursive: true })
    const connection = await connect(address, { readConsistencyInterval: 0 })
    // An address connects by itself; what is wrong with it shows when something is asked for.
    await connection.tableNames({ limit: 1 })
    return connection
  } catch (error) {
    throw new ExpectedError(
      'store-unusable',
      `The vector store ${address} cannot be used (${reasonOf(error)}): check the address, and its access in the environment (docs/scale.md).`,
      { cause: error },
    )
  }
}

/** What a failed write is to the user, where it is no bug. */
export function storeProblem(address: string, error: unknown): unknown {
  if (!(error instanceof Error) || !/No space left|StorageFull|os error (28|112|122)\b/.test(error.message)) {
    return error
  }
  return new ExpectedError(
    'disk-full',
    `The embeddings in ${address} could not be written because the disk is full: free some space and try again.`,
    { cause: error },
  )
}

/** Of an answer of a server its own sentence, else the beginning of what the library says. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return /<Message>([^<]+)<\/Message>/.exec(text)?.[1] ?? text.split('\n')[0]?.slice(0, 300) ?? ''
}
