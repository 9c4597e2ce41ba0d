import { dirname, relative, sep } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { wholeVideo } from '../examples/example.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import { splitNamed } from './reading/format.ts'
import type { Format } from './reading/format.ts'

/** Folders named for the class of the videos in them: `CLASS/video.mp4` or `train/CLASS/video.mp4`. */
export const classFolders: Format = {
  id: 'class-folders',
  tasks: ['video-classification'],
  fits: folder =>
    Promise.resolve(new Set(folder.files.flatMap(({ path: video }) => placeOf(folder, video)?.label ?? [])).size >= 2),
  async *read(folder, signal) {
    for (const { path: video } of folder.files) {
      signal.throwIfAborted()
      const source = relative(folder.path, video)
      const place = placeOf(folder, video)
      if (place) {
        yield { source, split: place.split, content: { type: 'class', video: wholeVideo(video), label: place.label } }
      } else {
        yield { source, problem: english`lies in no folder named for its class` }
      }
    }
  },
}

/** Split and class of a video by the folders it is in; null when it is in none. */
function placeOf(folder: LabelledFolder, video: string) {
  const folders = dirname(relative(folder.path, video))
    .split(sep)
    .filter(name => name !== '.')
  const [first, second] = folders
  const split = first === undefined ? null : splitNamed(first)
  const label = split === null ? first : second
  return label === undefined ? null : { split, label }
}
