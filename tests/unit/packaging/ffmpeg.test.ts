import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { obtainFfmpeg, statedArchives } from '../../../build/package/ffmpeg.mjs'
import { findExecutable } from '../../../main/media/ffmpeg/executables.ts'
import { FileServer, serve, status } from '../../support/file-server.ts'
import { folderOfFile } from '../../support/folders.ts'

const home = folderOfFile('packaged-ffmpeg')
const server = new FileServer()
const here = `${process.platform}-${process.arch}`
let into: string
let count = 0

beforeAll(() => server.listen())
afterAll(() => server.close())
beforeEach(() => {
  into = join(home, `into ${count++}`, 'ffmpeg')
})

/** The first bytes of an executable for Linux on Arm. */
const foreign = Buffer.alloc(64)
foreign.write('\x7fELF', 'latin1')
foreign.writeUInt16LE(183, 18)

/** An archive with such files in a folder, as the publishers of ffmpeg make them. */
async function archive(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const folder = join(home, `files ${count++}`)
  await mkdir(join(folder, 'ffmpeg-7.1', 'bin'), { recursive: true })
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, 'ffmpeg-7.1', name), content)
  execFileSync('tar', ['-czf', join(folder, 'ffmpeg.tar.gz'), '-C', folder, 'ffmpeg-7.1'])
  return readFile(join(folder, 'ffmpeg.tar.gz'))
}

/** Serves an archive; its address, and its checksum unless another is stated. */
function published(content: Buffer, sha256?: string) {
  server.answers(serve({ content }))
  return [
    {
      address: `${server.url}/ffmpeg.tar.gz`,
      sha256: sha256 ?? createHash('sha256').update(content).digest('hex'),
    },
  ]
}

const foreignFiles = { 'bin/ffmpeg': foreign, 'bin/ffprobe': foreign, 'COPYING.GPLv3': 'A licence\n' }

describe('which ffmpeg is packaged', () => {
  it('is stated by whoever packages it, with its checksum', async () => {
    const [address, sha256] = ['https://example.org/ffmpeg.tar.xz', 'ab'.repeat(32)]
    expect(
      await statedArchives('linux-x64', { LFVILA_FFMPEG_ARCHIVE: address, LFVILA_FFMPEG_ARCHIVE_SHA256: sha256 }),
    ).toEqual([{ address, sha256 }])
    expect(await statedArchives('linux-x64', { LFVILA_FFMPEG_ARCHIVE: 'none' })).toEqual([])
  })

  it.each([undefined, '', 'abc', 'z'.repeat(64)])('is refused with %j in the place of a checksum', async sha256 => {
    const env = { LFVILA_FFMPEG_ARCHIVE: 'https://example.org/f.zip', LFVILA_FFMPEG_ARCHIVE_SHA256: sha256 }
    await expect(statedArchives('linux-x64', env)).rejects.toThrow(/f\.zip is not used without the SHA-256/)
  })

  it('is not left to chance', async () => {
    await expect(statedArchives('plan9-x64', {})).rejects.toThrow(/No ffmpeg is stated for plan9-x64.*=none/)
  })
})

describe('an archive of ffmpeg', () => {
  it('gives its programs, its licence and a record of where it is from', async () => {
    const archives = published(await archive(foreignFiles))
    expect(await obtainFfmpeg(archives, 'linux-arm64', into)).toBe('not run')
    expect(readdirSync(into).sort()).toEqual(['COPYING.GPLv3', 'build.json', 'ffmpeg', 'ffprobe'])
    expect(JSON.parse(readFileSync(join(into, 'build.json'), 'utf8'))).toEqual({ version: 'not run', archives })
    expect(readdirSync(join(into, '..'))).toEqual(['ffmpeg'])
  })

  it('is run where it can be, and says its version', async () => {
    const folder = join(home, 'own', 'bin')
    await mkdir(folder, { recursive: true })
    for (const tool of ['ffmpeg', 'ffprobe'] as const) {
      await copyFile(await findExecutable(tool), join(folder, process.platform === 'win32' ? `${tool}.exe` : tool))
    }
    await writeFile(join(folder, 'LICENSE'), 'A licence\n')
    const file = join(home, 'own.tar')
    execFileSync('tar', ['-cf', file, '-C', folder, '.'])
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    expect(await obtainFfmpeg([{ address: file, sha256 }], here, into)).toMatch(/\d/)
  })

  it('may be two, one for each program', async () => {
    const parts = [
      await archive({ 'bin/ffmpeg': foreign, LICENSE: 'A licence\n' }),
      await archive({ 'bin/ffprobe': foreign }),
    ]
    server.answers(...parts.map(content => serve({ content })))
    const archives = parts.map((content, index) => ({
      address: `${server.url}/${index}.tar.gz`,
      sha256: createHash('sha256').update(content).digest('hex'),
    }))
    await obtainFfmpeg(archives, 'linux-arm64', into)
    expect(readdirSync(into).sort()).toEqual(['LICENSE', 'build.json', 'ffmpeg', 'ffprobe'])
  })

  it.each([
    [
      'of another content',
      foreignFiles,
      'linux-arm64',
      '0'.repeat(64),
      /has the SHA-256 [0-9a-f]{64}, and 0{64} is stated/,
    ],
    ['without ffprobe', { 'bin/ffmpeg': foreign, LICENSE: '' }, 'linux-arm64', undefined, /holds no ffprobe/],
    [
      'without a licence',
      { 'bin/ffmpeg': foreign, 'bin/ffprobe': foreign },
      'linux-arm64',
      undefined,
      /holds no licence/,
    ],
    ['for another processor', foreignFiles, 'linux-x64', undefined, /made for linux-arm64, not linux-x64/],
    [
      'of scripts',
      { 'bin/ffmpeg': '#!/bin/sh\n'.repeat(9), 'bin/ffprobe': '#!/bin/sh\n', LICENSE: '' },
      'linux-x64',
      undefined,
      /made for another system, not linux-x64/,
    ],
  ] as const)('%s is refused, and nothing of it is kept', async (_, files, target, sha256, sentence) => {
    const archives = published(await archive(files), sha256)
    await expect(obtainFfmpeg(archives, target, into)).rejects.toThrow(sentence)
    expect(existsSync(into)).toBe(false)
    expect(readdirSync(join(into, '..'))).toEqual([])
  })

  it('that is not there is told with its address', async () => {
    const archives = published(Buffer.from('x'))
    server.answers(status(404))
    await expect(obtainFfmpeg(archives, 'linux-x64', into)).rejects.toThrow(/ffmpeg\.tar\.gz answers 404/)
  })
})
