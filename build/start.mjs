// `npm start`: opens the desktop app, or serves the same window where there can be none.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { obtainElectron } from './electron-binary.mjs'
import { buildBundles, checkNode, fail, installPackages, onPath, root } from './prepare.mjs'

const usage = `Usage: npm start -- [OPTIONS]
  --workspace DIR  where everything is stored (default: the platform's data folder)
  --store URI      where embeddings are, with --serve: a folder or s3://… (default: the setting)
  --serve          serve to a browser even where the desktop app could open
  --port PORT      port to serve on (default: 4321, or a free one)
  --host HOST      address to serve on (default: 127.0.0.1)
  --export-dir DIR where the served window may export to (default: exports in the workspace)
  --no-open        do not open a browser`

const earlyExit = 10_000

function readOptions() {
  try {
    return parseArgs({
      options: {
        workspace: { type: 'string' },
        store: { type: 'string' },
        serve: { type: 'boolean' },
        port: { type: 'string' },
        host: { type: 'string' },
        'export-dir': { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return fail(`${error.message}\n${usage}`, 2)
  }
}

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Runs a program until it ends; Ctrl+C reaches it by itself, and other signals are passed on. */
function run(command, words, { stdio, onMessage = () => {} }) {
  return new Promise(resolve => {
    const started = Date.now()
    const child = spawn(command, words, { cwd: root, stdio })
    let lastWords = ''
    child.stderr?.on('data', chunk => {
      process.stderr.write(chunk)
      lastWords = (lastWords + chunk).slice(-2000)
    })
    const pass = signal => child.kill(signal)
    const ignore = () => {}
    process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', ignore)
    child.on('message', onMessage)
    const end = (code, signal, problem) => {
      process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', ignore)
      resolve({
        code: code ?? 1,
        signal,
        milliseconds: Date.now() - started,
        problem: problem ?? lastWords.trim().split('\n').at(-1),
      })
    }
    child.on('error', error => end(1, null, error.message))
    child.on('close', (code, signal) => end(code, signal))
  })
}

/** Opens the desktop app and ends with it; returns the reason when it cannot be opened here. */
async function openDesktop(options) {
  if (!hasDisplay) return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return 'Electron runs as root only without its sandbox, which this program does not give up: start it as an ordinary user'
  }
  const electron = await obtainElectron()
  if (electron.reason) return electron.reason
  const words = [
    join(root, 'out', 'main', 'electron.js'),
    ...(options.workspace === undefined ? [] : ['--workspace', options.workspace]),
  ]
  const ended = await run(electron.path, words, { stdio: ['inherit', 'inherit', 'pipe'] })
  const failedToStart =
    ended.code !== 0 && ended.milliseconds < earlyExit && !['SIGINT', 'SIGTERM'].includes(ended.signal)
  if (!failedToStart) process.exit(ended.code)
  return `Electron ended at once (${ended.problem || ended.signal || `exit code ${ended.code}`})`
}

/**
 * Opens a page on disk that leads on: words of a command can be read by every user of the machine, and the URL has a
 * token.
 */
function openBrowser(page) {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', page]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', page]
        : [onPath('xdg-open'), page]
  if (command) {
    spawn(command, words, { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref()
  }
}

async function serve(options, notice) {
  const passed = ['workspace', 'store', 'host', 'port', 'export-dir'].flatMap(name =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  )
  const words = [join(root, 'out', 'main', 'server.js'), ...passed, ...(notice === null ? [] : ['--notice', notice])]
  const ended = await run(process.execPath, words, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    onMessage: message => {
      if (hasDisplay && !options['no-open']) openBrowser(message.page)
    },
  })
  process.exit(ended.code)
}

checkNode()
const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}
installPackages()
if (!buildBundles()) fail('The build failed, see above.')
const reason = options.serve ? null : await openDesktop(options)
if (reason !== null) console.log(`The desktop app cannot open here: ${reason}. Serving to a browser instead.`)
await serve(options, reason === null ? null : `Served to a browser because the desktop app cannot open: ${reason}.`)
