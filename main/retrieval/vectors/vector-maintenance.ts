import { setTimeout as delay } from 'node:timers/promises'
import { Index } from '@lancedb/lancedb'
import type { Table } from '@lancedb/lancedb'

/** Other processes may still read a version this old, milliseconds. */
const keepVersions = 60 * 60 * 1000

/** Merges the small files of a table, forgets old versions and brings its indexes up to date. */
export async function mergeFiles(table: Table): Promise<void> {
  if ((await table.countRows()) === 0) return
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersions) })
  const indexed = await indexedColumns(table)
  if (!indexed.has('content_id')) await table.createIndex('content_id', { config: Index.btree() })
  if (!indexed.has('key')) await table.createIndex('key', { config: Index.bitmap() })
}

/** Builds the HNSW index of a table that has at least `from` rows and none yet. */
export async function buildVectorIndex(table: Table, from: number): Promise<void> {
  if ((await table.countRows()) < from || (await indexedColumns(table)).has('vector')) return
  await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine', numPartitions: 1 }) })
}

const indexedColumns = async (table: Table) => new Set((await table.listIndices()).flatMap(index => index.columns))

/** Two processes changed the same rows or files at once, and the other was first. */
const isContention = (error: unknown) => error instanceof Error && /commit conflict/i.test(error.message)

/** For tidying: another process that tidies the same table at the same time does the same work. */
export async function unlessContended(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (!isContention(error)) throw error
  }
}

const attempts = 5

/** For writes that may be done twice: tries again, a little later each time, when another process was first. */
export async function retryContended<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action()
    } catch (error) {
      if (!isContention(error) || attempt === attempts) throw error
      await delay(50 * attempt)
    }
  }
}

/** Waits for work that cannot be stopped, until the signal aborts. @throws the signal's reason. */
export async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work
  signal.throwIfAborted()
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
  })
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
    // Nobody waits for it after an abort, so nobody would hear of its failure.
    work.catch(() => undefined)
  }
}
