// The window served by Vite, and the host behind it.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import vue from '@vitejs/plugin-vue'
import { watch } from 'chokidar'
import { createLogger, createServer } from 'vite'
import { root } from '../prepare.mjs'

/** Editors write a file in several steps, and a change of branch many files. */
const settledAfter = 150
/** The longest the host may take to close; what it keeps is safe at any moment. */
const closeWithin = 10_000

async function freePort() {
  const server = createTcpServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}

/** The host's process; `onToken` is told a token for one more browser at every start and when one is asked for. */
class Host {
  #order
  #onToken
  #child = null
  /** Whether it answers. */
  isUp = false
  #turn = Promise.resolve()

  constructor(order, onToken) {
    this.#order = order
    this.#onToken = onToken
  }

  /** One after the other, however fast the changes come. */
  restart() {
    this.#turn = this.#turn.then(async () => {
      await this.#stop()
      this.#start()
    })
    return this.#turn
  }

  stop() {
    this.#turn = this.#turn.then(() => this.#stop())
    return this.#turn
  }

  askForToken() {
    if (this.#child?.connected) this.#child.send('token')
  }

  #start() {
    const child = fork(join(root, 'build', 'dev', 'host.ts'), [], {
      cwd: root,
      execArgv: ['--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', ({ token }) => {
      this.isUp = true
      this.#onToken(token)
    })
    child.on('exit', code => {
      this.isUp = false
      if (this.#child !== child) return
      this.#child = null
      if (code !== 0) console.log('The host ended, see above; it starts again at the next change.')
    })
    child.send(this.#order)
    this.#child = child
  }

  async #stop() {
    const child = this.#child
    if (child === null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    this.#child = null
    this.isUp = false
    child.kill('SIGTERM')
    const limit = setTimeout(() => child.kill('SIGKILL'), closeWithin)
    await ended
    clearTimeout(limit)
  }
}

/** Vite's messages, without the failures of a page that asks while the host starts. */
function quietLogger(isUp) {
  const logger = createLogger()
  const { error } = logger
  logger.error = (message, options) => {
    if (isUp() || !message.includes('proxy error')) error(message, options)
  }
  return logger
}

/** Serves until Ctrl+C. */
export async function developServed({ workspace, port, strictPort }) {
  const hostPort = await freePort()
  const target = `http://127.0.0.1:${hostPort}`
  const order = { workspace, port: hostPort, session: randomBytes(32).toString('base64url') }
  let isWanted = true
  const host = new Host(order, token => {
    const url = `http://127.0.0.1:${vite.httpServer.address().port}/?token=${token}`
    console.log(isWanted ? `The workbench is at ${url}` : 'The host is back.')
    isWanted = false
  })
  const vite = await createServer({
    configFile: false,
    customLogger: quietLogger(() => host.isUp),
    root: join(root, 'renderer'),
    plugins: [vue()],
    server: {
      host: '127.0.0.1',
      port,
      strictPort,
      fs: { allow: [join(root, 'renderer'), join(root, 'node_modules')] },
      // Host and Origin pass as they are: the host judges them, as it does without Vite.
      proxy: { '^/\\?token=': { target }, '^/media/': { target }, '^/rpc$': { target, ws: true } },
    },
  })
  await vite.listen()
  void host.restart()

  let timer
  const watcher = watch(['main', 'native-models', 'build/dev/host.ts'], { cwd: root, ignoreInitial: true }).on(
    'all',
    (_event, path) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        console.log(`${path} changed: the host starts again.`)
        void host.restart()
      }, settledAfter)
    },
  )
  const terminal = process.stdin.isTTY
    ? createInterface({ input: process.stdin }).on('line', () => {
        isWanted = true
        host.askForToken()
      })
    : null

  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    terminal?.close()
    clearTimeout(timer)
    await Promise.all([watcher.close(), host.stop(), vite.close()])
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
}
