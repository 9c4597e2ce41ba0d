// Finds Electron's executable. The npm package brings none: it is downloaded at the first launch.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const electron = join(root, 'node_modules', 'electron')
const platformPath =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron'
const answerWithin = 5_000
const downloadWithin = 15 * 60_000

/** The executable that is already there, or null. */
export function installedElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (folder) return existsSync(join(folder, platformPath)) ? join(folder, platformPath) : null
  const executable = join(electron, 'dist', platformPath)
  return existsSync(executable) && existsSync(join(electron, 'path.txt')) ? executable : null
}

/**
 * The executable, downloaded if need be: `{ path }`, or `{ reason }` in words. Gives up within seconds when nothing
 * answers.
 */
export async function obtainElectron() {
  const present = installedElectron()
  if (present) return { path: present }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return { reason: `ELECTRON_OVERRIDE_DIST_PATH holds no ${platformPath}` }
  const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8'))
  if (!isCached(version)) {
    const problem = await unreachable(version)
    if (problem) return { reason: `Electron's program could not be downloaded (${problem})` }
  }
  console.log(`Downloading Electron ${version} (once, about 110 MB) …`)
  const result = spawnSync(process.execPath, [join(electron, 'install.js')], {
    cwd: root,
    encoding: 'utf8',
    timeout: downloadWithin,
  })
  const downloaded = installedElectron()
  if (downloaded) return { path: downloaded }
  return {
    reason: `Electron's program could not be downloaded (${(result.error?.message ?? result.stderr.trim().split('\n')[0]) || `exit code ${result.status}`})`,
  }
}

function isCached(version) {
  const folder =
    process.env.electron_config_cache ??
    {
      darwin: join(homedir(), 'Library', 'Caches', 'electron'),
      win32: join(process.env.LOCALAPPDATA ?? homedir(), 'electron', 'Cache'),
    }[process.platform] ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron')
  const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some(name => name.endsWith(archive))
}

/** Why the download server does not answer, or null. Its own client would wait for minutes. */
async function unreachable(version) {
  const mirror =
    process.env.npm_config_electron_mirror ??
    process.env.ELECTRON_MIRROR ??
    'https://github.com/electron/electron/releases/download/'
  try {
    const response = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(answerWithin),
    })
    return response.ok ? null : `${new URL(mirror).host} answers ${response.status}`
  } catch (error) {
    return error.name === 'TimeoutError'
      ? `${new URL(mirror).host} did not answer within ${answerWithin / 1000} s`
      : (error.cause?.code ?? error.message)
  }
}
