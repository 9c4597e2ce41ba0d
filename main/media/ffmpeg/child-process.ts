import { spawn } from 'node:child_process'
import { runInBackground } from '../../processes/background-priority.ts'

export interface ChildProcessOptions {
  readonly signal?: AbortSignal | undefined
  /**
   * Called with each piece of standard output; a returned promise holds the child back until it is settled.
   * Without it, standard output is collected up to `outputLimit`.
   */
  readonly onOutput?: ((piece: Buffer) => void | Promise<void>) | undefined
  /** Called with each complete line of standard error. */
  readonly onErrorLine?: ((line: string) => void) | undefined
  /** Written to standard input, with back-pressure; without it, standard input is closed. */
  readonly input?: AsyncIterable<Uint8Array> | undefined
  /** Bytes of collected standard output after which the process is killed; 64 MiB by default. */
  readonly outputLimit?: number | undefined
  /**
   * Whether it comes behind what answers the window; by default it does. Not for what ends at once: on a busy machine
   * that would wait the longest.
   */
  readonly background?: boolean | undefined
}

export interface ChildProcessResult {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
  /** The signal that ended the process, or null. */
  readonly signal: NodeJS.Signals | null
  /** Collected standard output; empty when `onOutput` took it. */
  readonly output: Buffer
  /** The last lines of standard error, for a sentence about what went wrong. */
  readonly errorText: string
}

const errorLinesKept = 60
const errorLineLength = 2000
const outputBytesAllowed = 64 * 1024 * 1024
/**
 * Some builds of ffmpeg carry OpenBLAS, which nothing here uses, but whose threads would spin for 0.1 s at every start.
 */
const environment = { OPENBLAS_NUM_THREADS: '1' }

/**
 * Runs an executable with an argument array, never through a shell.
 * The child is killed when the signal aborts, when a callback throws, or when its output passes the limit.
 * How it ended, by itself or by a signal, is part of the result; {@link import('./tool.ts').runTool} tells these apart.
 * @throws the abort reason; the callback's error; an Error with `syscall` `spawn …` when the executable cannot be
 * started.
 */
export async function runChildProcess(
  executable: string,
  args: readonly string[],
  options: ChildProcessOptions = {},
): Promise<ChildProcessResult> {
  const { signal, onOutput, onErrorLine, input, outputLimit = outputBytesAllowed, background = true } = options
  signal?.throwIfAborted()
  const child = spawn(executable, args, {
    shell: false,
    windowsHide: true,
    env: { ...process.env, ...environment },
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  if (background && child.pid !== undefined) runInBackground(child.pid)

  let failure: unknown
  let failed = false
  const stop = (reason: unknown): void => {
    if (!failed) {
      failed = true
      failure = reason
    }
    child.kill('SIGKILL')
    // What a callback held back is of no use any more, and unread it would keep the child from counting as ended.
    child.stdout?.resume()
  }
  const guarded = (work: () => void): void => {
    if (failed) return
    try {
      work()
    } catch (error) {
      stop(error)
    }
  }
  const onAbort = (): void => stop(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })

  const pieces: Buffer[] = []
  let collected = 0
  child.stdout?.on('data', (piece: Buffer) =>
    guarded(() => {
      if (onOutput) {
        const pending = onOutput(piece)
        if (pending) {
          child.stdout?.pause()
          pending.then(() => child.stdout?.resume(), stop)
        }
        return
      }
      collected += piece.length
      if (collected > outputLimit) throw new Error(`${executable} wrote more than ${outputLimit} bytes`)
      pieces.push(piece)
    }),
  )

  const lastLines: string[] = []
  let partialLine = ''
  const takeLine = (line: string): void => {
    lastLines.push(line)
    if (lastLines.length > errorLinesKept) lastLines.shift()
    onErrorLine?.(line)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) =>
    guarded(() => {
      const lines = (partialLine + text).split(/\r?\n|\r/)
      partialLine = (lines.pop() ?? '').slice(0, errorLineLength)
      for (const line of lines) takeLine(line.slice(0, errorLineLength))
    }),
  )

  try {
    const ended = new Promise<Pick<ChildProcessResult, 'exitCode' | 'signal'>>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exitCode, endedBy) => resolve({ exitCode, signal: endedBy }))
    })
    const [end] = await Promise.all([ended, input && child.stdin ? feed(child.stdin, input, stop) : undefined])
    guarded(() => {
      if (partialLine !== '') takeLine(partialLine)
    })
    if (failed) throw failure
    return { ...end, output: Buffer.concat(pieces), errorText: lastLines.join('\n') }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  }
}

/** Writes every piece, waiting while the child is slower; a child that ends early just ends the writing. */
async function feed(
  stdin: NodeJS.WritableStream & { destroyed?: boolean },
  input: AsyncIterable<Uint8Array>,
  stop: (reason: unknown) => void,
): Promise<void> {
  let closed = false
  stdin.on('error', () => {
    closed = true
  })
  stdin.once('close', () => {
    closed = true
  })
  try {
    for await (const piece of input) {
      if (closed) return
      if (!stdin.write(piece)) {
        await new Promise<void>(resolve => {
          const resume = (): void => {
            stdin.off('drain', resume)
            stdin.off('close', resume)
            stdin.off('error', resume)
            resolve()
          }
          stdin.once('drain', resume)
          stdin.once('close', resume)
          stdin.once('error', resume)
        })
      }
    }
    stdin.end()
  } catch (error) {
    stop(error)
  }
}
