import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import type { actions } from './stand-in/remote-control.ts'

type Actions = typeof actions
type ActionName = keyof Actions

const root = resolve(import.meta.dirname, '../..')

/** Node flags under which the app finds the stand-in in Electron's place, and a test reaches it. */
export const standInFlags: readonly string[] = [
  import.meta.resolve('tsx'),
  ...['register.mjs', 'remote-control.ts'].map(name => new URL(`./stand-in/${name}`, import.meta.url).href),
].flatMap(module => ['--import', module])

/** The desktop app in a process of its own, with the stand-in in Electron's place. */
export class DesktopApp {
  readonly #child: ChildProcess
  readonly exited: Promise<number | null>
  #next = 0

  /** @param program a packaged app's, instead of what was built. */
  constructor(workspace: string, environment: Record<string, string> = {}, program: string | null = null) {
    const words = ['--workspace', workspace]
    const options = {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'] as ('ignore' | 'inherit' | 'ipc')[],
    }
    this.#child =
      program === null
        ? fork(resolve(root, 'out/main/electron.js'), words, { ...options, execArgv: [...standInFlags] })
        : spawn(program, words, options)
    this.exited = new Promise(done => this.#child.once('exit', code => done(code)))
  }

  /** Does something in the app's process and returns its result. */
  do<Name extends ActionName>(
    name: Name,
    ...words: Parameters<Actions[Name]>
  ): Promise<Awaited<ReturnType<Actions[Name]>>> {
    const id = this.#next++
    return new Promise((done, failed) => {
      const listen = (message: { id: number; value?: Awaited<ReturnType<Actions[Name]>>; problem?: string }) => {
        if (message.id !== id) return
        this.#child.off('message', listen)
        if (message.problem === undefined) done(message.value as Awaited<ReturnType<Actions[Name]>>)
        else failed(new Error(message.problem))
      }
      this.#child.on('message', listen)
      void this.exited.then(code => failed(new Error(`The app ended with ${code} before it answered ${name}.`)))
      this.#child.send({ id, name, words }, error => {
        if (error) failed(error)
      })
    })
  }

  /** Waits until the state satisfies a condition. */
  async until(
    condition: (state: Awaited<ReturnType<Actions['state']>>) => boolean,
    within = 30_000,
  ): Promise<Awaited<ReturnType<Actions['state']>>> {
    const end = Date.now() + within
    for (;;) {
      const state = await this.do('state')
      if (condition(state)) return state
      if (Date.now() > end) throw new Error(`Not reached within ${within} ms; the state is ${JSON.stringify(state)}`)
      await new Promise(resume => setTimeout(resume, 50))
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
