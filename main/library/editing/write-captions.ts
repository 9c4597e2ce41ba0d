import { readFile, realpath, stat } from 'node:fs/promises'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { fileErrorCode, isGone } from '../../storage/files/file-problem.ts'
import { hashOf } from './caption-file.ts'

export interface WriteRules {
  /** SHA-256 of what may be replaced; null when nothing was there. */
  readonly expected: string | null
  /** SHA-256 of what the workbench itself wrote last: no copy of that is kept. */
  readonly own: string | null
  /** Also over what was not expected. */
  readonly over: boolean
}

export type Written =
  { readonly outcome: 'saved'; readonly backup: string | null } | { readonly outcome: 'changed'; readonly file: string }

/**
 * Puts a caption file in its place at once. What the user wrote there is kept beside it as `NAME.srt.bak`, or under the
 * next number where such a copy exists already. A link stays a link.
 * @throws ExpectedError `not-writable`, `disk-full`.
 */
export async function writeCaptions(
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  { expected, own, over }: WriteRules,
): Promise<Written> {
  try {
    const target = await realpath(file).catch((error: unknown) => {
      if (isGone(error)) return file
      throw error
    })
    const there = await existing(target)
    const hash = there && hashOf(there)
    if (hash !== null && hash !== expected && !over) return { outcome: 'changed', file }
    const mode = there ? (await stat(target)).mode & 0o777 : 'shared'
    const isTheirs = there !== null && hash !== own && hash !== hashOf(bytes)
    const backup = isTheirs ? await keepCopy(file, there, mode) : null
    await writeFileAtomic(target, bytes, { mode })
    return { outcome: 'saved', backup }
  } catch (error) {
    throw refusal(file, error)
  }
}

/** @returns where the copy lies. One that is there already is taken. */
async function keepCopy(file: string, content: Buffer, mode: number | 'shared'): Promise<string> {
  for (let number = 1; ; number += 1) {
    const copy = `${file}.bak${number === 1 ? '' : number}`
    const there = await existing(copy)
    if (!there) await writeFileAtomic(copy, content, { mode })
    if (!there || there.equals(content)) return copy
  }
}

async function existing(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

function refusal(file: string, error: unknown): unknown {
  const code = fileErrorCode(error)
  if (error instanceof ExpectedError || !['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR'].includes(code ?? '')) {
    return error
  }
  return new ExpectedError(
    'not-writable',
    `${file} cannot be written: check the permissions of its folder. The edited captions stay in the workspace.`,
    { cause: error },
  )
}
