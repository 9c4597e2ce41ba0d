import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

/** Builds what is missing or older than the sources, once before the tests that run the built program. */
export function setup(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../build/prepare.mjs')], { stdio: 'inherit' })
}
