import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { os } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { RendererFile } from '../../../main/hosts/renderer-files.ts'
import { startHttpServer } from '../../../main/hosts/server/http-server.ts'
import type { RunningServer } from '../../../main/hosts/server/http-server.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'

const asked: { path: string; range: string | null }[] = []
const video = Buffer.from('0123456789')
const page: RendererFile = {
  body: new TextEncoder().encode('<title>the window</title>'),
  type: 'text/html; charset=utf-8',
  immutable: false,
}

/** The real server over a workbench of one procedure and one ten-byte video. */
const workbench = {
  router: { double: os.handler(({ input }) => (input as number) * 2) },
  media: async (path: string, range: string | null) => {
    asked.push({ path, range })
    if (path !== 'video/12') return { status: 404, headers: {}, body: null }
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    if (!start || !end) return { status: 200, headers: { 'Content-Length': '10' }, body: video }
    return {
      status: 206,
      headers: { 'Content-Range': `bytes ${start}-${end}/10` },
      body: Readable.from([video.subarray(Number(start), Number(end) + 1)]),
    }
  },
} as unknown as Parameters<typeof startHttpServer>[0]['workbench']

let server: RunningServer
let cookie: string

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A raw request: `fetch` would correct the Host header and the path. */
function ask(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port: server.port, path, method, headers: { host: `127.0.0.1:${server.port}`, ...headers } },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}

function openSocket(headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers })
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

beforeAll(async () => {
  const files = new Map([
    ['/', page],
    ['/index.html', page],
  ])
  server = await startHttpServer({
    workbench,
    files,
    host: '127.0.0.1',
    port: 0,
    onError: error => {
      throw error
    },
  })
  const exchange = await ask(new URL(server.url).pathname + new URL(server.url).search)
  cookie = exchange.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
})
afterAll(() => server.close())

describe('the token of the printed URL', () => {
  it('is exchanged for a cookie that scripts and other sites cannot use, and leaves the address bar', async () => {
    const { pathname, search } = new URL(server.freshUrl())
    const answer = await ask(pathname + search)
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(answer.headers['set-cookie']?.[0]).not.toContain(search.slice('?token='.length))
  })

  it('works from a link on another site, where browsers withhold strict cookies along redirects', async () => {
    const { search } = new URL(server.freshUrl())
    const answer = await ask(`/${search}`, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
    expect(answer).toMatchObject({ status: 200, headers: { refresh: '0; url=/' } })
  })

  it.each([
    ['', 401],
    ['?token=', 401],
    ['?token=guessed', 401],
  ])('opens nothing without the right one (/%s)', async (query, status) => {
    const answer = await ask(`/${query}`)
    expect(answer.status).toBe(status)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).not.toContain('the window')
  })

  it('is spent by the exchange: a second browser needs another URL, the same one comes in again', async () => {
    const path = `/${new URL(server.freshUrl()).search}`
    expect((await ask(path)).status).toBe(303)
    const again = await ask(path)
    expect(again).toMatchObject({ status: 401, body: expect.stringMatching(/good for one browser.*Press Enter/) })
    expect(again.headers['set-cookie']).toBeUndefined()
    expect((await ask(path, { cookie })).status).toBe(303)
  })

  it('is not spent by what only looks ahead', async () => {
    const path = `/${new URL(server.freshUrl()).search}`
    expect((await ask(path, {}, 'HEAD')).headers['set-cookie']).toBeUndefined()
    expect((await ask(path, { 'sec-purpose': 'prefetch;prerender' })).headers['set-cookie']).toBeUndefined()
    expect((await ask(path)).status).toBe(303)
  })

  it('is not the cookie of another server', async () => {
    expect((await ask('/', { cookie: `${cookie}x` })).status).toBe(401)
    expect((await ask('/', { cookie: cookie.replace('workbench-', 'workbench-1') })).status).toBe(401)
  })
})

describe('requests', () => {
  it('serve the window under a policy that lets nothing else in', async () => {
    const answer = await ask('/', { cookie })
    expect(answer).toMatchObject({ status: 200, body: '<title>the window</title>' })
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
    const policy = String(answer.headers['content-security-policy'])
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split('; ')).toContain(rule)
    }
  })

  it.each(['evil.example', 'localhost.evil.example', `127.0.0.1.evil.example:80`, '192.168.1.5:4321', 'workbench'])(
    'with the Host "%s" are refused, so a rebound name gains nothing',
    async host => {
      expect((await ask('/', { cookie, host })).status).toBe(403)
    },
  )

  it.each(['localhost:9999', '127.0.0.1', '[::1]:22'])(
    'with the Host "%s" pass: a tunnel may end on another port',
    async host => {
      expect((await ask('/', { cookie, host })).status).toBe(200)
    },
  )

  it.each(['http://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1'])(
    'with the Origin "%s" are refused',
    async origin => {
      expect((await ask('/media/video/12', { cookie, origin })).status).toBe(403)
    },
  )

  it('that another page embeds are refused, also from another port of this machine', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect(
        (await ask('/media/video/12', { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).status,
      ).toBe(403)
    }
  })

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/assets/../../package.json',
    '/index.html%00.js',
    '/C:\\',
  ])('for %s find nothing', async path => {
    expect((await ask(path, { cookie })).status).toBe(404)
  })

  it('only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask('/', { cookie }, method)).status).toBe(405)
    }
  })
})

describe('media', () => {
  it('answer ranges', async () => {
    const answer = await ask('/media/video/12', { cookie, range: 'bytes=2-5' })
    expect(answer).toMatchObject({
      status: 206,
      body: '2345',
      headers: { 'content-range': 'bytes 2-5/10', 'x-content-type-options': 'nosniff' },
    })
    expect(asked.at(-1)).toEqual({ path: 'video/12', range: 'bytes=2-5' })
  })

  it('need the cookie', async () => {
    const before = asked.length
    expect((await ask('/media/video/12')).status).toBe(401)
    expect(asked).toHaveLength(before)
  })

  it.each(['/media/../../etc/passwd', '/media/%2e%2e/%2e%2e/etc/passwd'])('know no path: %s', async path => {
    const before = asked.length
    expect((await ask(path, { cookie })).status).toBe(404)
    expect(asked).toHaveLength(before)
  })

  it('send no body for HEAD', async () => {
    expect(await ask('/media/video/12', { cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })
})

describe('the WebSocket', () => {
  it('carries procedures for our own page', async () => {
    const socket = await openSocket({ cookie, origin: `http://127.0.0.1:${server.port}` })
    const client = createORPCClient<{ double(input: number): Promise<number> }>(
      new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
    )
    await expect(client.double(21)).resolves.toBe(42)
    socket.close()
  })

  it.each([
    ['no cookie', () => ({ origin: `http://127.0.0.1:${server.port}` })],
    ['no origin', () => ({ cookie })],
    ['another origin', () => ({ cookie, origin: 'http://evil.example' })],
    ['a page on another port of this machine', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['a rebound name', () => ({ cookie, origin: 'http://evil.example', host: 'evil.example' })],
  ] as [string, () => Record<string, string>][])('is refused with %s', async (_, headers) => {
    await expect(openSocket(headers())).rejects.toThrow('403')
  })

  it('survives frames that are no requests, and answers the next one', async () => {
    // The library tells each of them on the console.
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const random = seededRandom(1, 'frames')
    const request = JSON.stringify({ i: '1', p: { u: '/double', b: { json: 21 } } })
    const frames: (string | Buffer)[] = [
      '',
      'null',
      '[]',
      '{}',
      '{"i":"1"}',
      '{"i":1,"t":4}',
      '{"i":"1","t":1e999,"p":null}',
      '{"i":"1","p":{"u":"/__proto__/constructor","b":{}}}',
      '{"i":"1","p":{"u":"/../double","b":{"json":1}}}',
      `{"i":"${'x'.repeat(100_000)}","p":{"u":"/double"}}`,
      '['.repeat(50_000),
      Buffer.alloc(3),
      Buffer.from(request),
      ...Array.from({ length: 300 }, () => {
        const bytes = Buffer.from(request)
        for (let change = random.below(4); change >= 0; change--) bytes[random.below(bytes.length)] = random.below(128)
        return random.below(2) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes.toString()
      }),
    ]
    for (const frame of frames) {
      const socket = await openSocket({ cookie, origin: `http://127.0.0.1:${server.port}` })
      await new Promise<void>(sent => socket.send(frame, () => sent()))
      socket.close()
      await new Promise(closed => socket.once('close', closed))
    }
    const socket = await openSocket({ cookie, origin: `http://127.0.0.1:${server.port}` })
    const client = createORPCClient<{ double(input: number): Promise<number> }>(
      new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
    )
    await expect(client.double(21)).resolves.toBe(42)
    socket.close()
    told.mockRestore()
  })

  it('survives a client that hangs up in the middle of the upgrade', async () => {
    await new Promise<void>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(`GET /rpc HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
        socket.destroy()
        resolve()
      })
    })
    expect((await ask('/', { cookie })).status).toBe(200)
  })
})

it('says which port is taken', async () => {
  const options = { workbench, files: new Map(), host: '127.0.0.1', port: server.port, onError: () => {} }
  await expect(startHttpServer(options)).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(`Port ${server.port}`),
  })
})

it('ends with connections still open', async () => {
  const other = await startHttpServer({
    workbench,
    files: new Map([['/', page]]),
    host: '127.0.0.1',
    port: 0,
    onError: () => {},
  })
  const idle = connect(other.port, '127.0.0.1')
  await new Promise(resolve => idle.once('connect', resolve))
  await other.close()
  idle.destroy()
})
