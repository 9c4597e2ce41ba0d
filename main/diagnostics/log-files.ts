import { open } from 'node:fs/promises'
import { z } from 'zod'
import { logLevels } from '../api/common/rules.ts'
import type { LogEntry, LogLevel } from '../api/diagnostics.ts'

/** How many full files of a log are kept beside it, as `….1` and `….2`. */
const kept = 2

/** Files of a log, the newest first; not all of them need to exist. */
export function logFiles(file: string): string[] {
  return [file, ...Array.from({ length: kept }, (_, index) => `${file}.${index + 1}`)]
}

/** Bytes that are read at once, from the end of a file on. */
const portion = 256 * 1024

/** Pino's numbers of its levels: 20 is `debug`, 30 `info`, 40 `warn`, 50 `error` and 60 `fatal`. */
const levelOf = (level: number): LogLevel =>
  level < 30 ? 'debug' : level < 40 ? 'info' : level < 50 ? 'warning' : 'error'

const line = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  err: z.looseObject({ message: z.string().optional(), stack: z.string().optional() }).optional(),
})

/**
 * The newest entries of a log that are of at least a level, newest first. A line that is none, such as the one that was
 * being written when the power went, is told as it stands.
 * @returns `more` when there are older ones.
 */
export async function readLog(
  file: string,
  { least, count }: { readonly least: LogLevel; readonly count: number },
): Promise<{ entries: LogEntry[]; more: boolean }> {
  const entries: LogEntry[] = []
  for (const each of logFiles(file)) {
    for await (const text of linesFromTheEnd(each)) {
      const entry = parse(text)
      if (logLevels.indexOf(entry.level) < logLevels.indexOf(least)) continue
      if (entries.length === count) return { entries, more: true }
      entries.push(entry)
    }
  }
  return { entries, more: false }
}

function parse(text: string): LogEntry {
  const read = line.safeParse(parseJson(text))
  if (!read.success) return { time: 0, level: 'warning', text, details: null }
  const { level, time, msg, err, pid: _pid, hostname: _hostname, ...more } = read.data
  const details = [
    err?.stack ?? err?.message,
    ...Object.entries(more).map(
      ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ].filter(detail => detail !== undefined)
  return {
    time,
    level: levelOf(level),
    text: msg ?? err?.message ?? '',
    details: details.length > 0 ? details.join('\n') : null,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Lines of a file that are not empty, the last one first; none when there is no such file. */
async function* linesFromTheEnd(file: string): AsyncGenerator<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!handle) return
  try {
    let end = (await handle.stat()).size
    // Bytes in front of the first line break that was seen: the end of a line that begins further in front.
    let rest: Buffer = Buffer.alloc(0)
    while (end > 0) {
      const start = Math.max(0, end - portion)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
      const seen = Buffer.concat([buffer.subarray(0, bytesRead), rest])
      const first = start === 0 ? 0 : seen.indexOf('\n') + 1
      rest = start > 0 && first === 0 ? seen : seen.subarray(0, first)
      if (start === 0 || first > 0) {
        for (const text of seen.subarray(first).toString('utf8').split('\n').reverse()) {
          if (text.trim() !== '') yield text
        }
      }
      end = start
    }
  } finally {
    await handle.close()
  }
}
