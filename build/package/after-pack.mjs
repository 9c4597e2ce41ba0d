// What electron-builder calls when an app lies in its folder and is not yet signed: only this system's native files,
// the fuses, the licences and the bill of materials.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'
import { Arch } from 'electron-builder'
import { onPath, root } from '../prepare.mjs'
import { billOfMaterials, licenceText, packagesOf } from './contents.mjs'

/** Each fuse of Electron, and why it is as it is. docs/security.md has the same list. */
export const fuses = {
  // The program cannot be used as a bare Node; all processes of ours are utility processes.
  [FuseV1Options.RunAsNode]: false,
  // There are no cookies, and a key for them would ask the user for the system's key ring.
  [FuseV1Options.EnableCookieEncryption]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // On macOS and Windows; Linux has no place for the checksum.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The window comes from app:, never from file:.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
}

/** Native libraries beside the archive, from there on. */
export function nativeFiles(resources) {
  const folder = join(resources, 'app.asar.unpacked')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => /\.(?:node|dll|dylib|so(?:\.\d+)*)$/.test(name))
}

/** @throws when a library of this system is missing, or one of another is there. */
function checkNatives(resources, platform, arch) {
  const packages = { linux: `linux-${arch}-gnu`, darwin: `darwin-${arch}`, win32: `win32-${arch}-msvc` }[platform]
  const places = [
    [`@lancedb/lancedb-${packages}/`, /^node_modules\/@lancedb\/lancedb-/],
    [`@libsql/${packages}/`, /^node_modules\/@libsql\//],
    [`onnxruntime-node/bin/napi-v6/${platform}/${arch}/`, /^node_modules\/onnxruntime-node\/bin\//],
  ]
  const files = nativeFiles(resources)
  for (const [place, all] of places) {
    const own = `node_modules/${place}`
    const present = files.filter(name => all.test(name))
    const foreign = present.find(name => !name.startsWith(own))
    if (foreign !== undefined) throw new Error(`${foreign} is of another system than ${platform}-${arch}.`)
    if (present.length > 0) continue
    throw new Error(
      platform === 'darwin' && arch === 'x64'
        ? 'Intel Macs are not served: the vector store (LanceDB) has no build for them.'
        : `${place} is not installed: package for ${platform}-${arch} on such a machine, where npm installs it.`,
    )
  }
}

/**
 * Takes the names of functions out of Linux's libraries, which only a debugger reads: of the vector store's 202 MB they
 * take 34.
 */
function stripSymbols(resources) {
  const files = nativeFiles(resources).map(name => join(resources, 'app.asar.unpacked', name))
  if (!onPath('strip')) return console.log('The libraries keep their symbols: strip (binutils) is not installed.')
  const { status, stderr } = spawnSync('strip', ['--strip-unneeded', ...files], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The libraries could not be stripped: ${stderr}`)
}

async function setFuses(context) {
  const { packager, appOutDir, electronPlatformName } = context
  await packager.addElectronFuses(context, { version: FuseVersion.V1, ...fuses })
  const name = {
    linux: packager.executableName,
    darwin: `${packager.appInfo.productFilename}.app`,
    win32: `${packager.appInfo.productFilename}.exe`,
  }[electronPlatformName]
  const wire = await getCurrentFuseWire(join(appOutDir, name))
  for (const [fuse, on] of Object.entries(fuses)) {
    // A state is the letter 0 or 1.
    if (wire[fuse] !== (on ? 49 : 48)) throw new Error(`The fuse ${FuseV1Options[fuse]} is not ${on ? 'on' : 'off'}.`)
  }
}

/** What of the app is no package of npm. */
function otherComponents(resources) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'))
  const electron = {
    'bom-ref': `electron@${version}`,
    type: 'framework',
    name: 'electron',
    version,
    purl: `pkg:npm/electron@${version}`,
    licenses: [{ license: { id: 'MIT' } }],
  }
  const record = join(resources, 'ffmpeg', 'build.json')
  if (!existsSync(record)) return [electron]
  const ffmpeg = JSON.parse(readFileSync(record, 'utf8'))
  const bundled = {
    'bom-ref': `ffmpeg@${ffmpeg.version}`,
    type: 'application',
    name: 'ffmpeg',
    version: ffmpeg.version,
    purl: `pkg:generic/ffmpeg@${encodeURIComponent(ffmpeg.version)}`,
    externalReferences: ffmpeg.archives.map(({ address, sha256 }) => ({
      type: 'distribution',
      url: /^https?:/.test(address) ? address : basename(address),
      hashes: [{ alg: 'SHA-256', content: sha256 }],
    })),
  }
  return [electron, bundled]
}

export default async function afterPack(context) {
  const { packager, appOutDir, electronPlatformName, arch } = context
  const resources = packager.getResourcesDir(appOutDir)
  checkNatives(resources, electronPlatformName, Arch[arch])
  if (electronPlatformName === 'linux') stripSymbols(resources)
  const packages = packagesOf(join(resources, 'app.asar'))
  const bill = billOfMaterials(packages, otherComponents(resources))
  await writeFile(join(resources, 'THIRD-PARTY-LICENSES.txt'), licenceText(packages))
  await writeFile(join(resources, 'bill-of-materials.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)
  await setFuses(context)
}
