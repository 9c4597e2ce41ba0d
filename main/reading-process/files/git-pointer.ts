import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openOrdinaryFile } from '../../../native-models/ordinary-file.ts'

const beginning = 'version https://git-lfs.github.com/spec/'

/**
 * A repository that was cloned without Git LFS has small texts in the place of its large files. A file that cannot be
 * opened is left to its reader.
 * @throws ExpectedError when the file is such a text.
 */
export async function assertNoGitPointer(path: string): Promise<void> {
  const handle = await openOrdinaryFile(path).catch(() => null)
  if (!handle) return
  try {
    const start = Buffer.alloc(beginning.length)
    await handle.read(start, 0, start.length, 0)
    if (start.toString('latin1') !== beginning) return
    throw new ExpectedError(
      'git-pointer',
      `${path} is not the file itself but a note of Git LFS in its place; download the file, or run \`git lfs pull\` in its folder.`,
    )
  } finally {
    await handle.close()
  }
}
