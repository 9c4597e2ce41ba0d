import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { _electron, chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { findChromium } from '../../../build/test-tools.mjs'

export const root = resolve(import.meta.dirname, '../../..')
const built = (name: string) => join(root, 'out', 'main', `${name}.js`)

/** The running product, seen through its window. */
export interface Product {
  page: Page
  /**
   * The next question for a folder is answered with this one, where the system's dialog asks; false where the page
   * itself asks.
   */
  answerFolderDialog(folder: string): Promise<boolean>
  close(): Promise<void>
}

export interface Host {
  name: string
  /** Why it cannot run here, or null. */
  missing: string | null
  open(workspace: string): Promise<Product>
}

const size = { width: 1280, height: 800 }

/** Milliseconds that a page may take for what a test asks of it: a busy machine takes its time. */
export const patience = 240_000

/** Electron's program, if it is there; it is never downloaded for a test. */
function findElectron(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
  const pathFile = join(root, 'node_modules', 'electron', 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  return existsSync(join(folder, name)) ? join(folder, name) : null
}

/** Starts the built server and resolves with the URL that it prints. */
export async function startServer(
  workspace: string,
  words: string[] = [],
): Promise<{ url: string; process: ChildProcess; stop(): Promise<number | null> }> {
  const server = spawn(process.execPath, [built('server'), '--workspace', workspace, '--port', '0', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<number | null>(done => server.once('exit', done))
  const url = await new Promise<string>((found, failed) => {
    let output = ''
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const match = /http:\/\/\S+/.exec(output)
      if (match) found(match[0])
    })
    void exited.then(code => failed(new Error(`The server ended with ${code} before it printed its URL: ${output}`)))
  })
  const stop = async () => {
    server.kill('SIGTERM')
    return exited
  }
  return { url, process: server, stop }
}

const chromiumPath = findChromium()
const browserHost: Host = {
  name: 'Chromium on the server',
  missing: chromiumPath ? null : 'no Chromium was found (set CHROMIUM_PATH)',
  open: async workspace => {
    const server = await startServer(workspace)
    const browser = await chromium.launch({ executablePath: chromiumPath ?? undefined })
    const context = await browser.newContext({ viewport: size })
    context.setDefaultTimeout(patience)
    const page = await context.newPage()
    await page.goto(server.url)
    return {
      page,
      answerFolderDialog: async () => false,
      close: async () => {
        await browser.close()
        await server.stop()
      },
    }
  },
}

const electronPath = findElectron()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
const electronHost: Host = {
  name: 'Electron',
  missing: !electronPath ? "Electron's program is not installed" : hasDisplay ? null : 'there is no display',
  open: async workspace => {
    // Chromium refuses to run as root with its sandbox; a test machine may have no other user.
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0
    const app = await _electron.launch({
      executablePath: electronPath ?? undefined,
      args: [built('electron'), '--workspace', workspace, ...(asRoot ? ['--no-sandbox'] : [])],
    })
    app.context().setDefaultTimeout(patience)
    const page = await app.firstWindow()
    await page.setViewportSize(size)
    return {
      page,
      answerFolderDialog: async folder => {
        await app.evaluate(({ dialog }, path) => {
          dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
        }, folder)
        return true
      },
      close: () => app.close(),
    }
  },
}

export const hosts: Host[] = [browserHost, electronHost]

/** Runs the built command line and parses its `--json` document. */
export async function lfvila<T>(workspace: string, ...words: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [built('lfvila'), ...words, '--workspace', workspace, '--json'],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout) as T
}
