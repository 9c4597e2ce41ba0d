import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { forgetEmbeddings, reconcile } from '../../../main/retrieval/vectors/consistency.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { openVectors } from '../../../main/workbench/open-vectors.ts'
import { Committer } from '../../../main/workers/committer.ts'
import { folderOfTest } from '../../support/folders.ts'

const pass = 'overview' as const
const rows = [-1, 0].map(clip => ({ segment: 0, clip, start: 0, end: 1, vector: Float32Array.of(1, clip, 0.5) }))
const finished = (contentId: string, key = 'k') => ({
  entry: { contentId, key, pass, modelHash: 'm', rows: rows.length, warnings: ['dark'] },
  rows,
})

it('a store that cannot be used is told: of the settings by a notice, else at once', async () => {
  const own = join(folderOfTest('own'), 'vectors')
  const problems: string[] = []
  const choice = { own, memory: 0, onProblem: (problem: string) => problems.push(problem) }
  const nowhere = join(import.meta.filename, 'store')
  const store = await openVectors({ ...choice, named: null, set: nowhere })
  expect(store.shared).toBeNull()
  await store.close()
  expect(problems).toEqual([
    expect.stringMatching(
      /^The vector store .* cannot be used \(.*ENOTDIR.*\): check the address.* Until then the embeddings of the workspace/,
    ),
  ])
  await expect(openVectors({ ...choice, named: nowhere, set: null })).rejects.toMatchObject({ code: 'store-unusable' })
})

it('a store of several workspaces says itself what is complete, and loses nothing to any of them', async () => {
  const folder = folderOfTest('shared')
  const open = async (name: string) => {
    const store = await VectorStore.open(join(folder, 'store'), { shared: true })
    const database = openDatabase(join(folder, `${name}.db`))
    new EmbeddingLedger(database).record({ ...finished(`own of ${name}`).entry, rows: 7 })
    onTestFinished(async () => {
      database.close()
      await store.close()
    })
    return { store, database, ledger: EmbeddingLedger.copy(database) }
  }
  const [one, two] = [await open('one'), await open('two')]
  const committer = new Committer(one.store)
  await Promise.all(['a', 'b', 'a'].map(id => committer.add([finished(id)])))
  await committer.add([finished('b')])
  expect(committer.counts).toEqual({ written: 2, already: 2, batches: 1 })

  await reconcile(two.store, two.ledger, { pass, key: 'k' })
  expect(two.ledger.complete('k')).toEqual(
    new Map([
      ['a', 2],
      ['b', 2],
    ]),
  )
  expect(two.ledger.warnings('a', 'k')).toEqual(['dark'])
  // Rows that a workspace does not know of are another's, not left over.
  for (const id of ['c', 'd']) await committer.add([finished(id)])
  await forgetEmbeddings(two.store, two.ledger, ['a'])
  await reconcile(two.store, two.ledger, { pass, key: 'k' })
  expect([...two.ledger.complete('k').keys()].sort()).toEqual(['a', 'b', 'c', 'd'])
  expect(await two.store.contents(pass, 'k')).toEqual(await one.store.contents(pass, 'k'))

  // Of its own embeddings the workspace's database says what it said before.
  two.database.close()
  const again = openDatabase(join(folder, 'two.db'))
  expect(new EmbeddingLedger(again).complete('k')).toEqual(new Map([['own of two', 7]]))
  again.close()
})
