import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { isAtWork } from '../api/common/rules.ts'
import { logFiles } from '../diagnostics/log-files.ts'
import type { JobChange } from '../jobs/job-changes.ts'

/** Bytes of one file of the log. */
const longest = 5e6

/**
 * One JSON line per entry. A file that is full makes way for a new one, also while the program runs. A line is written
 * when it is said, so that a program that is killed has told what it did.
 */
export function openLog(file: string): Logger {
  return pino({ level: process.env.LFVILA_LOG_LEVEL ?? 'info' }, { write: rotating(file) })
}

function rotating(file: string): (line: string) => void {
  const open = (): number => openSync(file, 'a', 0o600)
  let size = existsSync(file) ? statSync(file).size : 0
  let descriptor = open()
  return line => {
    try {
      if (size > longest) {
        // Another process on the workspace goes on in the old file until its own lines have filled one.
        closeSync(descriptor)
        makeWay(file)
        descriptor = open()
        size = statSync(file).size
      }
      size += writeSync(descriptor, line)
    } catch {
      // A full disk is told by what it keeps from working; the log is not worth a failure of its own.
    }
  }
}

function makeWay(file: string): void {
  // From the oldest on, so that none is written over before it has been moved itself.
  const files = logFiles(file).reverse()
  for (const [index, older] of files.entries()) {
    const newer = files[index + 1]
    if (newer !== undefined && existsSync(newer)) renameSync(newer, older)
  }
}

/** Notes every job that ends, once. */
export function noteEnds(log: Pick<Logger, 'info' | 'warn'>): (change: JobChange) => void {
  const atWork = new Set<number>()
  return change => {
    if (change.type !== 'job') return
    const { id, kind, title, state, failures, problem } = change.job
    if (isAtWork(state)) {
      atWork.add(id)
    } else if (atWork.delete(id)) {
      const level = state === 'failed' ? 'warn' : 'info'
      log[level]({ job: id, kind, title, state, failures: failures.length, problem }, 'a job has ended')
    }
  }
}
