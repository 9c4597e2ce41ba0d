import { fork as forkChild } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'

interface ForkOptions {
  serviceName?: string
  env?: NodeJS.ProcessEnv
  execArgv?: string[]
  stdio?: unknown
}

/** What the app has started so, with the number of each process once it has one. */
export const forked: {
  entry: string
  serviceName: string | undefined
  execArgv: readonly string[]
  pid: number | undefined
}[] = []

/**
 * As Electron's: it has a number only between `spawn` and `exit`, `kill` is polite and counts as a clean end, messages
 * are structured clones, and nothing is said of a message to a process that is gone.
 */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  #running = false
  #killed = false

  constructor(child: ChildProcess) {
    super()
    this.#child = child
    child.once('spawn', () => {
      this.#running = true
      this.emit('spawn')
    })
    child.on('message', message => this.emit('message', message))
    child.once('exit', (code, signal) => {
      this.#running = false
      // V8 ends a process without memory by an abort, which Electron tells of before the end.
      if (signal === 'SIGABRT') this.emit('error', 'FatalError', '', '')
      this.emit('exit', this.#killed && signal !== null ? 0 : (code ?? 1))
    })
  }

  get pid(): number | undefined {
    return this.#running ? this.#child.pid : undefined
  }
  get stdout() {
    return this.#child.stdout
  }
  get stderr() {
    return this.#child.stderr
  }
  postMessage(message: unknown): void {
    const clone: unknown = structuredClone(message)
    if (this.#child.connected) this.#child.send(clone as object, () => {})
  }
  kill(): boolean {
    if (!this.#running) return false
    this.#killed = true
    return this.#child.kill('SIGTERM')
  }
}

/** The three streams as Electron takes them. */
function streams(stdio: unknown): ('ignore' | 'inherit' | 'pipe')[] {
  const given = Array.isArray(stdio) ? stdio : ['ignore', stdio ?? 'inherit', stdio ?? 'inherit']
  if (given.length < 3) throw new Error('configuration missing for stdin, stdout or stderr.')
  if (given[0] !== 'ignore') throw new Error('stdin value other than ignore is not supported.')
  return given as ('ignore' | 'inherit' | 'pipe')[]
}

/** Arguments of the executable are switches of Chromium, of which this has one, the flags of V8. */
function flagsOfV8(execArgv: readonly string[]): string[] {
  return execArgv.flatMap(word => /^--js-flags=(.*)$/.exec(word)?.[1]?.split(' ') ?? [])
}

/** A real process of its own, with the `parentPort` that Electron gives it. */
export function fork(entry: string, words: string[], options: ForkOptions): UtilityProcess {
  const { env, execArgv = [], serviceName, stdio } = options
  const child = forkChild(entry, words, {
    serialization: 'advanced',
    execArgv: ['--import', new URL('./parent-port.mjs', import.meta.url).href, ...flagsOfV8(execArgv)],
    env,
    stdio: [...streams(stdio), 'ipc'],
  })
  const started: (typeof forked)[number] = { entry, serviceName, execArgv, pid: undefined }
  forked.push(started)
  const one = new UtilityProcess(child)
  one.once('spawn', () => {
    started.pid = one.pid
  })
  return one
}
