import { fork } from 'node:child_process'
import { entryFile, loaderFlags } from '../processes/entry-file.ts'
import type { Answer, Order } from './messages.ts'

/** Megabytes: the largest published tokenizers (256,000 pieces) need that much, checkpoints a tenth of it. */
export const readingMemory = 1024

/** What is heard of a reading process. */
export interface ReaderListener {
  onAnswer(answer: Answer): void
  /** It has ended, or could not be started, for which the system may give a reason. */
  onEnd(reason: Error | null): void
}

/** A running process that reads; Node's `fork` and Electron's `utilityProcess` both fit. */
export interface ReaderProcess {
  readonly ended: boolean
  /** What cannot be sent because the process has just died shows as its end. */
  send(order: Order): void
  /** Who hears it from now on; null when nobody does. */
  listen(listener: ReaderListener | null): void
  /** Whether this process must wait for that one; an idle one keeps no host from ending. */
  keepAlive(alive: boolean): void
  /** Ends the process at once, also in the middle of a loop that hears no message. */
  kill(): void
}

export type ReaderLauncher = () => ReaderProcess

/** Where the process's code begins. */
export const readingEntry = (): string => entryFile('../reading-process/process.ts', 'reading.js')

/** Reads in a child of Node. */
export function forkReader(): ReaderProcess {
  const entry = readingEntry()
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [...loaderFlags(entry), `--max-old-space-size=${readingMemory}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let listening: ReaderListener | null = null
  child
    .on('message', (answer: Answer) => listening?.onAnswer(answer))
    .on('error', error => listening?.onEnd(error))
    .on('exit', () => listening?.onEnd(null))
  return {
    get ended() {
      return !child.connected
    },
    send: order => {
      child.send(order, error => {
        if (error) listening?.onEnd(null)
      })
    },
    listen: listener => {
      listening = listener
    },
    keepAlive: alive => {
      if (alive) {
        child.ref()
        child.channel?.ref()
      } else {
        child.unref()
        child.channel?.unref()
      }
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}
