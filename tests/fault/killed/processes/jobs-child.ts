import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { openDatabase } from '../../../../main/storage/database.ts'

/*
 * A process with a queue, to be killed. `index` jobs have steps; a step is done when it is in the table `steps`, and
 * each attempt at one is written to a file first. Messages: the number of each step done.
 */
const [directory = '', count = '0'] = process.argv.slice(2)
const database = openDatabase(join(directory, 'library.db'))
database.exec('CREATE TABLE IF NOT EXISTS steps (number INTEGER PRIMARY KEY, pid INTEGER)')
const queue = new JobQueue(database)
queue.define({
  index: {
    run: async ({ progress, fail, signal }) => {
      for (let step = 0; step < Number(count); step += 1) {
        signal.throwIfAborted()
        if (!database.prepare('SELECT 1 FROM steps WHERE number = ?').get([step])) {
          appendFileSync(join(directory, 'attempts.txt'), `${step}\n`)
          await sleep(10)
          if (step % 10 === 0) fail(`step ${step}`, 'Every tenth step fails.')
          database.prepare('INSERT INTO steps (number, pid) VALUES (?, ?)').run([step, process.pid])
        }
        progress({ done: step + 1, total: Number(count), unit: 'steps' })
        process.send?.(step)
      }
      return 'succeeded'
    },
  },
})
queue.define({ export: { run: async () => 'succeeded' } })
queue.start()
// Without work a queue lets its process end; this one stays for its parent.
setInterval(() => {}, 1000)
process.send?.('ready')
