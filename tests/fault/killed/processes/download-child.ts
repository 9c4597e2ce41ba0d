import { join } from 'node:path'
import { Downloads } from '../../../../main/downloads/downloads.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import { noModels } from '../../../support/models/no-models.ts'

/* A process that downloads, to be killed. The file is at the URL given. Message: `ready`. */
const [workspace = '', url = ''] = process.argv.slice(2)
const jobs = new JobQueue(openDatabase(join(workspace, 'library.db')))
const downloads = new Downloads({
  workspace,
  jobs,
  settings: () => ({ offline: false, downloadMirror: null }),
  models: noModels,
  catalogue: [
    {
      id: 'one',
      title: 'One file',
      text: '',
      licence: '',
      page: '',
      files: [{ name: 'weights.bin', role: 'weights', url, size: null, sha256: null }],
    },
  ],
})
jobs.define({ download: { run: downloads.job() } })
jobs.start()
// Without work a queue lets its process end; this one stays for its parent.
setInterval(() => {}, 1000)
process.send?.('ready')
