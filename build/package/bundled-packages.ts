import { mkdir, writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { Plugin } from 'vite'

/** The folder of the package that a module belongs to, from the repository on; null for our own. */
function packageOf(module: string): string | null {
  const file = module.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('\\', '/')
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? null
}

/**
 * Notes in `out/packages/NAME.json` which packages have become part of a bundle: they are distributed although no
 * folder of theirs is, so that their licences and the bill of materials must name them.
 * @param root the repository's folder; this file is part of the configuration by then and does not know its own.
 */
export function recordPackages(root: string, name: string): Plugin {
  return {
    name: 'record-packages',
    async writeBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap(output => (output.type === 'chunk' ? output.moduleIds : []))
      const folders = new Set(modules.map(packageOf).filter(folder => folder !== null))
      const listed = [...folders].map(folder => relative(root, folder).replaceAll('\\', '/')).sort()
      await mkdir(resolve(root, 'out/packages'), { recursive: true })
      await writeFile(resolve(root, `out/packages/${name}.json`), `${JSON.stringify(listed, null, 2)}\n`)
    },
  }
}
