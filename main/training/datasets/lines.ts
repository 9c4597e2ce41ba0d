import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { fileProblem } from '../../library/file-problem.ts'
import { parseLiteral } from './literal.ts'

const longestLine = 16 * 1024 * 1024

/** One line of an annotation file, parsed; `problem` when it cannot be. */
export interface ParsedLine {
  /** From 1. */
  readonly line: number
  readonly value: unknown
  readonly problem: string | null
}

/** The lines of a file of one JSON value (or Python literal) each. Empty lines are passed over. */
export async function* parsedLines(file: string, signal?: AbortSignal): AsyncGenerator<ParsedLine> {
  const stream = createReadStream(file, { encoding: 'utf8', signal })
  let line = 0
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line += 1
      if (text.trim() === '') continue
      yield { line, ...parsed(line === 1 ? text.replace(/^\uFEFF/, '') : text) }
    }
  } finally {
    stream.destroy()
  }
}

/** The lines of a file that the user named. @throws ExpectedError when it cannot be read. */
export async function* givenLines(file: string, signal: AbortSignal): AsyncGenerator<ParsedLine> {
  try {
    yield* parsedLines(file, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ExpectedError || !(error instanceof Error && 'syscall' in error)) throw error
    throw new ExpectedError('file-unreadable', fileProblem(file, error), { cause: error })
  }
}

function parsed(text: string): Omit<ParsedLine, 'line'> {
  if (text.length > longestLine) return { value: null, problem: `is longer than ${longestLine} characters` }
  try {
    return { value: JSON.parse(text), problem: null }
  } catch {
    try {
      return { value: parseLiteral(text), problem: null }
    } catch (error) {
      return { value: null, problem: `cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}` }
    }
  }
}
