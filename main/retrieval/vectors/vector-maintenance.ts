import { setTimeout as delay } from 'node:timers/promises'
import type { Table } from '@lancedb/lancedb'

/** Loaded when it is needed: it takes half a second of a core. */
const indexKinds = async () => (await import('@lancedb/lancedb')).Index

/** Other processes may still read a version this old, milliseconds. */
const keepVersions = 60 * 60 * 1000

/** Merges the small files of a table, forgets old versions and brings its indexes up to date. */
export async function mergeFiles(table: Table): Promise<void> {
  if ((await table.countRows()) === 0) return
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersions) })
  const [indexed, kinds] = [await indexedColumns(table), await indexKinds()]
  if (!indexed.has('content_id')) await table.createIndex('content_id', { config: kinds.btree() })
  if (!indexed.has('key')) await table.createIndex('key', { config: kinds.bitmap() })
  // Every search filters by key and level: without this index it reads a column of all rows, a seventh of its time.
  if (!indexed.has('clip')) await table.createIndex('clip', { config: kinds.bitmap() })
}

/** So that the cores share the work; a search goes through all of them. */
export const partitions = 16
/**
 * Of a number in the index. Every row is looked at in this form and the best are compared exactly, so that recall does
 * not depend on how the vectors lie: on 100,000 × 1,024 without any clusters 0.998, where 2 bits have 0.78.
 */
const bits = 4
const indexType = 'IvfRq'

/** Builds the vector index of a table that has at least `from` rows and none yet, or one of an earlier version. */
export async function buildVectorIndex(table: Table, from: number): Promise<void> {
  if ((await table.countRows()) < from) return
  const indexes = await table.listIndices()
  if (indexes.some(index => index.columns.includes('vector') && index.indexType === indexType)) return
  const config = (await indexKinds()).ivfRq({ distanceType: 'cosine', numPartitions: partitions, numBits: bits })
  await table.createIndex('vector', { config })
}

/** Whether a search of the table goes by an index, which proposes rows, instead of through all of them. */
export async function hasVectorIndex(table: Table): Promise<boolean> {
  return (await indexedColumns(table)).has('vector')
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
