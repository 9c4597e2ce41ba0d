import { basename, extname, relative } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { wholeVideo } from '../examples/example.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import { parseLiteral } from '../files/literal.ts'
import { lmdbEntries } from '../files/lmdb.ts'
import { clipList } from './published.ts'
import { splitOfFile, whatIsWrong } from './reading/format.ts'
import type { Format } from './reading/format.ts'

const databases = (folder: LabelledFolder) =>
  folder.annotations.filter(file => extname(file).toLowerCase() === '.mdb' && basename(file) !== 'lock.mdb')

/** The published pre-training lists: an LMDB of `str(index)` → the Python literal of a list `[{clip_id, text}, …]`. */
export const pretrainLmdb: Format = {
  id: 'pretrain-lmdb',
  tasks: ['pretrain-stage1', 'pretrain-stage2'],
  async fits(folder) {
    for (const file of databases(folder)) {
      try {
        for await (const { value } of lmdbEntries(file)) {
          if (clipList.safeParse(parseLiteral(value)).success) return true
          break
        }
      } catch {
        // Some other database.
      }
    }
    return false
  },
  async *read(folder, signal) {
    for (const file of databases(folder)) {
      const name = relative(folder.path, file)
      const split = splitOfFile(folder, file)
      try {
        for await (const { key, value } of lmdbEntries(file, signal)) {
          signal.throwIfAborted()
          const source = `${name}: ${key}`
          const clips = clipList.safeParse(literalOr(value))
          if (!clips.success) {
            yield { source, problem: whatIsWrong(clips.error) }
          } else {
            yield {
              source,
              split,
              content: {
                type: 'clips',
                clips: clips.data.map(({ clip_id, text }) => ({ video: wholeVideo(clip_id), text })),
              },
            }
          }
        }
      } catch (error) {
        signal.throwIfAborted()
        yield {
          source: name,
          problem: english`cannot be read further: ${error instanceof Error ? error.message : String(error)}`,
        }
      }
    }
  },
}

function literalOr(text: string): unknown {
  try {
    return parseLiteral(text)
  } catch {
    return null
  }
}
