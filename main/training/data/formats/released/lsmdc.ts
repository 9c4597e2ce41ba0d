import { parse } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { captionedVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { hasLineOf, textLines } from '../../files/text-lines.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'

/**
 * LSMDC as published (`LSMDC16_annos_training.csv`): no header, and parted by tabs the clip, four times of its film
 * (start and end as aligned and as extracted, `00.00.51.926`) and its sentence. The clips are files of their own,
 * named for film and times.
 */
const clock = String.raw`\d{2}\.\d{2}\.\d{2}\.\d{1,3}`
const line = new RegExp(String.raw`^(\S+)(?:\t+\s*${clock}\s*){4}(?:\t([^\t]*))?$`)
/** Which some copies have. */
const header = /^(?:clip|video)_?id\t/i
/** The 1,000 clips that retrieval is reported on are in a file whose name has this for “public test”. */
const publicTest = /publict(?:ect|est)/i

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.(csv|tsv|txt)$/i.test(name))

export const lsmdc: Format = {
  id: 'lsmdc',
  tasks: ['retrieval'],
  fits: (folder, signal) => anyFits(candidates(folder), async file => hasLineOf(await folder.text(file, signal), line)),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      if (!(await hasLineOf(text, line))) continue
      const split = publicTest.test(parse(file).name) ? 'test' : splitOfFile(folder, file)
      const near = nearOf(folder, file)
      yield* fileNotes(folder, text)
      for await (const { line: number, said } of textLines(text)) {
        if (number === 1 && header.test(said)) continue
        const source = sourceOf(folder, file, number)
        const [, name, sentence = ''] = line.exec(said) ?? []
        if (name === undefined) {
          yield {
            source,
            problem: english`is no line of a clip, four times and a sentence, parted by tabs, as LSMDC has them`,
          }
        } else if (sentence.trim() === '') {
          yield { source, problem: english`has no sentence, as those of the blind test` }
        } else {
          yield {
            source,
            split,
            near,
            content: captionedVideo(name, sentence.trim()),
          }
        }
      }
    }
  },
}
