import { ORPCError } from '@orpc/server'
import type { Logger } from 'pino'
import { untoldDiskFull } from '../../native-models/disk-full.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'

/**
 * A failure as the client is told it: an expected one as code `EXPECTED` with its sentence. Anything else but wrong
 * input and an end that was asked for is a bug, and is logged here with its stack.
 */
export function toldFailure(error: unknown, procedure: string, log: Pick<Logger, 'error'>): unknown {
  const expected = error instanceof ExpectedError ? error : untoldDiskFull(error)
  if (expected) {
    return new ORPCError('EXPECTED', { message: expected.message, data: { code: expected.code }, cause: error })
  }
  const isAsked = error instanceof Error && error.name === 'AbortError'
  const isTold = error instanceof ORPCError && error.status < 500
  if (!isAsked && !isTold) log.error({ err: error, procedure }, 'a procedure failed')
  return error
}
