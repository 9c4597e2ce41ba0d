import type { ErrorCode } from './error-codes.ts'

/**
 * A failure a user can meet without any bug: a broken file, a missing GPU, a full disk.
 * `message` is one sentence that names the thing and the remedy; `code` is stable for programs.
 * Hosts show the sentence; any other error is a bug and is reported as one.
 */
export class ExpectedError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ExpectedError'
    this.code = code
  }
}
