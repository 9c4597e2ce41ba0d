import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compileThreadEntry } from './compile.ts'

let known: Promise<string> | null = null

/**
 * Fingerprint of the code that writes programs, so that none of an earlier version is ever run: of the model's sources,
 * or of the whole bundle, which does not tell them apart. Half a megabyte, read once.
 */
export function programCode(): Promise<string> {
  known ??= fingerprint()
  return known
}

async function fingerprint(): Promise<string> {
  const entry = compileThreadEntry()
  const [folder, ending] = entry.endsWith('.ts')
    ? [join(dirname(entry), '../../native-models'), '.ts']
    : [dirname(entry), '.js']
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith(ending)).sort()
  const contents = await Promise.all(files.map(file => readFile(join(folder, file))))
  const hash = createHash('sha256')
  for (const content of contents) hash.update(content)
  return hash.digest('hex').slice(0, 12)
}
