import { basename } from 'node:path'
import { z } from 'zod'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonDocument } from '../../files/json-document.ts'

/** NExT-QA's `map_vid_vidorID.json`: `{"2909445186": "0101/2909445186", …}`. */
const mapName = /^map_vid.*\.json$/i
const map = z.record(z.string(), z.string())

/** Where the videos of a folder lie by their ids, when a map beside the annotations says so. */
export async function videoPaths(folder: LabelledFolder, signal: AbortSignal): Promise<(name: string) => string> {
  const paths = new Map<string, string>()
  for (const file of folder.annotations.filter(name => mapName.test(basename(name)))) {
    const found = map.safeParse(await jsonDocument(await folder.text(file, signal)))
    for (const [id, path] of Object.entries(found.data ?? {})) paths.set(id, path)
  }
  return name => paths.get(name) ?? name
}
