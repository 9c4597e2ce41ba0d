import { appendFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { scanJob } from '../../../../main/library/scanning/scan-job.ts'
import { Library } from '../../../../main/library/videos/library.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import { info } from '../../../unit/library/open-library.ts'

/* A process that scans, to be killed. Each probe takes a while and is written to a file; a message tells of it. */
const [directory = ''] = process.argv.slice(2)
const database = openDatabase(join(directory, 'library.db'))
const library = new Library(database, {
  probe: async file => {
    appendFileSync(join(directory, 'probed.txt'), `${basename(file)}\n`)
    await sleep(20)
    process.send?.(file)
    return info
  },
})
const queue = new JobQueue(database)
queue.define({ scan: { run: scanJob(library) } })
queue.start()
