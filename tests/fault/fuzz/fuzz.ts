import { fork } from 'node:child_process'
import { childProgram } from '../../support/child-program.ts'

export type FuzzMessage =
  | { kind: 'begins'; index: number }
  | { kind: 'failure'; index: number; reason: string }
  | { kind: 'ended'; cases: number; opened: number; peakBytes: number }

export interface FuzzReport {
  /** Files read, and how many of them a reader took although they were changed. */
  cases: number
  opened: number
  peakBytes: number
  /** What a reader did that it must not: number of the mutation and reason. */
  failures: string[]
}

/** Takes thousandths of a second; a busy machine may take long to come back to us. */
const longestCase = 30_000

/**
 * Reads mutated files in a process of its own. A reader may return or throw an ExpectedError; anything else, a case
 * that takes longer than `patience` milliseconds and an end of the process are failures.
 * @param share of the reader's mutations that are looked at: the first of them.
 */
export async function fuzz(
  reader: string,
  seed: number,
  { patience = longestCase, share = 1 }: { readonly patience?: number; readonly share?: number } = {},
): Promise<FuzzReport> {
  const child = fork(await childProgram('tests/fault/fuzz/fuzz-child.ts'), [reader, String(seed), String(share)], {
    execArgv: ['--max-old-space-size=512'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const report: FuzzReport = { cases: 0, opened: 0, peakBytes: 0, failures: [] }
  const fail = (reason: string): void => {
    report.failures.push(`${reader}, seed ${seed}, mutation ${index}: ${reason}`)
  }
  let index = -1
  let killed = false
  let lastWords = ''
  child.stderr!.on('data', (text: Buffer) => {
    lastWords = (lastWords + text.toString()).slice(-2000)
  })
  await new Promise<void>(resolve => {
    let hanging: NodeJS.Timeout | undefined
    child.on('message', (message: FuzzMessage) => {
      clearTimeout(hanging)
      if (message.kind === 'ended') {
        Object.assign(report, { cases: message.cases, opened: message.opened, peakBytes: message.peakBytes })
        return
      }
      index = message.index
      if (message.kind === 'failure') fail(message.reason)
      hanging = setTimeout(() => {
        fail(`no end after ${patience} ms`)
        killed = true
        child.kill('SIGKILL')
      }, patience)
    })
    child.on('close', (code, signal) => {
      clearTimeout(hanging)
      if (report.cases === 0 && !killed) fail(`the process ended (${signal ?? code}): ${lastWords}`)
      resolve()
    })
  })
  return report
}
