import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/**
 * Names a folder of built bundles: processes and threads then begin there although this one runs from sources, which
 * saves each a second of loading.
 */
const bundlesVariable = 'LFVILA_BUNDLES'

/**
 * Where the code of another process or thread begins.
 * @param source file of the sources, relative to this one.
 * @param bundle file of the built bundle (this code may lie in a chunk folder there).
 */
export function entryFile(source: string, bundle: string): string {
  const bundles = process.env[bundlesVariable]
  const beside = [source, `./${bundle}`, `../${bundle}`].map(path => fileURLToPath(new URL(path, import.meta.url)))
  const candidates = bundles ? [resolve(bundles, bundle)] : beside
  const found = candidates.find(path => existsSync(path))
  if (!found) throw new Error(`A part of the program is missing: none of ${candidates.join(', ')} exists.`)
  return found
}

/**
 * Node flags under which a child process understands its entry when that is TypeScript, whatever loader this process
 * runs under (tsx, a test runner).
 */
export function loaderFlags(entry: string): string[] {
  return entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
}

/**
 * A thread that runs an entry. Flags of this process are not passed on: loaders among them do not work in a thread, so
 * an entry of TypeScript begins by loading its own.
 */
export function startThread(entry: string, workerData: unknown): Worker {
  const options = { workerData, execArgv: [] }
  if (!entry.endsWith('.ts')) return new Worker(entry, options)
  const [loader, target] = [import.meta.resolve('tsx/esm/api'), pathToFileURL(entry).href].map(url =>
    JSON.stringify(url),
  )
  const source = `import { register } from ${loader}; register(); await import(${target})`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), options)
}
