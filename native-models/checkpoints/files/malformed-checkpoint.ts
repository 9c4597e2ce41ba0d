import { ExpectedError } from '../../expected-error.ts'

/**
 * What a reader throws for content it refuses; the message is the rest of a sentence that begins with the file.
 * Anything else that is thrown is a bug.
 */
export class MalformedCheckpoint extends Error {
  /** The file ends before its content does. */
  readonly incomplete: boolean

  constructor(reason: string, { incomplete = false, cause }: { incomplete?: boolean; cause?: unknown } = {}) {
    super(reason, { cause })
    this.name = 'MalformedCheckpoint'
    this.incomplete = incomplete
  }
}

/** The sentence for a refused or unreadable file; a bug passes unchanged. */
export function refusal(file: string, error: unknown): unknown {
  if (error instanceof MalformedCheckpoint) {
    return new ExpectedError(
      'not-a-checkpoint',
      error.incomplete
        ? `${file} is incomplete: ${error.message}; download or copy it again.`
        : `${file} is not a usable checkpoint: ${error.message}.`,
      { cause: error },
    )
  }
  if (error instanceof Error && 'code' in error && 'syscall' in error) {
    return new ExpectedError(
      'checkpoint-unreadable',
      error.code === 'ENOENT'
        ? `${file} does not exist; check its name.`
        : `${file} cannot be read (${String(error.code)}); check the file and its drive.`,
      { cause: error },
    )
  }
  return error
}

const longestShown = 120

/** A name out of an untrusted file as a sentence may show it: short, without control characters. */
export function shown(name: string): string {
  const plain = name.slice(0, longestShown).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return name.length > longestShown ? `${plain}…` : plain
}
