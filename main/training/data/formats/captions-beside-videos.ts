import { dirname, relative, sep } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { readFirstCaptions } from '../../../library/captions/captions.ts'
import { wholeVideo } from '../examples/example.ts'
import { splitNamed } from './reading/format.ts'
import type { Format } from './reading/format.ts'

const doubtful = english`The captions were not read whole, or not without doubt; what could be read is taken. Correct what is named, or save it as UTF-8.`

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
      const why = problem?.replaceAll(folder.path + sep, '').replace(/\.$/, '')
      if (sentences.length === 0) {
        yield {
          source,
          problem:
            why === undefined
              ? english`has no caption file beside it`
              : english`has captions that cannot be read: ${why}`,
        }
      } else {
        if (why !== undefined) yield { source: `${source}: ${why}`, note: { kind: 'captions', sentence: doubtful } }
        yield {
          source,
          split: splitNamed(dirname(source)),
          content: { type: 'paragraph', video: wholeVideo(video), sentences },
        }
      }
    }
  },
}
