import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

const make = (name: string): string => mkdtempSync(join(tmpdir(), `lfvila-${name}-`))
/** What a process that was just ended still writes is deleted as well. */
const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

/**
 * An empty folder of all tests of a file or `describe`, deleted after the last one's own hooks. Called outside of
 * tests.
 */
export function folderOfFile(name: string): string {
  const folder = make(name)
  afterAll(() => remove(folder))
  return folder
}

/** An empty folder of one test, deleted after the test's own hooks. Called in a test or in `beforeEach`. */
export function folderOfTest(name: string): string {
  const folder = make(name)
  onTestFinished(() => remove(folder))
  return folder
}
