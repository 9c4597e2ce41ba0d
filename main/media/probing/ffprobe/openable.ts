import type { FileHandle } from 'node:fs/promises'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { openFile, statFile } from '../../../storage/files/packed-file.ts'

/** Everything one can know before ffprobe starts. */
export async function checkReadable(path: string): Promise<void> {
  try {
    const entry = await statFile(path)
    if (!entry.isFile()) throw new ExpectedError('not-a-video', `${path} is a folder or a device, not a video file.`)
    if (entry.size === 0n) {
      throw new ExpectedError('video-empty', `${path} is empty (0 bytes); copy or download it again.`)
    }
    await (await openFile(path)).close()
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ExpectedError(
        'video-missing',
        `${path} is not there any more: it was deleted, moved or its drive is not connected.`,
        { cause: error },
      )
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new ExpectedError(
        'video-unreadable',
        `${path} may not be read by this user; change the file's permissions.`,
        { cause: error },
      )
    }
    throw new ExpectedError(
      'video-unreadable',
      `${path} cannot be read (${String(code ?? error)}); check the file and its drive.`,
      { cause: error },
    )
  }
}

/** Why ffprobe could not open the file, told from its message and the file's first bytes. */
export async function unopenable(path: string, errorText: string): Promise<ExpectedError> {
  const file = await openFile(path)
  const { isQuickTime, isMatroska: isEbml, isAvi } = await beginning(file).finally(() => file.close())
  if (isQuickTime || isEbml || isAvi) {
    if (/moov atom not found/.test(errorText)) {
      return new ExpectedError(
        'video-truncated',
        `${path} is incomplete: its index (the moov atom) is missing, as in a download or recording that was cut off; copy or download it again.`,
      )
    }
    return new ExpectedError(
      'video-damaged',
      `${path} begins like a video but cannot be opened: the file is damaged or cut off; copy or download it again.`,
    )
  }
  return new ExpectedError(
    'not-a-video',
    `${path} is not a video, whatever its name says: its contents are no known video format.`,
  )
}

export interface Beginning {
  readonly isIso: boolean
  readonly isQuickTime: boolean
  readonly isMatroska: boolean
  readonly isAvi: boolean
}

/** What a file is by its first bytes. `isQuickTime`: that, or ISO base media, which is newer. */
export async function beginning(file: FileHandle): Promise<Beginning> {
  const { buffer: head } = await file.read(Buffer.alloc(12), 0, 12, 0)
  const text = head.toString('latin1')
  const type = text.slice(4, 8)
  return {
    isIso: type === 'ftyp',
    isQuickTime: ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(type),
    isMatroska: text.startsWith('\x1A\x45\xDF\xA3'),
    isAvi: text.startsWith('RIFF') && text.endsWith('AVI '),
  }
}
