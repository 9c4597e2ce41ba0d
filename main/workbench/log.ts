import { existsSync, openSync, statSync } from 'node:fs'
import { pino } from 'pino'
import type { Logger } from 'pino'

/** One JSON line per entry; a log over 5 MB starts anew, keeping the one before. */
export function openLog(file: string): Logger {
  const level = process.env.LFVILA_LOG_LEVEL ?? 'info'
  const tooLong = existsSync(file) && statSync(file).size > 5e6
  // Opened here: a program that ends in its first moments would find a log that is not ready.
  return pino({ level }, pino.destination({ dest: openSync(file, tooLong ? 'w' : 'a', 0o600), sync: false }))
}
