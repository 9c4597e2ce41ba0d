import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'
import { ModelRegistry } from '../../../main/models/registry/registry.ts'

export const tinyA = join(import.meta.dirname, '../../fixtures/tiny-a')

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'models-test-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

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
  const workspace = await temporaryFolder()
  return { registry: new ModelRegistry(workspace), folder: join(workspace, 'models') }
}

export function startEngine(environment: Record<string, string> = {}, device = 'cpu'): Engine {
  const engine = new Engine({ launch: forkLauncher(environment), device })
  endings.push(() => engine.close())
  return engine
}
