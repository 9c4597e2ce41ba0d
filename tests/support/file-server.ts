import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Answers a few bytes every few milliseconds, from where it is asked to go on.
 * @param mostOf how many of all bytes may be sent by now; it then waits.
 */
export const slowly =
  (content: Buffer, portion: number, mostOf: () => number = () => content.length): Answer =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(start > 0 ? 206 : 200, {
      etag: '"v1"',
      'content-length': content.length - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
    })
    let at = start
    const timer = setInterval(() => {
      if (at + portion > mostOf() && at + portion < content.length) return
      response.write(content.subarray(at, (at += portion)))
      if (at >= content.length) response.end()
      if (at >= content.length || response.destroyed) clearInterval(timer)
    }, 5)
    response.on('close', () => clearInterval(timer))
  }

/** A server on this machine that answers the way a test tells it to, one answer after the other; the last one stays. */
export class FileServer {
  readonly #server = createServer((request, response) => {
    // Over a connection that is closing Node's fetch sends a request twice, and the second took the next answer.
    response.shouldKeepAlive = false
    this.requests.push(request)
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]
    answer?.(request, response)
  })
  #answers: Answer[] = []
  readonly requests: IncomingMessage[] = []

  async listen(): Promise<void> {
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  answers(...answers: Answer[]): void {
    this.#answers = answers
    this.requests.length = 0
  }

  /** What was asked for: the Range header of each request, or `all`. */
  get ranges(): string[] {
    return this.requests.map(({ headers }) => headers.range ?? 'all')
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(done => this.#server.close(done))
  }
}

export interface Served {
  content: Buffer
  etag?: string | null
  ranges?: boolean
  dropAfter?: number
  headers?: Record<string, string>
}

/**
 * Serves a file as a good server does, with ranges and `If-Range`; `dropAfter` breaks the connection after so many
 * bytes of the answer.
 */
export function serve({ content, etag = '"v1"', ranges = true, dropAfter, headers = {} }: Served): Answer {
  return (request, response) => {
    const match = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
    const condition = request.headers['if-range']
    const start = ranges && match && (condition === undefined || condition === etag) ? Number(match[1]) : 0
    const common = { 'content-type': 'application/octet-stream', ...(etag === null ? {} : { etag }), ...headers }
    if (start > 0 && start >= content.length) {
      response.writeHead(416, { ...common, 'content-range': `bytes */${content.length}` }).end()
      return
    }
    const body = content.subarray(start)
    response.writeHead(start > 0 ? 206 : 200, {
      ...common,
      'content-length': body.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
    })
    if (dropAfter === undefined) response.end(body)
    // What has not been read by then is lost with the connection.
    else response.write(body.subarray(0, dropAfter), () => setTimeout(() => response.destroy(), 1200))
  }
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(code, headers).end('no')
  }
}
