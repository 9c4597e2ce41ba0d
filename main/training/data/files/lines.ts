import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { fileProblem } from '../../../storage/files/file-problem.ts'
import { parseLiteral } from './literal.ts'
import { openTextFile } from './text-file.ts'
import type { TextFile } from './text-file.ts'

const longestLine = 16 * 1024 * 1024

/** A line of a file, from 1; with the column, from 1 as well, where several values begin in it. */
export type LineNumber = number | `${number}:${number}`

/** One line of an annotation file, parsed; `problem` when it cannot be. */
export interface ParsedLine {
  readonly line: LineNumber
  readonly value: unknown
  readonly problem: string | null
}

/** The lines of a file of one JSON value (or Python literal) each. Empty lines are passed over. */
export async function* linesOf(file: TextFile): AsyncGenerator<ParsedLine> {
  let [line, rest] = [0, '']
  // One over the bound is kept, so that it is found too long; what follows of it is not.
  const keep = (text: string) => text.slice(0, longestLine + 1)
  for await (const chunk of file.chunks()) {
    const lines = chunk.split('\n')
    for (const [place, text] of lines.entries()) {
      rest = keep(rest + text)
      if (place === lines.length - 1) break
      line += 1
      if (rest.trim() !== '') yield { line, ...parsed(rest) }
      rest = ''
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, ...parsed(rest) }
}

/** The lines of a file that the user named. @throws ExpectedError when it cannot be read. */
export async function* givenLines(file: string, signal: AbortSignal): AsyncGenerator<ParsedLine> {
  try {
    yield* linesOf(await openTextFile(file, signal))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ExpectedError || !(error instanceof Error && 'syscall' in error)) throw error
    throw new ExpectedError('file-unreadable', fileProblem(file, error), { cause: error })
  }
}

function parsed(text: string): Omit<ParsedLine, 'line'> {
  if (text.length > longestLine) return { value: null, problem: english`is longer than ${longestLine} characters` }
  return parseJson(text)
}

/** JSON, or what Python writes for it. */
export function parseJson(text: string): Omit<ParsedLine, 'line'> {
  try {
    return { value: JSON.parse(text), problem: null }
  } catch {
    try {
      return { value: parseLiteral(text), problem: null }
    } catch (error) {
      return {
        value: null,
        problem: english`cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }
}
