import { wholeVideo } from '../examples/example.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import type { TextFile } from '../files/text-file.ts'
import { fileNotes, nearOf, sourceOf, splitOfFile } from './format.ts'
import type { Format } from './format.ts'
import { splitsOf, videoLists } from './video-lists.ts'

/**
 * MSVD's `AllVideoDescriptions.txt`: lines `ID_START_END caption`, some 40 captions of each clip, and remarks after
 * `#`. Lists beside it say the split of each clip (`train_list.txt`, as ArrowLuo/CLIP4Clip's loader has them).
 */
const description = /^(\S+_\d+_\d+)\s+(\S.*)$/

const candidates = (folder: LabelledFolder) => folder.annotations.filter(name => /\.txt$/i.test(name))

async function* lines(text: TextFile): AsyncGenerator<{ line: number; said: string }> {
  let [line, rest] = [0, '']
  for await (const chunk of text.chunks()) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield { line: ++line, said: part.trim() }
  }
  yield { line: line + 1, said: rest.trim() }
}

async function isDescribed(text: TextFile): Promise<boolean> {
  let tried = 0
  for await (const { said } of lines(text)) {
    if (said === '' || said.startsWith('#')) continue
    if (description.test(said)) return true
    if (++tried === 5) return false
  }
  return false
}

export const msvd: Format = {
  id: 'msvd',
  tasks: ['retrieval'],
  async fits(folder, signal) {
    for (const file of candidates(folder)) if (await isDescribed(await folder.text(file, signal))) return true
    return false
  },
  async *read(folder, signal) {
    const lists = await videoLists(folder, signal)
    const listed = splitsOf(lists)
    for (const { text } of lists) yield* fileNotes(folder, text)
    for (const file of candidates(folder)) {
      const text = await folder.text(file, signal)
      if (!(await isDescribed(text))) continue
      const [split, near] = [splitOfFile(folder, file), nearOf(folder, file)]
      yield* fileNotes(folder, text)
      for await (const { line, said } of lines(text)) {
        if (said === '' || said.startsWith('#')) continue
        const source = sourceOf(folder, file, line)
        const [, name, caption] = description.exec(said) ?? []
        if (name === undefined || caption === undefined) {
          yield { source, problem: 'is no line of a clip and its caption, as ‘ID_START_END a man runs’' }
        } else if (lists.length > 0 && !listed.has(name)) {
          const sentence = 'The caption is not used: its clip is in no list of a split.'
          yield { source: `${source}: ${name}`, note: { kind: 'split', sentence } }
        } else {
          const sentences = [{ text: caption, start: null, end: null }]
          yield {
            source,
            split: listed.get(name) ?? split,
            near,
            content: { type: 'paragraph', video: wholeVideo(name), sentences },
          }
        }
      }
    }
  },
}
