// The programs that the tests drive: a Chromium, ffmpeg, ffprobe and Redis. Used where they are, installed where
// that is allowed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, onPath } from './prepare.mjs'

/** The executable of a Chromium, or null. */
export function findChromium() {
  const set = process.env.CHROMIUM_PATH
  if (set) return existsSync(set) ? set : null
  const usual =
    {
      darwin: [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ],
      win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
        .filter(Boolean)
        .flatMap(folder => [
          join(folder, 'Google/Chrome/Application/chrome.exe'),
          join(folder, 'Chromium/Application/chrome.exe'),
          join(folder, 'Microsoft/Edge/Application/msedge.exe'),
        ]),
    }[process.platform] ?? []
  return (
    onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    usual.find(path => existsSync(path)) ??
    null
  )
}

const tools = [
  {
    name: 'Chromium',
    package: 'chromium',
    find: findChromium,
    elsewhere: 'install Chromium or Chrome, or set CHROMIUM_PATH to its executable',
  },
  {
    name: 'ffmpeg',
    package: 'ffmpeg',
    find: () => process.env.LFVILA_FFMPEG ?? onPath('ffmpeg'),
    elsewhere:
      'install ffmpeg (macOS: brew install ffmpeg; Windows: winget install ffmpeg; Debian and Ubuntu: sudo apt-get install ffmpeg)',
  },
  {
    name: 'ffprobe',
    package: 'ffmpeg',
    find: () => process.env.LFVILA_FFPROBE ?? onPath('ffprobe'),
    elsewhere: 'install ffmpeg, which brings ffprobe',
  },
  {
    name: 'redis-server',
    package: 'redis-server',
    // There is none for Windows, where the tests that need it say so.
    find: () => (process.platform === 'win32' ? '' : onPath('redis-server')),
    elsewhere: 'install Redis (macOS: brew install redis; Debian and Ubuntu: sudo apt-get install redis-server)',
  },
]

/** Installs Debian's packages where one may; otherwise ends with what to install. */
export function installTools() {
  const missing = () => tools.filter(tool => tool.find() === null)
  const packages = [...new Set(missing().map(tool => tool.package))]
  if (packages.length === 0) return
  if (onPath('apt-get') && process.getuid?.() === 0) {
    console.log(`Installing ${packages.join(' and ')} (apt-get) …`)
    const apt = (...words) =>
      spawnSync('apt-get', words, {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    apt('update', '-q')
    apt('install', '-y', '-q', '--no-install-recommends', ...packages)
  }
  const still = missing()
  if (still.length > 0) {
    fail(`The tests need ${still.map(tool => tool.name).join(', ')}: ${still.map(tool => tool.elsewhere).join('; ')}.`)
  }
}
