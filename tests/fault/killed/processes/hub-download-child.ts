import { join } from 'node:path'
import { Downloads } from '../../../../main/downloads/downloads.ts'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import { noModels } from '../../../support/models/no-models.ts'

/* A process that downloads models of the hub at the address given, to be killed. Message: what it would register. */
const [workspace = '', endpoint = ''] = process.argv.slice(2)
const jobs = new JobQueue(openDatabase(join(workspace, 'library.db')))
const downloads = new Downloads({
  workspace,
  jobs,
  settings: () => ({ offline: false, downloadMirror: null }),
  environment: { HF_ENDPOINT: endpoint },
  recommended: [],
  catalogue: [],
  models: {
    ...noModels,
    register({ weights, source = '' }) {
      process.send?.({ weights, source })
      // Kept where the test looks: the folder would go now.
      return new Promise(() => undefined)
    },
  },
})
jobs.define({ download: { run: downloads.job() } })
jobs.start()
// Without work a queue lets its process end; this one stays for its parent.
setInterval(() => {}, 1000)
