import { english } from '../../../../../../native-models/english.ts'
import { wholeVideo } from '../../../examples/example.ts'
import type { LabelledFolder } from '../../../examples/folder.ts'
import { tableRecords } from '../../../files/delimited.ts'
import type { TextFile } from '../../../files/text-file.ts'
import { anyFits, fileNotes, nearOf, sourceOf, splitOfFile } from '../../reading/format.ts'
import type { Format } from '../../reading/format.ts'

/**
 * How2QA as published (github.com/ych133/How2R-and-How2QA), a table without a header: `ID, [start:end], wrong, wrong,
 * wrong, question, right`; the seconds of the whole video hold the answer.
 */
const span = /^\[\s*(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)\s*\]$/
const columns = 7

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.csv$/i.test(name))

async function fitsHow2qa(text: TextFile): Promise<boolean> {
  let tried = 0
  for await (const { cells } of tableRecords(text.chunks(), ',')) {
    if (cells.length === columns && span.test(cells[1] ?? '')) return true
    if (++tried === 5) return false
  }
  return false
}

export const how2qaRelease: Format = {
  id: 'how2qa-release',
  tasks: ['qa-multichoice'],
  fits: (folder, signal) => anyFits(candidates(folder), async file => fitsHow2qa(await folder.text(file, signal))),
  async *read(folder, signal) {
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      if (!(await fitsHow2qa(text))) continue
      yield* fileNotes(folder, text)
      const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      for await (const { line, cells, problem } of tableRecords(text.chunks(), ',')) {
        const source = sourceOf(folder, file, line)
        const [name = '', time = '', first = '', second = '', third = '', question = '', right = ''] = cells
        const [, start, end] = span.exec(time) ?? []
        const answers = [first, second, third, right]
        if (problem !== null || cells.length !== columns) {
          yield { source, problem: problem ?? english`has ${cells.length} cells, and one of How2QA has ${columns}` }
        } else if (start === undefined || end === undefined) {
          yield { source: `${source}: ${time}`, problem: english`has a second cell that is no time, as ‘[7.2:18.0]’` }
        } else if (name === '' || question === '' || answers.includes('')) {
          yield { source, problem: english`has an empty cell where a video, a question or an answer belongs` }
        } else {
          yield {
            source,
            split,
            near,
            content: {
              type: 'choices',
              video: wholeVideo(name),
              question,
              answers,
              subtitles: [],
              label: 3,
              span: [Number(start), Number(end)],
            },
          }
        }
      }
    }
  },
}
