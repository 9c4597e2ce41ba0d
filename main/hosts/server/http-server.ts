import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Workbench } from '../../workbench/workbench.ts'
import { windowHeaders } from '../content-security.ts'
import type { RendererFile } from '../renderer-files.ts'
import { Access, hostOfUrl } from './access.ts'

export interface HttpServerOptions {
  workbench: Pick<Workbench, 'router' | 'media'>
  files: Map<string, RendererFile>
  host: string
  /** 0 for any free port. */
  port: number
  /**
   * What the cookie of a browser that is in holds: a new secret, unless browsers are to stay in when a server is
   * started again.
   */
  session?: string
  /** Told of what failed inside the server; nothing of it is shown to the client. */
  onError: (error: unknown) => void
}

export interface RunningServer {
  /** With a token that is good for one browser: whoever opens it first can use the workbench. */
  url: string
  /** Another such URL, for one more browser. */
  freshUrl(): string
  port: number
  close(): Promise<void>
}

const headers = windowHeaders({ media: [] })
/** The longest call is a pasted text; pictures and video go over HTTP. */
const longestMessage = 8 * 1024 * 1024
const pingEvery = 30_000

/**
 * The window over HTTP: its files, `/media/*` with ranges and the procedures over a WebSocket at `/rpc`.
 * Throws ExpectedError when the address cannot be listened on.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const server = createServer()
  const port = await listen(server, options.host, options.port)
  const access = new Access(options.host, port, options.session)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage, perMessageDeflate: false })
  const procedures = new RPCHandler(options.workbench.router)

  server.on('request', (request, response) => {
    respond(request, response, { access, ...options }).catch(error => {
      options.onError(error)
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'The server failed; its log says why.')
    })
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const allowed =
      access.knowsHost(request.headers) &&
      access.fromOwnPage(request.headers, true) &&
      access.hasCookie(request.headers)
    if (!allowed || request.url !== '/rpc') {
      socket.end(
        `HTTP/1.1 ${allowed ? '404 Not Found' : '403 Forbidden'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, webSocket => {
      webSocket.on('error', options.onError)
      void procedures.upgrade(webSocket, { context: {} })
    })
  })

  const pings = setInterval(() => sockets.clients.forEach(client => client.ping()), pingEvery)
  pings.unref()

  const freshUrl = () => `http://${hostOfUrl(options.host)}:${port}/?token=${access.newToken()}`
  return {
    url: freshUrl(),
    freshUrl,
    port,
    close: async () => {
      clearInterval(pings)
      for (const client of sockets.clients) client.terminate()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') {
      throw new ExpectedError('port-in-use', `Port ${port} on ${host} is in use: choose another one with --port.`, {
        cause: error,
      })
    }
    throw new ExpectedError(
      'cannot-listen',
      `Cannot listen on ${host}:${port} (${error.code ?? error.message}): choose another --host or --port.`,
      { cause: error },
    )
  })
  return (server.address() as AddressInfo).port
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { access, ...options }: { readonly access: Access } & HttpServerOptions,
): Promise<void> {
  if (!access.knowsHost(request.headers)) {
    return refuse(response, 403, 'This name does not belong to the workbench: open the URL that it printed.')
  }
  if (!access.fromOwnPage(request.headers, false)) return refuse(response, 403, 'Requests of other pages are refused.')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'Only GET and HEAD are answered here.')
  }

  const url = URL.parse(request.url ?? '/', 'http://workbench')
  if (!url) return refuse(response, 400, 'The address cannot be read.')
  const token = url.searchParams.get('token')
  if (token !== null && url.pathname === '/') {
    // A browser that is in already comes in again by a bookmark or the history; and looking ahead spends nothing.
    if (access.hasCookie(request.headers)) return welcome(request, response, access)
    if (request.method === 'HEAD' || request.headers['sec-purpose']?.includes('prefetch')) {
      return refuse(response, 503, 'This URL waits for a browser that opens it.')
    }
    if (!access.spendToken(token)) {
      return refuse(
        response,
        401,
        'This URL is not valid (any more): each is good for one browser. Press Enter where the workbench runs, and open the URL that it prints then.',
      )
    }
    return welcome(request, response, access)
  }
  if (!access.hasCookie(request.headers)) {
    return refuse(response, 401, 'Open the URL with the token that the workbench printed when it started.')
  }
  if (url.pathname.startsWith('/media/')) {
    return sendMedia(request, response, { path: url.pathname.slice('/media/'.length), ...options })
  }
  const file = options.files.get(url.pathname)
  if (!file) return refuse(response, 404, 'There is nothing at this address.')
  response.writeHead(200, {
    ...headers,
    'Content-Type': file.type,
    'Content-Length': file.body.byteLength,
    'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
  })
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

/** Exchanges the token for the cookie and takes it out of the address bar. */
function welcome(request: IncomingMessage, response: ServerResponse, access: Access): void {
  const site = request.headers['sec-fetch-site']
  // Browsers withhold a strict cookie along redirects that another site began (a link in a web terminal); a refresh
  // begins here.
  const onward = site === 'cross-site' || site === 'same-site' ? { Refresh: '0; url=/' } : { Location: '/' }
  response.writeHead('Location' in onward ? 303 : 200, {
    ...headers,
    ...onward,
    'Set-Cookie': access.cookie,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
  })
  response.end()
}

async function sendMedia(
  request: IncomingMessage,
  response: ServerResponse,
  { path, workbench }: { readonly path: string } & HttpServerOptions,
): Promise<void> {
  const media = await workbench.media(path, request.headers.range ?? null)
  const { body } = media
  response.writeHead(media.status, { ...headers, ...media.headers })
  if (body === null || body instanceof Uint8Array) {
    response.end(request.method === 'HEAD' ? undefined : (body ?? undefined))
    return
  }
  const stream = body instanceof Readable ? body : Readable.from(body)
  if (request.method === 'HEAD') {
    stream.destroy()
    response.end()
    return
  }
  // A player that seeks hangs up in the middle: no failure.
  await pipeline(stream, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${sentence}\n`)
}
