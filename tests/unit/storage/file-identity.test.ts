import { createHash } from 'node:crypto'
import { copyFileSync, openSync, closeSync, ftruncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { blockPositions, contentIdentity } from '../../../main/storage/files/file-identity.ts'
import { folderOfFile } from '../../support/folders.ts'

const directory = folderOfFile('identity')

/** A file of zeros with some bytes set; only what is set takes space. */
function sparse(name: string, size: number, bytes: Record<number, number>): string {
  const file = join(directory, name)
  const handle = openSync(file, 'w')
  ftruncateSync(handle, size)
  for (const [position, value] of Object.entries(bytes)) writeSync(handle, Buffer.from([value]), 0, 1, Number(position))
  closeSync(handle)
  return file
}

it('is SHA-256 of the size and the whole of a small file', async () => {
  const file = join(directory, 'small')
  writeFileSync(file, 'some content')
  expect(await contentIdentity(file)).toBe(createHash('sha256').update('12\nsome content').digest('hex').slice(0, 32))
})

it('follows the content, not the name', async () => {
  const file = sparse('a', 10_000_000, { 5: 1 })
  copyFileSync(file, join(directory, 'b'))
  expect(await contentIdentity(join(directory, 'b'))).toBe(await contentIdentity(file))
})

it('tells files of several gigabytes apart by size, first, middle and last bytes, in little time', async () => {
  const size = 5_000_000_000
  const middle = blockPositions(size)[16] ?? 0
  const files = [
    sparse('g0', size, {}),
    sparse('g1', size + 1, {}),
    sparse('g2', size, { 0: 1 }),
    sparse('g3', size, { [size - 1]: 1 }),
    sparse('g4', size, { [middle]: 1 }),
  ]
  const begun = performance.now()
  const identities = await Promise.all(files.map(file => contentIdentity(file)))
  expect(new Set(identities).size).toBe(files.length)
  // 2 MiB are read of each; the whole would be 25 GB.
  expect(performance.now() - begun).toBeLessThan(5000)
})

it('reads evenly spaced blocks from the first byte to the last', () => {
  const size = 1_000_000_000
  const positions = blockPositions(size)
  expect(positions).toHaveLength(32)
  expect(positions[0]).toBe(0)
  expect(positions.at(-1)).toBe(size - 65536)
  const gaps = positions.slice(1).map((position, index) => position - (positions[index] ?? 0))
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1)
  expect(blockPositions(65536 * 32)).toEqual(Array.from({ length: 32 }, (_, index) => index * 65536))
})
