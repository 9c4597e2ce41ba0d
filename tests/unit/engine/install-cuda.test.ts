import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { folderOfTest } from '../../support/folders.ts'

const root = join(import.meta.dirname, '../../..')
const require = createRequire(import.meta.url)

/**
 * What the package's own script asks of the feed, answered here: its index, the versions of a package, and the package.
 */
function standInFeed(archive: Buffer) {
  return createServer((request, response) => {
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url === '/v3/index.json') {
      json({ resources: [{ '@type': 'PackageBaseAddress/3.0.0', '@id': 'https://feed.invalid/packages/' }] })
    } else if (request.url?.endsWith('/index.json')) {
      json({ versions: ['1.30.0'] })
    } else if (request.url?.endsWith('.nupkg')) {
      response.end(archive)
    } else {
      response.writeHead(404).end()
    }
  })
}

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'one command fetches the CUDA libraries, also under npm in a project that skips them when installing',
  async () => {
    const folder = folderOfTest('install-cuda')
    const libraries = [
      'libonnxruntime_providers_cuda.so',
      'libonnxruntime_providers_shared.so',
      'libonnxruntime_providers_tensorrt.so',
    ]
    const Archive = require('adm-zip') as new () => { addFile(name: string, content: Buffer): void; toBuffer(): Buffer }
    const archive = new Archive()
    for (const name of libraries) archive.addFile(`runtimes/linux-x64/native/${name}`, Buffer.from(`library ${name}`))
    const feed = standInFeed(archive.toBuffer())
    await new Promise<void>(resolve => {
      feed.listen(0, '127.0.0.1', resolve)
    })
    try {
      // A copy of the package, so that no stand-in library comes near the real one.
      const copy = join(folder, 'node_modules/onnxruntime-node')
      await mkdir(join(folder, 'build'), { recursive: true })
      await cp(join(root, 'build/install-cuda.mjs'), join(folder, 'build/install-cuda.mjs'))
      const installed = dirname(require.resolve('onnxruntime-node/package.json'))
      await cp(join(installed, 'script'), join(copy, 'script'), { recursive: true })
      await cp(join(installed, 'package.json'), join(copy, 'package.json'))
      for (const name of ['adm-zip', 'global-agent']) {
        await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
      }
      const { port } = feed.address() as AddressInfo
      await writeFile(
        join(folder, 'feed.cjs'),
        `
      const [http, https] = [require('node:http'), require('node:https')]
      https.get = (url, ...rest) => http.get('http://127.0.0.1:${port}' + new URL(url).pathname, rest.find(one => typeof one === 'function'))
    `,
      )
      const environment = {
        ...process.env,
        NODE_OPTIONS: `--require ${join(folder, 'feed.cjs')}`,
        npm_config_onnxruntime_node_install: 'skip',
        npm_config_local_prefix: root,
        npm_package_json: join(root, 'package.json'),
      }
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'build/install-cuda.mjs')], {
        env: environment,
      })
      expect(stdout).toContain('The CUDA libraries are installed')
      const place = join(copy, 'bin/napi-v6/linux/x64')
      expect((await readdir(place)).sort()).toEqual(libraries)
      expect(await readFile(join(place, libraries[0]!), 'utf8')).toBe(`library ${libraries[0]}`)

      await rm(place, { recursive: true })
      feed.close()
      feed.closeAllConnections()
      await expect(
        promisify(execFile)(process.execPath, [join(folder, 'build/install-cuda.mjs')], { env: environment }),
      ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('could not be fetched') })
    } finally {
      feed.close()
    }
  },
)
