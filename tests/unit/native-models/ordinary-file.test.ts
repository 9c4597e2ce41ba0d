import { execFileSync } from 'node:child_process'
import { appendFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOrdinaryFile, readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { folderOfFile } from '../../support/folders.ts'

const folder = folderOfFile('ordinary')
const at = (name: string) => join(folder, name)

describe('an ordinary file', () => {
  it('is read whole, and not beyond a limit, whatever it says of its size', async () => {
    writeFileSync(at('small'), 'x'.repeat(100))
    expect((await readOrdinaryFile(at('small'), 100, 'tests')).length).toBe(100)
    appendFileSync(at('small'), 'x')
    await expect(readOrdinaryFile(at('small'), 100, 'tests')).rejects.toThrow(`${at('small')} is too large for tests`)
    await expect(readOrdinaryFile(at('absent'), 100, 'tests')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.skipIf(process.platform !== 'linux')(
    'of the kernel says it has no bytes, and is bounded all the same',
    async () => {
      expect((await readOrdinaryFile('/proc/self/status', 1e6, 'tests')).toString()).toContain('Pid:')
      await expect(readOrdinaryFile('/proc/self/status', 10, 'tests')).rejects.toMatchObject({ code: 'file-too-large' })
    },
  )

  it.skipIf(process.platform === 'win32')('is no pipe, socket or device, nor a link to one, nor a folder', async () => {
    execFileSync('mkfifo', [at('pipe')])
    symlinkSync('/dev/zero', at('zeros'))
    symlinkSync(at('pipe'), at('link to the pipe'))
    const server = createServer().listen(at('socket'))
    try {
      for (const name of ['pipe', 'zeros', 'link to the pipe', 'socket']) {
        await expect(openOrdinaryFile(at(name))).rejects.toMatchObject({
          code: 'not-a-file',
          message: expect.stringContaining(`${at(name)} is no ordinary file`),
        })
        await expect(readOrdinaryFile(at(name), 100, 'tests')).rejects.toMatchObject({ code: 'not-a-file' })
      }
      await expect(openOrdinaryFile(folder)).rejects.toThrow(`${folder} is a folder`)
    } finally {
      server.close()
    }
  })
})

describe.skipIf(process.platform === 'win32')('what is named by someone and read', () => {
  const readers: [name: string, read: (file: string) => Promise<unknown>][] = [
    [
      'a checkpoint',
      async file => (await import('../../../native-models/checkpoints/checkpoint.ts')).openCheckpoint(file),
    ],
    ['a vocabulary', async file => (await import('../../../native-models/tokenizer/tokenizer.ts')).readTokenizer(file)],
    ['an array', async file => (await import('../../../main/verify/npy.ts')).readNpy(file)],
    ['a fixture', async file => (await import('../../../main/verify/fixture.ts')).readFixture(file)],
    ['a table', async file => (await import('../../../main/training/data/files/text-file.ts')).openTextFile(file)],
    ['an LMDB', async file => (await import('../../../main/training/data/files/lmdb.ts')).lmdbEntries(file).next()],
  ]
  it.each(readers)('as %s is refused when it is a pipe or a device', async (_, read) => {
    const [pipe, zeros] = [
      at(`pipe ${readers.findIndex(([, each]) => each === read)}.json`),
      at(`zeros ${readers.findIndex(([, each]) => each === read)}.json`),
    ]
    execFileSync('mkfifo', [pipe])
    symlinkSync('/dev/zero', zeros)
    await expect(read(pipe)).rejects.toThrow(pipe)
    await expect(read(zeros)).rejects.toThrow(zeros)
  })
})
