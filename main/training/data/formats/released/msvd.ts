import { english } from '../../../../../native-models/english.ts'
import { captionedVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { hasLineOf, textLines } from '../../files/text-lines.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { splitsOf, videoLists } from './video-lists.ts'

/**
 * MSVD's `AllVideoDescriptions.txt`: lines `ID_START_END caption`, some 40 captions of each clip, and remarks after
 * `#`. Numbers alone are no caption but those of a list of classes. Lists beside it say the split of each clip
 * (`train_list.txt`, as ArrowLuo/CLIP4Clip's loader has them).
 */
const description = /^(\S+_\d+_\d+)\s+(?=.*\p{L})(\S.*)$/u
const remark = /^#/

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.txt$/i.test(name))

export const msvd: Format = {
  id: 'msvd',
  tasks: ['retrieval'],
  fits: (folder, signal) =>
    anyFits(candidates(folder), async file => hasLineOf(await folder.text(file, signal), description, remark)),
  async *read(folder, signal) {
    const lists = await videoLists(folder, signal)
    const listed = splitsOf(lists)
    for (const { text } of lists) yield* fileNotes(folder, text)
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      if (!(await hasLineOf(text, description, remark))) continue
      const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      yield* fileNotes(folder, text)
      for await (const { line, said } of textLines(text)) {
        if (remark.test(said)) continue
        const source = sourceOf(folder, file, line)
        const [, name, caption] = description.exec(said) ?? []
        if (name === undefined || caption === undefined) {
          yield { source, problem: english`is no line of a clip and its caption, as ‘ID_START_END a man runs’` }
        } else if (lists.length > 0 && !listed.has(name)) {
          const sentence = english`The caption is not used: its clip is in no list of a split.`
          yield { source: `${source}: ${name}`, note: { kind: 'split', sentence } }
        } else {
          yield {
            source,
            split: listed.get(name) ?? split,
            near,
            content: captionedVideo(name, caption),
          }
        }
      }
    }
  },
}
