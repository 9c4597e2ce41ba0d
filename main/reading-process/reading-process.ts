import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { forkReader } from './launcher.ts'
import type { ReaderLauncher, ReaderProcess } from './launcher.ts'
import type { Order, TaskInput, TaskName, TaskResult } from './messages.ts'

/** Without a sign of life; reading takes seconds at most, on a busy machine ten times that. */
const defaultPatience = 60_000

export interface ReadOptions {
  /** The file as sentences call it. */
  readonly file: string
  /** What is done with it, as in ‘takes longer to …’. */
  readonly doing?: string
  readonly signal?: AbortSignal | undefined
  /** Milliseconds without a sign of life after which the file is given up. */
  readonly patience?: number
}

let launch: ReaderLauncher = forkReader

/** How reading processes are started from now on: the desktop app may not fork itself. */
export function launchReadersWith(launcher: ReaderLauncher): void {
  launch = launcher
}

/**
 * A process of its own in which files are read that a stranger may have written. Whatever a file makes of its reader —
 * a loop without end, all memory — ends there: after a deadline, at a limit of memory, or at once when the signal
 * aborts. One task at a time; it starts with the first, and again with the next one after it was ended.
 */
export class ReadingProcess {
  #child: ReaderProcess | null = null
  #queue: Promise<unknown> = Promise.resolve()

  /**
   * @throws ExpectedError as the task does, when the file takes too long or too much memory, or when the process does
   * not start; the signal's reason when it aborts.
   */
  run<Name extends TaskName>(task: Name, input: TaskInput<Name>, options: ReadOptions): Promise<TaskResult<Name>> {
    const { signal } = options
    const turn = this.#queue.then(() => this.#perform({ task, input }, options))
    this.#queue = turn.catch(() => undefined)
    return new Promise<TaskResult<Name>>((resolve, reject) => {
      // Heard at once, also behind another task.
      const abort = (): void => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      turn
        .then(value => resolve(value as TaskResult<Name>), reject)
        .finally(() => signal?.removeEventListener('abort', abort))
    })
  }

  end(): void {
    this.#child?.kill()
    this.#child = null
  }

  /** Once more where the process was killed: that says nothing of the file. */
  async #perform(order: Order, options: ReadOptions): Promise<unknown> {
    try {
      return await this.#attempt(order, options)
    } catch (error) {
      if (!(error instanceof KilledReaderError)) throw error
    }
    try {
      return await this.#attempt(order, options)
    } catch (error) {
      throw error instanceof KilledReaderError ? killedTwice(options) : error
    }
  }

  #attempt(order: Order, { file, signal, doing = 'read', patience = defaultPatience }: ReadOptions): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const child = this.#child && !this.#child.ended ? this.#child : launch()
    this.#child = child
    child.keepAlive(true)
    return new Promise((resolve, reject) => {
      let deadline: NodeJS.Timeout | undefined
      const settle = (how: () => void): void => {
        clearTimeout(deadline)
        child.listen(null)
        signal?.removeEventListener('abort', abort)
        if (this.#child === child) child.keepAlive(false)
        how()
      }
      const giveUp = (reason: unknown): void =>
        settle(() => {
          this.end()
          reject(reason)
        })
      const abort = (): void => giveUp(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      let begun = false
      child.listen({
        onEnd: ({ reason, wasKilled }) => {
          if (reason) return giveUp(reason)
          if (this.#child === child) this.#child = null
          if (wasKilled) return settle(() => reject(new KilledReaderError()))
          // A process that ends before it has begun says nothing of the file.
          settle(() => reject(begun ? hostile(file, english`more memory to ${doing}`) : notStarted(file, doing)))
        },
        onAnswer: answer => {
          clearTimeout(deadline)
          begun = true
          if (answer.kind === 'alive') {
            deadline = setTimeout(() => giveUp(hostile(file, english`longer to ${doing}`)), patience)
          } else if (answer.kind === 'result') {
            settle(() => resolve(answer.value))
          } else {
            settle(() =>
              reject(answer.code === null ? new Error(answer.message) : new ExpectedError(answer.code, answer.message)),
            )
          }
        },
      })
      child.send(order)
    })
  }
}

/** A process that has just done its work does the next, which saves its start. */
let spare: ReadingProcess | null = null

/** Does one reading task in a {@link ReadingProcess}. */
export async function readApart<Name extends TaskName>(
  task: Name,
  input: TaskInput<Name>,
  options: ReadOptions,
): Promise<TaskResult<Name>> {
  const reader = spare ?? new ReadingProcess()
  spare = null
  try {
    return await reader.run(task, input, options)
  } finally {
    if (spare === null) spare = reader
    else reader.end()
  }
}

/** The process was ended from outside. */
class KilledReaderError extends Error {}

function killedTwice({ file, doing = 'read' }: ReadOptions): ExpectedError {
  return new ExpectedError(
    'reading-killed',
    `The process that was to ${doing} ${file} was ended twice from outside, as systems do when memory runs out: free memory and try again; if it comes back, the file may be made to do harm.`,
  )
}

function hostile(file: string, what: string): ExpectedError {
  return new ExpectedError(
    'untrusted-file',
    `${file} takes ${what} than any such file does: it is damaged, or made to do harm; give another.`,
  )
}

function notStarted(file: string, doing: string): ExpectedError {
  return new ExpectedError(
    'reading-start',
    `The process that was to ${doing} ${file} did not start: this installation is incomplete. Install its packages again (npm install in a clone; else the whole program).`,
  )
}
