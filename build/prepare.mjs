// What both `npm start` and `npm test` need first, straight after a clone: packages, then the bundles. No dependencies
// here.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(fileURLToPath(import.meta.url), '../..')
const oldest = [20, 19]

/** Ends the process with one sentence; `code` 1 unless it is the user's command line that is wrong. */
export function fail(sentence, code = 1) {
  console.error(sentence)
  process.exit(code)
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  fail(
    `LF-VILA Workbench needs Node.js ${oldest.join('.')} or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
  )
}

/** `npm ci` when a package of the lockfile is missing from node_modules or has another version there. */
export function installPackages() {
  if (packagesMatch()) return
  console.log('Installing packages (npm ci) …')
  const npm = process.env.npm_execpath
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const result = npm
    ? spawnSync(process.execPath, [npm, ...words], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', words, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (result.status !== 0) {
    fail(
      'The packages could not be installed: npm says why above. The network may be down, or a proxy is needed (npm config set proxy URL).',
    )
  }
}

function packagesMatch() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  // Optional packages are those of other platforms.
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.peer || present[path]?.version === entry.version,
  )
}

const sources = ['main', 'native-models', 'renderer', 'electron.config.ts', 'package.json', 'package-lock.json']
const outputs = [
  'out/main/electron.js',
  'out/main/server.js',
  'out/main/engine.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
]

/**
 * Builds when a bundle is missing or older than a source. `always` builds in any case. Returns whether the bundles are
 * there.
 */
export function buildBundles({ always = false } = {}) {
  if (!always && bundlesAreFresh()) return true
  console.log('Building …')
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const result = spawnSync(process.execPath, [electronVite, 'build', '-c', 'electron.config.ts'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (result.status !== 0) console.error(`${result.stdout}${result.stderr}`)
  return result.status === 0
}

function bundlesAreFresh() {
  const paths = outputs.map(path => join(root, path))
  if (!paths.every(path => existsSync(path))) return false
  const built = Math.min(...paths.map(path => statSync(path).mtimeMs))
  return sources.every(path => newest(join(root, path)) <= built)
}

/** The latest change below a path; a deleted file shows in the time of its folder. */
function newest(path) {
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}

/** The first of `names` on the PATH, or null. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '')
    .split(process.platform === 'win32' ? ';' : ':')
    .filter(folder => folder !== '')
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const path = join(folder, name + ending)
        if (existsSync(path)) return path
      }
    }
  }
  return null
}

// `node build/prepare.mjs` builds what is stale, with the word `always` everything; the end-to-end tests begin with it.
const isProgram = process.argv[1] === fileURLToPath(import.meta.url)
if (isProgram && !buildBundles({ always: process.argv[2] === 'always' })) process.exit(1)
