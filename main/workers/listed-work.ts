import { readFile } from 'node:fs/promises'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { fileProblem } from '../storage/files/file-problem.ts'

/** One of several equal parts of a list, counted from 1. */
export interface Part {
  readonly number: number
  readonly of: number
}

/** Reads `3/8`, the third of eight parts; null when it says something else. */
export function readPart(text: string): Part | null {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  return number === undefined || of === undefined || number < 1 || number > of ? null : { number, of }
}

/** The lines of a list that belong to a part: every one belongs to exactly one. */
export const linesOf = (lines: readonly string[], { number, of }: Part): string[] =>
  lines.filter((_, index) => index % of === number - 1)

/** A file with one path a line; empty lines count for nothing. @throws ExpectedError when it cannot be read. */
export async function readList(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').map(line => line.trim())
    return lines.filter(line => line !== '')
  } catch (error) {
    throw new ExpectedError('list-unreadable', fileProblem(file, error), { cause: error })
  }
}
