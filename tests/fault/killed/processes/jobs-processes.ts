import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { childProgram } from '../../../support/child-program.ts'

/** A program of the tests in a process of its own. */
export class KillableProcess {
  readonly #child: ChildProcess
  #messages = 0
  #wake: () => void = () => {}

  /** @param source below the root. */
  static async start(source: string, args: readonly string[]): Promise<KillableProcess> {
    return new KillableProcess(await childProgram(source), args)
  }

  private constructor(program: string, args: readonly string[]) {
    this.#child = fork(program, args, { execArgv: [] })
    this.#child.on('message', () => {
      this.#messages += 1
      this.#wake()
    })
    this.#child.on('exit', () => this.#wake())
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get messages(): number {
    return this.#messages
  }

  /** Resolves when so many messages came in all, or the process has ended. */
  async sent(count: number): Promise<void> {
    while (this.#messages < count && !this.#hasEnded()) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    if (this.#hasEnded()) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}
