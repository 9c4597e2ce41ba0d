import { resolve } from 'node:path'
import { text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'

/** The paragraph of the command line: given, or one sentence per caption of a file; null where neither is named. */
export async function paragraphOf({ values, progress }: CommandContext): Promise<string | null> {
  const given = text(values, 'text')
  const file = text(values, 'captions')
  if (given !== undefined && file !== undefined) throw new UsageError('Give either --text or --captions, not both.')
  if (file === undefined) return given ?? null
  const { readCaptions } = await import('../../../../library/captions/captions.ts')
  const { sentences, problem } = await readCaptions(resolve(file))
  if (problem !== null) progress.note(problem)
  return sentences.map(caption => caption.text).join('\n')
}
