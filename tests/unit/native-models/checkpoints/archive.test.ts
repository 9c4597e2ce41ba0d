import { open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { legacyTorch, oneTensor, pickle, torchZip } from '../../../support/models/pickles.ts'
import { inFolder, refused, refusedPath } from './refusals.ts'
import { zipArchive } from './zip-archive.ts'

const w = oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85')
const storage = { 'x/data/0': Buffer.from(Float32Array.of(1, 2).buffer) }
const checkpoint = torchZip(w, storage)
const release = {
  'release/README.md': Buffer.from('weights of the paper'),
  'release/vocab.txt': Buffer.from('[PAD]\n'),
  'release/stage1/mp_rank_00_model_states.pt': checkpoint,
}

const scratch = folderOfFile('scratch')

async function values(path: string): Promise<number[]> {
  const opened = await openCheckpoint(path, { scratch })
  try {
    // Unpacked or not, nothing has a name in the folder by now, so nothing can be left there.
    expect(await readdir(scratch)).toEqual([])
    return Array.from(await opened.tensors.get('w')!.read(), Number)
  } finally {
    await opened.close()
  }
}

describe('a checkpoint inside an archive', () => {
  test.each([
    ['stored', zipArchive(release)],
    ['deflated', zipArchive(release, { deflated: true })],
    ['stored, ZIP64', zipArchive(release, { zip64: true })],
    ['deflated, ZIP64', zipArchive(release, { deflated: true, zip64: true })],
    ['of the old format', zipArchive({ 'release/pytorch_model.bin': legacyTorch(w) }, { deflated: true })],
  ])('is read without a name when it is the only one: %s', async (_name, archive) => {
    expect(await values(await inFolder('release.zip', archive))).toEqual([1, 2])
  })

  test.each([false, true])('is read where it lies beyond 4 GiB, deflated: %s', async deflated => {
    const start = 5 * 2 ** 30
    const path = await inFolder('large.zip', Buffer.from('PK\x03\x04'))
    const file = await open(path, 'r+')
    await file.write(zipArchive(release, { deflated, zip64: true, start }), 0, undefined, start)
    await file.close()
    expect(await values(path)).toEqual([1, 2])
  })

  const several = { ...release, 'release/stage2/pytorch_model.bin': legacyTorch(w, { values: Float32Array.of(3, 4) }) }
  test('is read by its name when there are several', async () => {
    const path = await inFolder('several.zip', zipArchive(several))
    expect(await values(`${path}::release/stage2/pytorch_model.bin`)).toEqual([3, 4])
    expect(await values(`${path}::release\\stage1\\mp_rank_00_model_states.pt`)).toEqual([1, 2])
    // The end of its path will do where no other has it.
    expect(await values(`${path}::pytorch_model.bin`)).toEqual([3, 4])
    expect(await values(`${path}::stage2/pytorch_model.bin`)).toEqual([3, 4])
    await expect(values(`${path}::model.bin`)).rejects.toThrow(/has no model\.bin/)
    expect(await refusedPath(path)).toMatch(
      /holds 2 checkpoints.*several\.zip::release\/stage1\/mp_rank_00_model_states\.pt: release\/stage1\/mp_rank_00_model_states\.pt, release\/stage2\/pytorch_model\.bin\.$/,
    )
    await expect(openCheckpoint(`${path}::release/none.bin`)).rejects.toThrow(
      /several\.zip has no release\/none\.bin; its checkpoints are: release\/stage1/,
    )
  })

  test('a file whose own name has two colons is read as such', async () => {
    expect(await values(await inFolder('odd::name.bin', checkpoint))).toEqual([1, 2])
  })

  test('is named with its archive when something is wrong with it', async () => {
    const path = await inFolder('hostile.zip', zipArchive({ 'a/model.bin': torchZip('cos\nsystem\n)R.') }))
    await expect(openCheckpoint(path)).rejects.toThrow(
      /hostile\.zip::a\/model\.bin is not a usable checkpoint: it refers to os\.system/,
    )
  })

  test('leaves nothing behind when it is refused or cancelled', async () => {
    const path = await inFolder(
      'refused.zip',
      zipArchive({ 'model.bin': Buffer.from('no weights at all, only words') }, { deflated: true }),
    )
    await expect(openCheckpoint(path, { scratch })).rejects.toThrow(/neither a PyTorch/)
    await expect(openCheckpoint(path, { scratch, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(await readdir(scratch)).toEqual([])
  })
})

describe('an archive made to mislead is refused', () => {
  const model = { 'model.bin': checkpoint }
  const bomb = { 'model.bin': Buffer.alloc(80 * 2 ** 20) }
  test.each([
    [
      'without a checkpoint',
      zipArchive({ 'photo.jpg': new Uint8Array(9) }),
      /zip archive without a checkpoint: neither the data\.pkl/,
    ],
    ['an archive in an archive', zipArchive({ 'inner.bin': zipArchive(model) }), /without the data\.pkl/],
    [
      'a path that leads out',
      zipArchive({ '../../etc/model.bin': checkpoint }),
      /entry \.\.\/\.\.\/etc\/model\.bin leads out of the archive/,
    ],
    [
      'an absolute path',
      zipArchive({ '/etc/model.bin': checkpoint }),
      /entry \/etc\/model\.bin leads out of the archive/,
    ],
    [
      'a name given twice',
      zipArchive([
        ['model.bin', checkpoint],
        ['model.bin', checkpoint],
      ]),
      /two entries named model\.bin/,
    ],
    [
      'entries that overlap',
      zipArchive({ ...model, 'other.bin': checkpoint }, { lies: { 'other.bin': { offset: 0 } } }),
      /overlaps with the next/,
    ],
    [
      'an entry beyond the end',
      zipArchive(model, { lies: { 'model.bin': { size: 1e9 } } }),
      /model\.bin overlaps with the next or reaches beyond the end/,
    ],
    [
      'an entry of 2⁶² bytes',
      zipArchive(model, { zip64: true, lies: { 'model.bin': { size: 2 ** 62 } } }),
      /reaches beyond the end/,
    ],
    [
      'an entry that begins beyond 2⁵³',
      zipArchive(model, { zip64: true, lies: { 'model.bin': { offset: 2 ** 62 } } }),
      /reaches beyond the end/,
    ],
    [
      'a size above the truth',
      zipArchive(model, { deflated: true, lies: { 'model.bin': { size: checkpoint.length + 1 } } }),
      /cannot be unpacked to the \d+ bytes/,
    ],
    [
      'a size below the truth',
      zipArchive(model, { deflated: true, lies: { 'model.bin': { size: checkpoint.length - 1 } } }),
      /cannot be unpacked to the \d+ bytes/,
    ],
    ['a bomb', zipArchive(bomb, { deflated: true }), /claims to unpack to \d+ times its size, as no weights do/],
    [
      'a bomb that says it is none',
      zipArchive(bomb, { deflated: true, lies: { 'model.bin': { size: 1000 } } }),
      /cannot be unpacked to the 1000 bytes/,
    ],
    [
      'an encrypted entry',
      zipArchive(model, { deflated: true, lies: { 'model.bin': { encrypted: true } } }),
      /model\.bin is encrypted/,
    ],
    [
      'a truncated archive',
      zipArchive(release).subarray(0, -40),
      /incomplete: the table of contents at its end is missing/,
    ],
    [
      'a directory that is noise',
      Buffer.concat([zipArchive(model).subarray(0, 30), zipArchive(model).subarray(-22)]),
      /incomplete|damaged/,
    ],
    [
      'overlapping storages',
      zipArchive(
        { 'x/data.pkl': pickle(w), ...storage, 'x/data/1': new Uint8Array(8) },
        { lies: { 'x/data/1': { offset: 0 } } },
      ),
      /overlaps with the next/,
    ],
  ])('%s', async (_name, archive, reason) => {
    expect(await refused('misleading.zip', archive)).toMatch(reason)
  })

  test('a damaged member is found by its checksum', async () => {
    const archive = zipArchive(release, { deflated: true })
    // The last byte of the packed data of the last member, just before the directory.
    const directory = archive.indexOf('PK\x01\x02')
    archive[directory - 20]! ^= 0x10
    expect(await refused('damaged.zip', archive)).toMatch(/cannot be unpacked/)
  })

  test('a member named in what is no archive', async () => {
    const path = join(scratch, 'plain.safetensors')
    await writeFile(path, 'no archive')
    await expect(openCheckpoint(`${path}::model.bin`)).rejects.toThrow(/plain\.safetensors is not a zip archive/)
    await rm(path)
  })
})
