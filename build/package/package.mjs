// `npm run package`: the installers, with an ffmpeg that was checked. Words behind `--` go to electron-builder.
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildBundles, fail, root } from '../prepare.mjs'
import { obtainFfmpeg, statedArchives } from './ffmpeg.mjs'

/** Where the ffmpeg of each system lies that is packaged, from the root on; electron-builder looks there. */
const ffmpegFolder = join('dist', 'ffmpeg')
const words = process.argv.slice(2)
const asked = (...names) => words.some(word => names.includes(word))

/** Systems and processors that electron-builder is asked for; by default those of this machine. */
function targets() {
  const platforms = [
    ...(asked('--linux', '-l') ? ['linux'] : []),
    ...(asked('--mac', '--macos', '-m', '-o') ? ['darwin'] : []),
    ...(asked('--win', '--windows', '-w') ? ['win32'] : []),
  ]
  const processors = ['x64', 'arm64'].filter(arch => asked(`--${arch}`))
  return (platforms.length > 0 ? platforms : [process.platform]).flatMap(platform =>
    (processors.length > 0 ? processors : [platform === 'darwin' ? 'arm64' : process.arch]).map(
      arch => `${platform}-${arch}`,
    ),
  )
}

/** What whoever publishes says in the environment, in electron-builder's words. */
function fromEnvironment() {
  const { LFVILA_HOMEPAGE: homepage, LFVILA_UPDATE_URL: updates } = process.env
  if (updates && !/^https:\/\//.test(updates)) fail('LFVILA_UPDATE_URL must begin with https://: updates are programs.')
  return [
    ...(homepage ? [`-c.extraMetadata.homepage=${homepage}`] : []),
    ...(updates ? ['-c.publish.provider=generic', `-c.publish.url=${updates}`] : []),
  ]
}

const published = fromEnvironment()
const makesDeb = !asked('--dir', 'dir') && targets().some(target => target.startsWith('linux'))
if (makesDeb && !process.env.LFVILA_HOMEPAGE && !words.some(word => word.includes('homepage'))) {
  fail('A deb names the address of its project: set LFVILA_HOMEPAGE=https://…')
}
try {
  for (const target of targets()) {
    const folder = join(root, ffmpegFolder, target)
    const archives = await statedArchives(target)
    if (archives.length > 0) console.log(`ffmpeg ${await obtainFfmpeg(archives, target, folder)} for ${target}.`)
    else await rm(folder, { recursive: true, force: true })
  }
} catch (error) {
  fail(error.message)
}
if (!buildBundles({ always: true })) fail('The build failed, see above.')
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
const configuration = ['-c', join('build', 'package', 'electron-builder.yml')]
const { status } = spawnSync(
  process.execPath,
  [builder, ...configuration, '--publish', 'never', ...published, ...words],
  { cwd: root, stdio: 'inherit', env: { ...process.env, LFVILA_PACKAGED_FFMPEG: ffmpegFolder } },
)
process.exit(status ?? 1)
