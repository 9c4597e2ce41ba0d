import type { Pass } from './embedding-key.ts'
import type { EmbeddingLedger } from './embedding-ledger.ts'
import type { VectorStore } from './vectors.ts'

/**
 * Makes ledger and vector store agree after a crash or a folder put back from a backup: a video whose rows are not all
 * there is no longer complete, and rows of videos that are not complete are removed. Cheap when they agree. Of a store
 * that others use too, the ledger takes what the store says.
 */
export async function reconcile(
  store: VectorStore,
  ledger: EmbeddingLedger,
  { pass, key }: { readonly pass: Pass; readonly key: string },
): Promise<void> {
  if (store.shared) return store.shared.copyTo(ledger)
  const expected = ledger.complete(key)
  const total = [...expected.values()].reduce((sum, rows) => sum + rows, 0)
  if ((await store.count(pass, key)) === total) return
  const stored = await store.contents(pass, key)
  const incomplete = [...expected]
    .filter(([contentId, rows]) => stored.get(contentId) !== rows)
    .map(([contentId]) => contentId)
  ledger.erase(incomplete, key)
  for (const contentId of stored.keys()) {
    if (!ledger.has(contentId, key)) await store.replace({ pass, key, contentId }, [])
  }
}

/**
 * Removes all that is stored of videos which left the library; first their entries, so that no crash leaves an entry
 * without rows. In a store that others use too they stay.
 */
export async function forgetEmbeddings(
  store: VectorStore,
  ledger: EmbeddingLedger,
  contentIds: readonly string[],
): Promise<void> {
  if (store.shared) return
  ledger.forget(contentIds)
  await store.remove([...contentIds])
}

/** Takes a folder out of the library with all that is stored of its videos. @throws ExpectedError `folder-unknown`. */
export async function removeFolder(
  library: { removeFolder(id: number): Promise<string[]> },
  { store, ledger }: { readonly store: VectorStore; readonly ledger: EmbeddingLedger },
  id: number,
): Promise<void> {
  await forgetEmbeddings(store, ledger, await library.removeFolder(id))
}
