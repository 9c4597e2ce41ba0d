import { fork } from 'node:child_process'
import { entryFile, loaderFlags } from '../processes/entry-file.ts'
import type { Answer, Order } from './messages.ts'

/** Megabytes: the largest published tokenizers (256,000 pieces) need that much, checkpoints a tenth of it. */
export const readingMemory = 1024

export interface ReaderEnd {
  /** What the system gives, or null. */
  readonly reason: Error | null
  /** Whether somebody ended it, or a system that needed its memory: what its own runtime does looks otherwise. */
  readonly wasKilled: boolean
}

/** What is heard of a reading process. */
export interface ReaderListener {
  onAnswer(answer: Answer): void
  /** It has ended, or could not be started. */
  onEnd(end: ReaderEnd): void
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
  const end = (reason: Error | null): void =>
    listening?.onEnd({ reason, wasKilled: child.signalCode === 'SIGKILL' || child.signalCode === 'SIGTERM' })
  child
    .on('message', (answer: Answer) => listening?.onAnswer(answer))
    .on('error', error => end(error))
    .on('exit', () => end(null))
  return {
    get ended() {
      return !child.connected
    },
    send: order => {
      child.send(order, error => {
        // One that is just dying tells how as it ends.
        if (error && (child.exitCode !== null || child.signalCode !== null)) end(null)
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
