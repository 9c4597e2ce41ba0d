import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'
import { ModelRegistry } from '../../../main/models/registry/registry.ts'
import { folderOfTest } from '../folders.ts'

export const tinyA = join(import.meta.dirname, '../../fixtures/tiny-a')

/** The commands of `lfvila` on a workspace, in this process: each resolves to its JSON document. */
export function commandLine(workspace: string) {
  return async <Json>(...words: string[]): Promise<Json> => {
    const line = readCommandLine([...words, '--workspace', workspace])
    if (line.kind !== 'run') throw new Error(`${words.join(' ')} is no command`)
    const command = await line.command.load()
    const result = await command({
      values: line.values,
      positionals: line.positionals,
      json: true,
      progress: new ProgressLine(process.stderr),
      signal: new AbortController().signal,
    })
    return result?.json as Json
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
