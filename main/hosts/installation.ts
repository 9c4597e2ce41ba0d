import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const manifest = z.object({ name: z.string(), version: z.string() })

/**
 * The folder of package.json, found upwards: this code runs from the sources, from a bundle and from an archive inside
 * an installed app.
 */
function findRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (dirname(folder) === folder) {
      throw new Error(`No package.json above ${import.meta.dirname}: the installation is incomplete.`)
    }
  }
}

export const installationRoot = findRoot()

export const version = manifest.parse(JSON.parse(readFileSync(join(installationRoot, 'package.json'), 'utf8'))).version

/** Where `npm run build` puts the window's files. */
export const rendererFolder = join(installationRoot, 'out', 'renderer')
