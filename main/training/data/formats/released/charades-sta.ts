import { english } from '../../../../../native-models/english.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { hasLineOf, textLines } from '../../files/text-lines.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'

/** Charades-STA as published (github.com/jiyanggao/TALL): lines `AO8RW 0.0 6.9##a person puts a book on a shelf.` */
const moment = /^(\S+)\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*##\s*(\S.*)$/

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.txt$/i.test(name))

export const charadesSta: Format = {
  id: 'charades-sta',
  tasks: ['retrieval', 'moments', 'pretrain-stage1', 'pretrain-stage2'],
  fits: (folder, signal) =>
    anyFits(candidates(folder), async file => hasLineOf(await folder.text(file, signal), moment)),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      if (!(await hasLineOf(text, moment))) continue
      const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      yield* fileNotes(folder, text)
      for await (const { line, said } of textLines(text)) {
        const source = sourceOf(folder, file, line)
        const [, name, start, end, query] = moment.exec(said) ?? []
        if (name === undefined || query === undefined) {
          yield {
            source,
            problem: english`is no line of a video, two times and a sentence, as ‘ID 0.0 6.9##a man runs.’`,
          }
          continue
        }
        const windows = [[Number(start), Number(end)] as const]
        yield {
          source,
          split,
          near,
          // A line has no number of its own.
          content: {
            type: 'moments',
            video: wholeVideo(name),
            qid: source,
            vid: name,
            duration: null,
            query,
            windows,
            saliency: null,
          },
        }
      }
    }
  },
}
