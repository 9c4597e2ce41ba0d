import type { ErrorCode } from '../../../../native-models/error-codes.ts'
import type { ExpectedError } from '../../../../native-models/expected-error.ts'

const others: ReadonlySet<ErrorCode> = new Set(['audio-only', 'no-decoder', 'not-a-file', 'not-a-video'])

/**
 * Whether it is the video's fault, and not the engine's or the machine's: another example may then stand in, or none.
 */
export function isOfVideo({ code }: ExpectedError): boolean {
  return code.startsWith('video-') || others.has(code)
}
