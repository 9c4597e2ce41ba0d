import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { KnownFiles } from '../../../main/media/known-files.ts'
import { folderOfTest } from '../../support/folders.ts'

it('what was read of a file is kept while the file does not change', async () => {
  const file = join(folderOfTest('known'), 'a.mkv')
  await writeFile(file, 'first')
  const known = new KnownFiles<number>(2)
  let reads = 0
  const ask = (path = file, part = 0) => known.get(path, part, async () => (reads += 1))
  expect([await ask(), await ask()]).toEqual([1, 1])
  // Another stream of it is something else.
  expect([await ask(file, 1), await ask()]).toEqual([2, 1])
  await writeFile(file, 'second')
  expect([await ask(), await ask()]).toEqual([3, 3])
  await utimes(file, 1, 1)
  expect([await ask(), await ask()]).toEqual([4, 4])
})

it('only what was used last is kept, and nothing that is not to be', async () => {
  const folder = folderOfTest('known')
  const [one, two, three] = ['1', '2', '3'].map(name => join(folder, name)) as [string, string, string]
  for (const file of [one, two, three]) await writeFile(file, file)
  let reads = 0
  const read = async () => (reads += 1)
  const known = new KnownFiles<number>(2)
  for (const file of [one, two, one, three]) await known.get(file, 0, read)
  expect(reads).toBe(3)
  expect([await known.get(one, 0, read), await known.get(two, 0, read)]).toEqual([1, 4])
  const choosy = new KnownFiles<number>(2, value => value > 5)
  for (const _ of [5, 6]) await choosy.get(one, 0, read)
  expect([reads, await choosy.get(one, 0, read)]).toEqual([6, 6])
  // A file that is gone is left to its reader to complain of.
  expect(await known.get(join(folder, 'gone'), 0, read)).toBe(7)
})
