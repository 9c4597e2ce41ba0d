import { setTimeout as sleep } from 'node:timers/promises'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { ChildProcessResult } from './child-process.ts'

/** How a child process ended: by itself with a code, or by a signal. */
export type ChildEnd = Pick<ChildProcessResult, 'exitCode' | 'signal' | 'errorText'>

/** Signals by the exit code with which a shell reports them: 128 and the signal's number. */
const shellSignals: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
  152: 'SIGXCPU',
}
/** Windows reports a crash as an NTSTATUS error; this one is a missing library. */
const windowsCrash = 0xc0000000
const windowsLibraryMissing = 0xc0000135
const libraryMissing =
  /error while loading shared libraries|symbol lookup error|version `\S+' not found|Library not loaded|Error relocating|cannot execute binary file|Exec format error/
const starvation =
  /Cannot allocate memory|Out of memory|bad_alloc|Resource temporarily unavailable|Too many open files|pthread_create/i
/**
 * What the system says of a drive or server that went away, at the end of a line; no reader of damaged files says it by
 * itself, unlike “Input/output error”.
 */
const driveLost =
  /: (?:Stale (?:NFS )?file handle|Transport endpoint is not connected|No such device|Host is down|No route to host|Remote I\/O error|No medium found)\s*$/im
/** Failures to start that pass: no processes, files or memory just now, or a program that is being replaced. */
const passing = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY'])

const interrupted = 'tool-interrupted'
const attempts = 3
/** Before the second and third attempt, in milliseconds: an out-of-memory killer strikes while memory is short. */
const pauses = [100, 500]

/**
 * What an end says of the machine rather than of the file that was read, as an ExpectedError: `tool-interrupted` where
 * trying again may help, `ffmpeg-broken` where no file could be read; null when the program ended by itself and what it
 * said is about the file.
 */
export function machineProblem(executable: string, end: ChildEnd): ExpectedError | null {
  const { exitCode, errorText } = end
  const broken =
    exitCode === 126 ||
    exitCode === 127 ||
    exitCode === windowsLibraryMissing ||
    (exitCode !== 0 && libraryMissing.test(errorText))
  if (broken) {
    return new ExpectedError(
      'ffmpeg-broken',
      `${executable} cannot run (${lastLine(errorText) || `exit code ${exitCode}`}); install ffmpeg again or name another one in the settings.`,
    )
  }
  const signal = signalOf(end)
  if (signal !== null) {
    return new ExpectedError(
      interrupted,
      `${executable} was ended by ${signal} before it had finished, as happens when memory runs short; this says nothing of the file it read: close other programs and try again.`,
    )
  }
  if (exitCode !== 0 && starvation.test(errorText)) {
    return new ExpectedError(
      interrupted,
      `${executable} did not get the memory, threads or files that it needed (${lastLine(errorText)}); this says nothing of the file it read: close other programs and try again.`,
    )
  }
  return driveLost.test(errorText) ? lostDrive(executable, errorText) : null
}

/** Whether what a program that goes on regardless has said is that it lacked memory or the like. */
export function starved(executable: string, errorText: string): ExpectedError | null {
  return starvation.test(errorText) ? machineProblem(executable, { exitCode: 1, signal: null, errorText }) : null
}

function lostDrive(executable: string, errorText: string): ExpectedError {
  const line = errorText.split('\n').findLast(said => driveLost.test(said)) ?? ''
  return new ExpectedError(
    interrupted,
    `${executable} lost the drive that it read from (${line.trim()}); this says nothing of the file: connect the drive again and try again.`,
  )
}

/** Whether a reader was refused bytes, as by a drive that fails, or says so of a file that makes no sense to it. */
export function wasRefusedBytes(errorText: string): boolean {
  return /: Input\/output error\s*$/im.test(errorText)
}

/** A program that could not be started at all, as an ExpectedError; undefined for other errors. */
export function startProblem(executable: string, error: unknown): ExpectedError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !String(error.syscall).startsWith('spawn')) return undefined
  const code = 'code' in error ? String(error.code) : error.message
  if (passing.has(code)) {
    return new ExpectedError(
      interrupted,
      `${executable} could not be started just now (${code}): close other programs and try again.`,
      { cause: error },
    )
  }
  return new ExpectedError(
    code === 'ENOENT' ? 'ffmpeg-missing' : 'ffmpeg-broken',
    `${executable} cannot be started (${code}); install ffmpeg again or name another one in the settings.`,
    { cause: error },
  )
}

export function isInterruption(error: unknown): boolean {
  return error instanceof ExpectedError && error.code === interrupted
}

/**
 * Does something again, twice at most, when a program was interrupted in it. `attempt` counts from 1. @throws what the
 * last attempt throws.
 */
export async function withAttempts<T>(
  signal: AbortSignal | undefined,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      if (!isInterruption(error) || attempt === attempts) throw error
      await sleep(pauses[attempt - 1], undefined, signal ? { signal } : {}).catch((aborted: unknown) => {
        throw signal?.reason ?? aborted
      })
    }
  }
}

function signalOf({ exitCode, signal, errorText }: ChildEnd): string | null {
  if (signal !== null) return signal
  if (exitCode === null) return english`a signal`
  if (exitCode === 0) return null
  if (exitCode >= windowsCrash && exitCode !== windowsLibraryMissing) {
    return english`the crash 0x${exitCode.toString(16)}`
  }
  // ffmpeg itself catches SIGTERM and SIGINT, ends what it writes properly, and exits with 255.
  const caught = /received signal (\d+)/.exec(errorText)?.[1]
  if (exitCode === 255 && (caught !== undefined || !errorText.includes(english`not permitted`))) {
    return caught === undefined ? english`a signal` : (shellSignals[128 + Number(caught)] ?? `signal ${caught}`)
  }
  return shellSignals[exitCode] ?? null
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
