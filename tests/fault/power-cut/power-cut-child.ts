import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CaptionDrafts } from '../../../main/library/captions/caption-drafts.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { SettingsStore } from '../../../main/storage/settings.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { keptThings, makePlaces } from './kept-things.ts'
import { checkpointOf, draft, pathOf, rowsOf, vectorsOf } from './stored-round.ts'

/** The program during which the power fails: in every round it keeps something of each kind, and says when it has. */
const [folder = '', rounds = '1'] = process.argv.slice(2)
const database = openDatabase(join(folder, 'library.db'))
const store = await VectorStore.open(join(folder, 'vectors'), { indexFrom: 16 })
const drafts = new CaptionDrafts(database)
const ledger = new EmbeddingLedger(database)
const settings = new SettingsStore(join(folder, 'settings.json'))
await makePlaces(folder)
const done = openSync(join(folder, 'done.log'), 'a')

for (let round = 1; round <= Number(rounds); round++) {
  await settings.change({ denseRate: round })
  await writeSafetensors(join(folder, 'checkpoint.safetensors'), checkpointOf(round))
  await store.replace(vectorsOf(round), rowsOf(round))
  ledger.record({ ...vectorsOf(round), modelHash: 'm', rows: rowsOf(round).length })
  if (round % 3 === 0) {
    await store.merge()
    // As SQLite does by itself after a thousand pages, and when it is closed.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }
  drafts.put(pathOf(round), draft)
  // Another one is the last in each round, so that none is on the disk by what comes after it.
  for (const kind of keptThings.keys()) await keptThings[(kind + round) % keptThings.length]?.write(folder, round)
  writeSync(done, '.')
}
await store.optimise()
writeSync(openSync(join(folder, 'indexed.log'), 'a'), '.')
await store.close()
database.close()
