import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import type { CommandResult } from '../../../main/hosts/cli/terminal/command.ts'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'
import { ModelRegistry } from '../../../main/models/registry/registry.ts'
import { folderOfTest } from '../folders.ts'

export const tinyA = join(import.meta.dirname, '../../fixtures/tiny-a')

/** The commands of `lfvila` on a workspace, in this process: each resolves to its JSON document. */
export function commandLine(workspace: string) {
  const told = commandText(workspace)
  return async <Json>(...words: string[]): Promise<Json> => (await told(...words))?.json as Json
}

/** As {@link commandLine}, with what people read as well. */
export function commandText(workspace: string) {
  return async (...words: string[]): Promise<CommandResult | null> => {
    const line = readCommandLine([...words, '--workspace', workspace])
    if (line.kind !== 'run') throw new Error(`${words.join(' ')} is no command`)
    const command = await line.command.load()
    return command({
      values: line.values,
      positionals: line.positionals,
      json: true,
      progress: new ProgressLine(process.stderr),
      signal: new AbortController().signal,
    })
  }
}

export async function emptyRegistry(): Promise<{ registry: ModelRegistry; folder: string }> {
  const workspace = folderOfTest('models')
  return { registry: new ModelRegistry(workspace), folder: join(workspace, 'models') }
}

/** An engine of one test, closed at its end. */
export function startEngine(environment: Record<string, string> = {}, device = 'cpu'): Engine {
  const engine = new Engine({ launch: forkLauncher(environment), device })
  onTestFinished(() => engine.close())
  return engine
}
