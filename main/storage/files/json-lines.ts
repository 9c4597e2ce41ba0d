import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { isGone } from './file-problem.ts'
import { syncFile } from './sync.ts'

/**
 * The lines of a file to which JSON is appended; none where there is no file yet. A line that a crash cut short is
 * passed over, and so are zeros, which a failure of the power may leave in the place of what was appended last.
 */
export async function readJsonLines<Line>(file: string, schema: z.ZodType<Line>): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap(line => {
    const parsed = schema.safeParse(jsonOf(line.replace(/^\0+|\0+$/g, '')))
    return parsed.success ? [parsed.data] : []
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As `syncFile`, of a file that is made when its first line is appended. */
export async function syncJsonLines(file: string): Promise<void> {
  await syncFile(file).catch((error: unknown) => {
    if (!isGone(error)) throw error
  })
}
