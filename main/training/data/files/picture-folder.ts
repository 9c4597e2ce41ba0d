import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { isHidden, isVideoFile, naturalOrder } from '../../../library/folders/video-files.ts'

/** Kinds of pictures that frames are extracted as, by the ending of their names. */
export const pictureKinds = { '.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png' } as const
export type PictureKind = (typeof pictureKinds)[keyof typeof pictureKinds]

export interface PictureFolder {
  /** Names, in the order of their numbers. */
  readonly pictures: readonly string[]
  readonly kinds: ReadonlySet<PictureKind>
}

/** The pictures of a folder that holds the frames of a video; null for another folder, or one that cannot be read. */
export async function picturesIn(folder: string): Promise<PictureFolder | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter(entry => entry.isFile() && !isHidden(entry.name)).map(({ name }) => name)
  if (names.some(isVideoFile)) return null
  const pictures = names.filter(name => kindOf(name) !== undefined)
  if (pictures.length === 0) return null
  const ordered = pictures
    .map(name => ({ name, key: naturalOrder(name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ name }) => name)
  return { pictures: ordered, kinds: new Set(pictures.flatMap(name => kindOf(name) ?? [])) }
}

function kindOf(name: string): PictureKind | undefined {
  return Object.entries(pictureKinds).find(([ending]) => ending === extname(name).toLowerCase())?.[1]
}
