import { fork as forkChild } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

interface ForkOptions {
  serviceName?: string
  env?: NodeJS.ProcessEnv
  stdio?: unknown
}

export const forked: { entry: string; serviceName: string | undefined; pid: number | undefined }[] = []

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    super()
    this.#child = child
    child.on('message', message => this.emit('message', message))
    child.once('exit', code => this.emit('exit', code ?? 1))
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined
  }
  get stderr() {
    return this.#child.stderr
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => {})
  }
  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
}

/** A real process of its own, with the `parentPort` that Electron gives it. */
export function fork(entry: string, words: string[], options: ForkOptions): UtilityProcess {
  const child = forkChild(entry, words, {
    serialization: 'advanced',
    execArgv: ['--import', new URL('./parent-port.mjs', import.meta.url).href],
    env: options.env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  forked.push({ entry: fileURLToPath(new URL(`file://${entry}`)), serviceName: options.serviceName, pid: child.pid })
  return new UtilityProcess(child)
}
