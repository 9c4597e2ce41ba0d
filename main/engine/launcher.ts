import { fork } from 'node:child_process'
import { entryFile, loaderFlags } from '../processes/entry-file.ts'
import type { Request } from './protocol.ts'

/** How a process ended, and the last lines it wrote to stderr (native libraries explain themselves there). */
export interface ProcessExit {
  code: number | null
  signal: string | null
  stderr: string
}

/** A running engine process as the workbench holds it; Node's `fork` and Electron's `utilityProcess` both fit. */
export interface EngineProcess {
  readonly pid: number | undefined
  send(message: Request): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: ProcessExit) => void): void
  /** Ends the process at once, also in the middle of a native call that answers no message. */
  kill(): void
}

/** @param environment is added to this process's own. */
export type EngineLauncher = (environment?: Readonly<Record<string, string>>) => EngineProcess

/**
 * For an engine that needs the same gigabytes run after run: what a run gave back stays with the process, in huge
 * pages, instead of going to the system, which clears every page again that it gives out. In glibc's words; other
 * systems know nothing of it.
 */
export const keepsMemory: Readonly<Record<string, string>> = {
  GLIBC_TUNABLES: `glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=${2 ** 34}:glibc.malloc.trim_threshold=${2 ** 34}`,
}

/** Environment of an engine process that someone waits for: `normal` puts it before those that keep every core busy. */
export const enginePriority = 'LFVILA_ENGINE_PRIORITY'

const stderrKept = 4000

/** Where the engine's process begins. */
export const engineEntry = (): string => entryFile('../engine/process.ts', 'engine.js')

/** Runs the engine as a child of Node. `always` is added to every environment. */
export function forkLauncher(always: Readonly<Record<string, string>> = {}): EngineLauncher {
  return environment => {
    const entry = engineEntry()
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: loaderFlags(entry),
      env: { ...process.env, ...always, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-stderrKept)
    })
    return {
      pid: child.pid,
      // A process that has just died shows as an exit, which rejects the call; the write error adds nothing.
      send: message => {
        child.send(message, () => {})
      },
      onMessage: listener => {
        child.on('message', listener)
      },
      onExit: listener => {
        child.once('error', error => listener({ code: null, signal: null, stderr: error.message }))
        // 'close' comes after the last of stderr was read, 'exit' may come before.
        child.once('close', (code, signal) => listener({ code, signal, stderr }))
      },
      kill: () => {
        child.kill('SIGKILL')
      },
    }
  }
}
