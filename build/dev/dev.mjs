// `npm run dev`: the window with hot reload, and the host behind it, started again when its sources change.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installedElectron } from '../electron-binary.mjs'
import { checkNode, fail, installPackages, root } from '../prepare.mjs'

const usage = `Usage: npm run dev -- [OPTIONS]
  --workspace DIR  where everything is stored (default: the platform's data folder)
  --port PORT      port to serve on (default: 5173, or a free one)
  --desktop        the desktop app instead of a page to open in a browser`

function readOptions() {
  try {
    return parseArgs({
      options: {
        workspace: { type: 'string' },
        port: { type: 'string' },
        desktop: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return fail(`${error.message}\n${usage}`, 2)
  }
}

/** The desktop app, which electron-vite starts again when the main process changes; it ends with the app. */
function developDesktop({ workspace }) {
  const electron = installedElectron()
  if (electron === null) fail("Electron's program is not installed: run `node node_modules/electron/install.js` once.")
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const entry = join(root, 'out', 'dev', 'electron.js')
  const passed = workspace === undefined ? [] : ['--', '--workspace', workspace]
  const child = spawn(
    process.execPath,
    [electronVite, 'dev', '-c', 'electron.config.ts', '--watch', '--entry', entry, ...passed],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ELECTRON_EXEC_PATH: electron } },
  )
  // Ctrl+C reaches the child by itself.
  process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('close', code => process.exit(code ?? 1))
}

checkNode()
const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}
installPackages()
if (options.desktop) {
  developDesktop(options)
} else {
  const { workspace, port } = options
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535)) {
    fail(`--port takes a number from 0 to 65535, not "${port}".`, 2)
  }
  const { developServed } = await import('./served.mjs')
  await developServed({ workspace, port: Number(port ?? 5173), strictPort: port !== undefined }).catch(error =>
    fail(error.message),
  )
}
