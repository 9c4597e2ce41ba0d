import { openSync, writeSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBeside } from '../../../main/media/demo/writing/write-beside.ts'
import { weightsFile } from '../../../main/model-folder/model-file.ts'
import { writeProgram } from '../../../main/programs/program-files.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { writeOutput } from '../../../main/storage/files/output-path.ts'
import { SettingsStore } from '../../../main/storage/settings.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { checkpointOf, filmOf, programOf, rowsOf, vectorsOf } from './stored-round.ts'

/** The program during which the power fails: in every round it keeps something of each kind, and says when it has. */
const [folder = '', rounds = '1'] = process.argv.slice(2)
const database = openDatabase(join(folder, 'library.db'))
const store = await VectorStore.open(join(folder, 'vectors'))
const ledger = new EmbeddingLedger(database)
const settings = new SettingsStore(join(folder, 'settings.json'))
const made = join(folder, 'made')
await mkdir(made)
await writeSafetensors(join(made, weightsFile), checkpointOf(0))
const done = openSync(join(folder, 'done.log'), 'a')

for (let round = 1; round <= Number(rounds); round++) {
  await settings.change({ denseRate: round })
  await writeSafetensors(join(folder, 'checkpoint.safetensors'), checkpointOf(round))
  await writeProgram(made, `program ${round}`, programOf(round))
  await writeBeside(join(made, `film ${round}`), partial => writeFile(partial, filmOf(round)))
  const place = { path: join(made, `table ${round}`), mark: null, overwrite: false }
  await writeOutput(place, partial => writeFile(partial, filmOf(round)))
  await store.replace(vectorsOf(round), rowsOf(round))
  ledger.record({ ...vectorsOf(round), modelHash: 'm', rows: rowsOf(round).length })
  if (round % 3 === 0) {
    await store.merge()
    // As SQLite does by itself after a thousand pages, and when it is closed.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }
  writeSync(done, '.')
}
await store.close()
database.close()
