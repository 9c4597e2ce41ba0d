import { t } from '../locale/i18n.ts'
import { told } from '../locale/told/told.ts'

/**
 * A failure as the window shows it: one sentence, in the language that the window has when it is read, and for bugs the
 * details behind it.
 */
export interface Problem {
  readonly sentence: string
  readonly details: string | null
}

/** Expected failures carry their own sentence; everything else is a bug and says so. */
export function describeProblem(error: unknown): Problem {
  if (hasCode(error) && error.code === 'EXPECTED') return problemTold(error.message)
  if (isAbort(error)) return said(() => t('problem.interrupted'), null)
  return said(() => t('problem.unexpected'), error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** A failure of which the workbench has told its sentence, as that of a job. */
export function problemTold(text: string): Problem {
  return said(() => told(text), null)
}

function said(sentence: () => string, details: string | null): Problem {
  return {
    get sentence() {
      return sentence()
    },
    details,
  }
}

/** Whether a request was given up on purpose: by us, or because the line broke. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** What an expected failure is called, as `captions-elsewhere`; null for any other. */
export function codeOf(error: unknown): string | null {
  if (!hasCode(error) || error.code !== 'EXPECTED' || !('data' in error)) return null
  const { data } = error
  return typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string' ? data.code : null
}

function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
