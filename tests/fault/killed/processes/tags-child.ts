import { join } from 'node:path'
import { Tags } from '../../../../main/library/curation/tags.ts'
import { openDatabase } from '../../../../main/storage/database.ts'

/* A process that tags one video after another, to be killed; a message tells of each. */
const [directory = '', ...videoIds] = process.argv.slice(2)
const tags = new Tags(openDatabase(join(directory, 'library.db')))
for (;;) {
  for (const id of videoIds) {
    for (const tag of ['one', 'two']) {
      tags.change([{ tag, videoIds: [Number(id)], tagged: true }])
    }
    process.send?.(id)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
