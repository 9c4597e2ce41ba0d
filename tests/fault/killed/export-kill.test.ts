import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { importing, writeTinyModel } from '../../promises/support/tiny-model.ts'
import { commandLineWords } from '../../support/child-program.ts'
import { folderOfFile } from '../../support/folders.ts'
import { commandLine } from '../../support/models/models.ts'

const home = folderOfFile('export-kill')
let workspace = ''
let lfvila: ReturnType<typeof commandLine>
beforeAll(async () => {
  workspace = join(home, 'workspace')
  lfvila = commandLine(workspace)
  await lfvila(...importing(await writeTinyModel(home, 'pretrain-stage1'), 'tiny'))
}, 120_000)

/** Has a process killed, as `kill -9`, at its `count`th renaming of an export. */
const killing = (count: number): string =>
  `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs/promises'
  import { syncBuiltinESMExports } from 'node:module'
  const { rename } = fs
  let left = ${count}
  fs.rename = async (from, to) => {
    if ((from + to).includes('.lfvila-export-') && --left === 0) process.kill(process.pid, 'SIGKILL')
    return rename(from, to)
  }
  syncBuiltinESMExports()
`)}`

function killed(words: readonly string[], count: number): void {
  const line = [...commandLineWords(killing(count)), ...words, '--workspace', workspace]
  expect(spawnSync(process.execPath, line, { stdio: 'ignore', timeout: 120_000 }).signal).toBe('SIGKILL')
}

/** What lies at a path: the digest of a file, or of every file of a folder by its name; null when nothing is there. */
async function content(at: string): Promise<unknown> {
  const names = await readdir(at).catch(() => null)
  if (names) {
    return Object.fromEntries(await Promise.all(names.sort().map(async name => [name, await content(join(at, name))])))
  }
  return readFile(at).then(
    bytes => createHash('sha256').update(bytes).digest('hex'),
    () => null,
  )
}

/** Whatever runs jobs next meets what the kill has left; what lies beside an export begins with a dot. */
const another = () =>
  lfvila('model', 'export', 'tiny', '--format', 'safetensors', '--out', join(home, 'another'), '--overwrite')
const besides = async () => (await readdir(home)).filter(name => name.includes('lfvila-export'))

it.each([
  ['torch', 'before the new file takes its place', 1],
  ['onnx', 'before the old folder steps aside', 1],
  ['onnx', 'when the old folder has stepped aside', 2],
] as const)(
  'an export as %s that is killed %s leaves the old one whole, and is not done later',
  async (format, _when, count) => {
    const out = join(home, `out-${format}-${count}`)
    const exporting = ['model', 'export', 'tiny', '--format', format, '--out', out]
    await lfvila(...exporting)
    const old = await content(out)
    killed([...exporting, '--overwrite'], count)
    expect(await besides()).not.toEqual([])
    await another()
    expect(await content(out)).toEqual(old)
    expect(await besides()).toEqual([])
  },
  300_000,
)

it('what the user has put there since the kill stays', async () => {
  const out = join(home, 'mine.bin')
  const exporting = ['model', 'export', 'tiny', '--format', 'torch', '--out', out, '--overwrite']
  await lfvila(...exporting)
  killed(exporting, 1)
  await writeFile(out, 'my notes')
  await another()
  expect(await readFile(out, 'utf8')).toBe('my notes')
  expect(await besides()).toEqual([])
}, 300_000)
