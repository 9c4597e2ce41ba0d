import { Worker } from 'node:worker_threads'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Answer, Order } from './messages.ts'
import { readingTasks } from './tasks.ts'

/** The entry of the process in which strangers' files are read; see reading-process.ts. */

/** A process that reads without end hears no message: this thread ends it when the workbench is gone. */
const watch =
  'const parent = process.ppid; setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL") }, 250)'
new Worker(watch, { eval: true, execArgv: [] }).unref()
process.on('disconnect', () => process.exit())

/** The part of Electron's `process.parentPort` (utility process) that is needed here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}
const { parentPort } = process as unknown as { parentPort?: ParentPort }

const send = (answer: Answer): void => {
  if (parentPort) parentPort.postMessage(answer)
  else process.send?.(answer)
}
const perform = readingTasks as Readonly<Record<string, (input: never, onProgress: () => void) => Promise<unknown>>>

function obey({ task, input }: Order): void {
  let lastSign = Date.now()
  send({ kind: 'alive' })
  const onProgress = (): void => {
    if (Date.now() - lastSign < 500) return
    lastSign = Date.now()
    send({ kind: 'alive' })
  }
  // A task that throws before its first await rejects like any other.
  Promise.resolve()
    .then(() => perform[task]!(input as never, onProgress))
    .then(
      value => send({ kind: 'result', value }),
      (error: unknown) => {
        if (error instanceof ExpectedError) {
          send({ kind: 'failure', code: error.code, message: error.message })
        } else {
          send({
            kind: 'failure',
            code: null,
            message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          })
        }
      },
    )
}

if (parentPort) parentPort.on('message', ({ data }) => obey(data as Order))
else process.on('message', obey)
