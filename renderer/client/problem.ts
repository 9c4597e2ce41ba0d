import { t } from '../locale/i18n.ts'

/** A failure as the window shows it: one sentence, and for bugs the details behind it. */
export interface Problem {
  sentence: string
  details: string | null
}

/** Expected failures carry their own sentence; everything else is a bug and says so. */
export function describeProblem(error: unknown): Problem {
  if (hasCode(error) && error.code === 'EXPECTED') return { sentence: error.message, details: null }
  if (isAbort(error)) return { sentence: t('problem.interrupted'), details: null }
  return {
    sentence: t('problem.unexpected'),
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
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
