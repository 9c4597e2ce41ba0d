import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { EngineExit, EngineLostError } from './connection.ts'

/** Says what an engine was doing when it was lost. */
export function lostSentence(cause: EngineLostError, doing: string): ExpectedError {
  const { exit } = cause
  switch (exit.reason) {
    case 'closed':
      return closedError()
    case 'hung':
      return new ExpectedError(
        'engine-hung',
        `The engine gave no answer for ${exit.seconds} s while ${doing} and was ended; it starts again by itself: try once more, and choose another device in Settings if it happens again.`,
        { cause },
      )
    case 'crashed':
      return new ExpectedError(
        'engine-crashed',
        `The engine process ended unexpectedly (${exitCause(exit)}) while ${doing}; it starts again by itself: try once more, and choose the CPU in Settings or free some memory if it happens again.`,
        { cause },
      )
    default:
      return exit satisfies never
  }
}

/** `signal SIGSEGV` or `exit code 3`, with the last line the process wrote. */
export function exitCause(exit: Extract<EngineExit, { reason: 'crashed' }>): string {
  const { code, signal, stderr } = exit.exit
  const cause = signal
    ? english`signal ${signal}`
    : code === null
      ? english`it could not be started`
      : `exit code ${code}`
  const lines = stderr
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  // Node ends the report of an uncaught error with its version; the error itself stands above the stack.
  const said = lines.findLast(line => /error/i.test(line)) ?? lines.at(-1)
  return said ? `${cause}: ${said}` : cause
}

export function closedError(): ExpectedError {
  return new ExpectedError('engine-closed', 'The engine was stopped before the work was done; start it again to go on.')
}

/** ONNX Runtime's messages span lines and end in blank ones; a sentence has none. */
export function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
}
