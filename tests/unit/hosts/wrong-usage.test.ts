import { expect, it } from 'vitest'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { UsageError } from '../../../main/hosts/cli/terminal/command.ts'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'
import { folderOfFile } from '../../support/folders.ts'
import { wrongUsage } from '../../support/wrong-usage.ts'

const workspace = folderOfFile('usage')

/** What a line ends with before anything is opened: some are refused when they are read, others by the command. */
async function obey(words: string[]): Promise<unknown> {
  const line = readCommandLine(words)
  if (line.kind !== 'run') return line.kind
  return (await line.command.load())({
    values: { ...line.values, workspace },
    positionals: line.positionals,
    json: true,
    progress: new ProgressLine(process.stderr),
    signal: new AbortController().signal,
  })
}

it.each(wrongUsage)('%j is wrong usage, in one sentence', async (...words) => {
  const refused = await obey(words).then(
    () => null,
    (error: unknown) => error,
  )
  expect(refused).toBeInstanceOf(UsageError)
  expect((refused as UsageError).message).toMatch(/^[^\n]+\.$/)
})
