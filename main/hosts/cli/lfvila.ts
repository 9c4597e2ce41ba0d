import { untoldDiskFull } from '../../../native-models/disk-full.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readCommandLine, usage } from './command-line.ts'
import type { CommandLine } from './command-line.ts'
import { UsageError } from './terminal/command.ts'
import { ProgressLine } from './terminal/progress-line.ts'

type ExitCode = 0 | 1 | 2

/** Writes all of it before the process ends: a pipe takes only part of a long text at once. */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise(resolve => stream.write(`${text}\n`, () => resolve()))
}

async function run(line: Extract<CommandLine, { kind: 'run' }>): Promise<ExitCode> {
  const stop = new AbortController()
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(1))
    stop.abort()
  })
  const json = line.values.json === true
  const progress = new ProgressLine(process.stderr)
  try {
    const command = await line.command.load()
    const result = await command({
      values: line.values,
      positionals: line.positionals,
      json,
      progress,
      signal: stop.signal,
    })
    if (result) await print(process.stdout, json ? JSON.stringify(result.json) : result.text)
    return result?.exitCode ?? 0
  } catch (error) {
    progress.end()
    if (stop.signal.aborted) {
      await print(
        process.stderr,
        expectedSentence(error) ?? 'Stopped. What was finished is kept; the same command goes on from there.',
      )
      return 1
    }
    if (error instanceof UsageError) throw new UsageError(error.message, line.command)
    throw error
  }
}

async function main(words: string[]): Promise<ExitCode> {
  try {
    const line = readCommandLine(words)
    switch (line.kind) {
      case 'help':
        await print(process.stdout, usage(line.command))
        return 0
      case 'run':
        return await run(line)
    }
  } catch (error) {
    if (error instanceof UsageError) {
      await print(process.stderr, `${error.message}\n\n${usage(error.command)}`)
      return 2
    }
    await print(
      process.stderr,
      expectedSentence(error) ??
        `This is a bug, please report it:\n${error instanceof Error ? error.stack : String(error)}`,
    )
    return 1
  }
}

/** The sentence of a failure that is no bug; procedures carry it as an error with the code `EXPECTED`. */
function expectedSentence(error: unknown): string | null {
  if (error instanceof ExpectedError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EXPECTED') return error.message
  return untoldDiskFull(error)?.message ?? null
}

// `lfvila search … | head` closes the pipe early: nobody reads any more, and that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
})
main(process.argv.slice(2)).then(code => process.exit(code))
