import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { ExpectedError } from '../../native-models/expected-error.ts'

export interface RendererFile {
  body: Uint8Array<ArrayBuffer>
  type: string
  /** Vite puts a hash of the content into the names below `assets/`, so these never change. */
  immutable: boolean
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/**
 * Every built file of the window by its URL path (`/`, `/assets/index-1a2b.js`), read once.
 * A request is a look-up in this map and never a path on the disk, so nothing else can be reached.
 * Throws ExpectedError when the window is not built.
 */
export async function readRendererFiles(folder: string): Promise<Map<string, RendererFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map<string, RendererFile>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(folder, path).split(sep).join('/')}`
    const body = new Uint8Array(await readFile(path))
    files.set(url, {
      body,
      type: types[extname(path)] ?? 'application/octet-stream',
      immutable: url.startsWith('/assets/'),
    })
  }
  const index = files.get('/index.html')
  if (!index) {
    throw new ExpectedError('not-built', `The window's files are missing in ${folder}: run \`npm run build\` once.`)
  }
  return files.set('/', index)
}
