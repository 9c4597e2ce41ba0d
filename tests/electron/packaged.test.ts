import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fuses, nativeFiles } from '../../build/package/after-pack.mjs'
import { onPath } from '../../build/prepare.mjs'
import { findExecutable } from '../../main/media/ffmpeg/executables.ts'
import { lfvila } from '../e2e/support/product.ts'
import { folderOfFile } from '../support/folders.ts'
import { text, torchZip } from '../support/models/pickles.ts'
import { drawVideo } from '../support/videos/ffmpeg.ts'
import { DesktopApp } from './desktop-app.ts'
import { writeDistribution, writeFpm } from './packaging/distribution.ts'

/**
 * electron-builder packs the built app for this Linux into a distribution of Electron that the test made, and what
 * comes out is looked at and started. The installers of other systems are made there.
 */
const home = folderOfFile('packaged')
const root = resolve(import.meta.dirname, '../..')
const target = `linux-${process.arch}`
const unpacked = join(home, 'dist', process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`)
const resources = join(unpacked, 'resources')
const program = join(unpacked, 'lfvila-workbench')
const ffmpegFolder = join(home, 'ffmpeg')

/** Bytes below a folder. */
function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => statSync(join(folder, name)))
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
}

describe.skipIf(process.platform !== 'linux')('the packaged app', () => {
  let archive: string[]
  let app: DesktopApp | null = null

  beforeAll(async () => {
    const [distribution, fpm] = [join(home, 'electron'), join(home, 'fpm.mjs')]
    await writeDistribution(distribution)
    await writeFpm(fpm)
    // A link: the programs themselves are those of this machine.
    await mkdir(join(ffmpegFolder, target), { recursive: true })
    for (const tool of ['ffmpeg', 'ffprobe'] as const) {
      const script = `#!/bin/sh\nexec '${await findExecutable(tool)}' "$@"\n`
      await writeFile(join(ffmpegFolder, target, tool), script, { mode: 0o755 })
    }
    await writeFile(join(ffmpegFolder, target, 'LICENSE.txt'), 'A licence\n')
    await writeFile(
      join(ffmpegFolder, target, 'build.json'),
      JSON.stringify({
        version: '7.1',
        archives: [{ address: 'https://example.org/f.tar.xz', sha256: 'a'.repeat(64) }],
      }),
    )
    const settings = {
      'directories.output': join(home, 'dist'),
      electronDist: distribution,
      'extraMetadata.homepage': 'https://example.org/lfvila',
      'publish.provider': 'generic',
      'publish.url': 'https://example.org/updates',
    }
    const words = ['-c', 'build/package/electron-builder.yml', '--publish', 'never', '--linux', 'dir', 'deb']
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/electron-builder/cli.js'),
        ...words,
        ...Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`),
      ],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, LFVILA_PACKAGED_FFMPEG: relative(root, ffmpegFolder), CUSTOM_FPM_PATH: fpm },
      },
    )
    expect(status, `${stdout}${stderr}`).toBe(0)
    archive = listPackage(join(resources, 'app.asar'), { isPack: false })
  }, 600_000)
  afterAll(() => app?.kill())

  it('has the native files of this system and no other', () => {
    const places = new Set(nativeFiles(resources).map(dirname))
    expect([...places].sort()).toEqual([
      `node_modules/@lancedb/lancedb-${target}-gnu`,
      `node_modules/@libsql/${target}-gnu`,
      `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}`,
    ])
    console.log(`Packaged: ${Math.round(sizeOf(resources) / 1e6)} MB of resources.`)
    // Where they are not stripped, the symbols of the vector store alone take 34 MB.
    expect(sizeOf(onPath('strip') ? resources : join(resources, 'app.asar.unpacked'))).toBeLessThan(260e6)
  })

  it('has the program and the model that ships, and nothing of its making', () => {
    for (const name of ['/out/main/electron.js', '/out/main/engine.js', '/out/main/reading.js', '/LICENSE']) {
      expect(archive).toContain(name)
    }
    expect(archive).toContain('/native-models/starter/weights/starter.safetensors')
    expect(archive.filter(name => /^\/(?:main|renderer|tests|build|docs)\//.test(name))).toEqual([])
    expect(
      archive.filter(name => /\.map$|\.d\.[mc]?ts$|node_modules\/(?:zod|vue|electron|vitest)\//.test(name)),
    ).toEqual([])
  })

  it('has every fuse as the configuration says', async () => {
    const wire = (await getCurrentFuseWire(program)) as unknown as Record<string, number>
    const states = Object.entries(fuses).map(([fuse, on]) => [FuseV1Options[Number(fuse)], on])
    expect(states.map(([name]) => [name, wire[FuseV1Options[name as keyof typeof FuseV1Options]] === 0x31])).toEqual(
      states,
    )
    expect(Object.fromEntries(states)).toMatchObject({
      RunAsNode: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      OnlyLoadAppFromAsar: true,
    })
  })

  it('names everything it is made of, with licences', () => {
    const bill = JSON.parse(readFileSync(join(resources, 'bill-of-materials.cdx.json'), 'utf8')) as {
      bomFormat: string
      components: { name: string; version: string; licenses?: unknown[] }[]
    }
    expect(bill.bomFormat).toBe('CycloneDX')
    const names = bill.components.map(({ name }) => name)
    // In node_modules; in the bundle of the program; in that of the window; beside them all.
    for (const name of ['@lancedb/lancedb', 'onnxruntime-node', 'zod', 'vue', 'chart.js', 'electron', 'ffmpeg']) {
      expect(names).toContain(name)
    }
    for (const name of ['vitest', 'typescript', 'electron-builder']) expect(names).not.toContain(name)
    expect(new Set(names).size).toBeGreaterThan(30)
    const licences = readFileSync(join(resources, 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    const unnamed = bill.components.filter(
      ({ name, version }) => !['electron', 'ffmpeg'].includes(name) && !licences.includes(`${name} ${version}: `),
    )
    expect(unnamed).toEqual([])
    expect(existsSync(join(unpacked, 'LICENSE.electron.txt'))).toBe(true)
    expect(existsSync(join(resources, 'ffmpeg', 'LICENSE.txt'))).toBe(true)
  })

  it('is in the deb, which names its project and where updates are', () => {
    const deb = readdirSync(join(home, 'dist')).find(name => name.endsWith('.deb')) ?? ''
    const fields = execFileSync('dpkg-deb', ['--field', join(home, 'dist', deb)], { encoding: 'utf8' })
    expect(fields).toMatch(/^Package: lfvila-workbench$/m)
    expect(fields).toMatch(/^Homepage: https:\/\/example\.org\/lfvila$/m)
    const files = execFileSync('dpkg-deb', ['--contents', join(home, 'dist', deb)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    for (const name of ['app.asar', 'ffmpeg/ffprobe', 'THIRD-PARTY-LICENSES.txt', 'bill-of-materials.cdx.json']) {
      expect(files).toContain(`/opt/LF-VILA Workbench/resources/${name}\n`)
    }
    expect(readFileSync(join(resources, 'app-update.yml'), 'utf8')).toContain('https://example.org/updates')
    expect(readFileSync(join(home, 'dist', 'latest-linux.yml'), 'utf8')).toContain(deb)
  })

  // Last, since it puts a folder in the archive's place.
  it('starts: with its natives, its readers, its ffmpeg, and an update only where it is asked for', async () => {
    // Electron looks into the archive; Node needs it as a folder.
    await rename(join(resources, 'app.asar'), join(home, 'app.asar'))
    await rename(join(resources, 'app.asar.unpacked'), join(home, 'app.asar.unpacked'))
    extractAll(join(home, 'app.asar'), join(resources, 'app.asar'))

    const workspace = join(home, 'workspace')
    // A workspace that is not new gets no demo library.
    await lfvila(workspace, 'model', 'list')
    app = new DesktopApp(workspace, { LFVILA_FFMPEG: '', LFVILA_FFPROBE: '', LFVILA_BUNDLES: '' }, program)
    await app.until(state => state.menuReady, 120_000)
    expect(await app.do('connect', 'app://workbench/', 'top')).toMatchObject({ host: 'electron', updates: true })
    expect((await app.do('request', 'app://workbench/')).body).toContain('<div id="app">')

    // Decoded by ffmpeg, embedded by the engine, kept in the vector store.
    const folder = join(home, 'videos')
    await drawVideo(join(folder, 'one.mp4'), 'testsrc=size=160x96:rate=10:duration=4', ['-pix_fmt', 'yuv420p'])
    await app.do('pickNext', folder)
    await app.do('menu', 'File', 'Open Folder…')
    await expect.poll(() => app?.do('search', 'a red circle'), { interval: 500 }).toEqual([join(folder, 'one.mp4')])
    // What strangers wrote is read in a process of its own.
    const [checkpoint, config] = [join(home, 'attack.bin'), join(home, 'config.json')]
    await writeFile(checkpoint, torchZip(`cposix\nsystem\n(${text('id')}tR.`))
    await writeFile(config, '{}')
    expect(await app.do('importModel', checkpoint, config)).toMatch(/attack\.bin is not .*refers to posix\.system/)
    const { forked } = await app.do('state')
    for (const name of ['engine.js', 'reading.js']) {
      expect(forked.map(({ entry }) => entry)).toContain(join(resources, 'app.asar', 'out', 'main', name))
    }
    const findings = await app.do('diagnose')
    expect(findings).not.toContainEqual(expect.objectContaining({ state: 'fault' }))
    expect(JSON.stringify(findings)).toContain(join(resources, 'ffmpeg', 'ffmpeg'))

    expect((await app.do('state')).updates).toEqual([])
    await app.do('changeSettings', { updates: true })
    const { updates, messages } = await app.until(state => state.updates.length === 2)
    expect(updates).toEqual(['check', 'download'])
    expect(messages).toEqual([expect.stringMatching(/^Version 99\.0\.0 is there/)])
    await app.do('closeWindow')
    expect(await app.exited).toBe(0)
  })
})
