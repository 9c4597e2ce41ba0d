import { mkdtempSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'

/** Of several test files; it goes with the folder of the run. */
const folder = mkdtempSync(join(tmpdir(), 'lfvila-checkpoints-'))

/** The path of a new file. */
export async function inFolder(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/**
 * The one sentence with which a file is refused; it names the file. `size` makes the file longer without taking space.
 */
export async function refused(name: string, content: Uint8Array, size = content.length): Promise<string> {
  const path = await inFolder(name, content)
  if (size > content.length) await truncate(path, size)
  return refusedPath(path)
}

export async function refusedPath(path: string): Promise<string> {
  const error: unknown = await openCheckpoint(path, { scratch: folder }).then(
    () => 'it was opened',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ExpectedError)
  const { message } = error as ExpectedError
  expect(message).toContain(path)
  expect(message.split('\n')).toHaveLength(1)
  return message
}
