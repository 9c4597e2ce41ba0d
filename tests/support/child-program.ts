import { existsSync, mkdtempSync, renameSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { entryFile, loaderFlags } from '../../main/processes/entry-file.ts'

const root = resolve(import.meta.dirname, '../..')

/** What looks for files beside its source finds them. */
const fromItsOwnPlace = {
  name: 'from-its-own-place',
  transform: (code: string, id: string) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
}

/**
 * A program of the tests, for a process of its own, as one file that starts in a tenth of the time that loading the
 * sources takes. It is made once in a run of the tests.
 * @param source below the root.
 */
export async function childProgram(source: string): Promise<string> {
  // The folder of the run.
  const programs = join(tmpdir(), `program-${basename(source, '.ts')}`)
  const program = join(programs, 'program.mjs')
  if (existsSync(program)) return program
  const making = mkdtempSync(`${programs}-`)
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [fromItsOwnPlace],
    build: {
      ssr: join(root, source),
      outDir: making,
      target: 'node20.19',
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  // Packages are found from where the program lies.
  symlinkSync(join(root, 'node_modules'), join(making, 'node_modules'), 'junction')
  try {
    renameSync(making, programs)
    return program
  } catch {
    // Another test file has made it at the same time.
    return join(making, 'program.mjs')
  }
}

/**
 * Node's words that run the command line in a process of its own: as it is built where the tests know of that, else
 * from its sources, which takes seconds to load.
 * @param preloaded modules that run before it.
 */
export function commandLineWords(...preloaded: string[]): string[] {
  const entry = entryFile('../hosts/cli/lfvila.ts', 'lfvila.js')
  return [...loaderFlags(entry), ...preloaded.flatMap(module => ['--import', module]), entry]
}
