import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Settings } from '../../api/app.ts'

/**
 * What a served window may not do. Who has its URL need not be the user who sits at the machine, and must neither run
 * programs there nor write wherever the user may. The desktop app and the command line are not confined.
 */
export interface Confinement {
  /** Exports are written below this folder and nowhere else. */
  readonly exportFolder: string
}

const programs = ['ffmpeg', 'ffprobe'] as const

/**
 * @throws ExpectedError when a program, or a place that is written to, is named that is not named so already.
 */
export function assertNoProgram(changes: Partial<Settings>, settings: Settings): void {
  if (changes.vectorStore !== undefined && changes.vectorStore !== settings.vectorStore) {
    throw new ExpectedError(
      'confined',
      'The vector store is not named in the browser, because whoever has its URL could have anything written: start the workbench with --store URI, or name it in the desktop app.',
    )
  }
  const named = programs.find(tool => changes[tool] !== undefined && changes[tool] !== settings[tool])
  if (named === undefined) return
  throw new ExpectedError(
    'confined',
    `Programs are not named in the browser, because whoever has its URL could run any: start the workbench with LFVILA_${named.toUpperCase()}=PATH, or name ${named} in the desktop app.`,
  )
}

/** @throws ExpectedError when a path is not below the folder of exports, be it by links. */
export async function assertExportPath(target: string, { exportFolder }: Confinement): Promise<void> {
  const refused = new ExpectedError(
    'confined',
    `In the browser exports go below ${exportFolder}; give a path there, start the workbench with --export-dir FOLDER, or export on its command line.`,
  )
  if (!isAbsolute(target)) throw refused
  const [home, place] = [await resolved(exportFolder), await resolved(target)]
  const within = relative(home, place)
  if (within === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) throw refused
}

/** A path with its links followed, as far as it exists. A link to nowhere counts as leading away. */
async function resolved(target: string): Promise<string> {
  const whole = resolve(target)
  try {
    return await realpath(whole)
  } catch (error) {
    const parent = dirname(whole)
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT' && !(await isLink(whole))
    if (parent === whole || !isAbsent) return parse(whole).root
    return join(await resolved(parent), basename(whole))
  }
}

async function isLink(target: string): Promise<boolean> {
  return lstat(target).then(
    entry => entry.isSymbolicLink(),
    () => false,
  )
}
