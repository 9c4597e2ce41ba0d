import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * All temporary files of a run of the tests, also those of the processes it starts, lie in one folder, which is deleted
 * at its end, whatever failed. Called by Vitest, in each of its projects.
 */
export default function setup(): (() => void) | undefined {
  if (process.env.LFVILA_TEST_RUN !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'lfvila-tests-'))
  // Some tests give up the rights of root, and still have to reach what lies in it.
  chmodSync(folder, 0o755)
  process.env.LFVILA_TEST_RUN = folder
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
