import { dirname, relative } from 'node:path'
import { readFirstCaptions } from '../../../library/captions/captions.ts'
import { wholeVideo } from '../examples/example.ts'
import { splitNamed } from './reading/format.ts'
import type { Format } from './reading/format.ts'

/**
 * Videos with caption files of the same name, as a library has them; folders named `train`, `val`, `test` split them.
 */
export const captionsBesideVideos: Format = {
  id: 'captions-beside-videos',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  fits: folder => Promise.resolve(folder.files.some(({ captionFiles }) => captionFiles.length > 0)),
  async *read(folder, signal) {
    for (const { path: video, captionFiles } of folder.files) {
      signal.throwIfAborted()
      const source = relative(folder.path, video)
      const { sentences, problem } = await readFirstCaptions(captionFiles)
      if (sentences.length === 0) {
        yield {
          source,
          problem: problem === null ? 'has no caption file beside it' : `has captions that cannot be read: ${problem}`,
        }
      } else {
        yield {
          source,
          split: splitNamed(dirname(source)),
          content: { type: 'paragraph', video: wholeVideo(video), sentences },
        }
      }
    }
  },
}
