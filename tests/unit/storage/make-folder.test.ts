import { spawnSync } from 'node:child_process'
import { stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder, makeFolderSync } from '../../../main/storage/files/make-folder.ts'
import { commandLineWords } from '../../support/child-program.ts'
import { folderOfFile } from '../../support/folders.ts'

const folder = folderOfFile('make-folder')

it.each([
  ['later', makeFolder],
  ['at once', makeFolderSync],
])('makes a folder and those above it, %s', async (name, make) => {
  const home = join(folder, name)
  const place = join(home, 'a', 'b', 'c')
  await make(place)
  await make(place)
  expect((await stat(place)).isDirectory()).toBe(true)
  await Promise.all([1, 2, 3, 4].map(() => make(join(place, 'd', 'e'))))
  await symlink(place, join(home, 'link'))
  await make(join(home, 'link', 'f'))
  expect((await stat(join(place, 'f'))).isDirectory()).toBe(true)
  const file = join(home, 'file')
  await writeFile(file, '')
  await expect(async () => make(file)).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(async () => make(join(file, 'g'))).rejects.toMatchObject({
    code: expect.stringMatching(/EEXIST|ENOTDIR/),
  })
})

// Node's own recursive mkdir never comes back from there, so that another process is asked, which can be ended.
it.runIf(process.platform === 'linux')('refuses a place where the system makes no folders, in a sentence', () => {
  const ask = (...words: string[]) =>
    spawnSync(process.execPath, [...commandLineWords(), ...words], { encoding: 'utf8', timeout: 60_000 })
  const { status, stderr } = ask('model', 'list', '--workspace', '/proc/nothing/here')
  expect(stderr).toMatch(/The workspace \/proc\/nothing\/here cannot be written \(ENOENT\): choose another folder/)
  expect(status).toBe(1)
  const workspace = join(folder, 'workspace')
  const demo = ask('demo', '/proc/nothing', '--stories', '1', '--workspace', workspace)
  expect(demo.stderr).toMatch(/cannot be written to \/proc\/nothing/)
  expect(demo.status).toBe(1)
})
