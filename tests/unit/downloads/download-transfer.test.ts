import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { transfer } from '../../../main/downloads/transfer/transfer.ts'
import type { Wanted } from '../../../main/downloads/transfer/transfer.ts'
import { FileServer, serve, status } from '../../support/file-server.ts'
import { folderOfTest } from '../../support/folders.ts'

/** Bytes in which every position can be told from every other. */
const content = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, index) => Math.imul(index, 2654435761)).buffer)
const sha256 = createHash('sha256').update(content).digest('hex')
const page = 'https://publisher.example/page'
const patience = { stall: 60_000, pauses: [5, 5, 5] }

const server = new FileServer()
let folder: string
let target: string

beforeAll(() => server.listen())
afterAll(() => server.close())
beforeEach(() => {
  folder = folderOfTest('download')
  target = join(folder, 'weights.bin')
})

const notes: string[] = []
function bring(
  wanted: Partial<Wanted> = {},
  { signal = new AbortController().signal, stall = patience.stall } = {},
): Promise<string> {
  notes.length = 0
  return transfer(
    { url: `${server.url}/weights.bin`, target, size: null, sha256: null, page, jobId: 1, ...wanted },
    {
      signal,
      patience: { ...patience, stall },
      onProgress: (_received, _total, note) => {
        if (note) notes.push(note)
      },
    },
  )
}

/** The file is whole, and nothing else lies beside it. */
function expectWhole(): void {
  expect(readFileSync(target).equals(content)).toBe(true)
  expect(readdirSync(folder)).toEqual(['weights.bin'])
}

it('downloads and checks a file', async () => {
  server.answers(serve({ content }))
  await bring({ size: content.length, sha256 })
  expectWhole()
})

it('goes on where a dropped connection stopped', async () => {
  server.answers(serve({ content, dropAfter: 60_000 }), serve({ content, dropAfter: 50_000 }), serve({ content }))
  await bring({ sha256 })
  expectWhole()
  expect(server.ranges).toEqual(['all', 'bytes=60000-', 'bytes=110000-'])
  expect(server.requests[1]?.headers['if-range']).toBe('"v1"')
})

it('keeps what has arrived when the network is gone for good, and goes on at the next attempt', async () => {
  server.answers(serve({ content, dropAfter: 60_000 }), status(503))
  await expect(bring()).rejects.toThrow(
    /weights\.bin could not be downloaded\. 127\.0\.0\.1:\d+ answers 503: download it again when the network is back; it goes on where it stopped/,
  )
  expect(readdirSync(folder).sort()).toEqual(['weights.bin.part', 'weights.bin.part.json'])
  server.answers(serve({ content }))
  await bring()
  expectWhole()
  expect(server.ranges).toEqual(['bytes=60000-'])
})

it('goes on from what was on the disk for sure when the system was started anew meanwhile', async () => {
  server.answers(serve({ content, dropAfter: 60_000 }), status(503))
  await expect(bring()).rejects.toThrow(/answers 503/)
  const [part, about] = [`${target}.part`, `${target}.part.json`]
  // The power failed: the end of the file has its length and not its content.
  writeFileSync(part, Buffer.concat([content.subarray(0, 40_000), Buffer.alloc(20_000)]))
  const origin = JSON.parse(readFileSync(about, 'utf8')) as { systemStart: number }
  writeFileSync(about, JSON.stringify({ ...origin, synced: 40_000, systemStart: origin.systemStart - 86_400_000 }))
  server.answers(serve({ content }))
  await bring()
  expectWhole()
  expect(server.ranges).toEqual(['bytes=40000-'])
})

it('begins anew when the server ignores ranges', async () => {
  server.answers(serve({ content, dropAfter: 60_000 }), serve({ content, ranges: false }))
  await bring()
  expectWhole()
})

it('begins anew when the file has changed meanwhile', async () => {
  const old = Buffer.alloc(content.length, 7)
  server.answers(serve({ content: old, etag: '"v1"', dropAfter: 60_000 }), serve({ content, etag: '"v2"' }))
  await bring()
  expectWhole()
})

it('begins anew when a server honours the range although the version is another', async () => {
  const old = Buffer.alloc(content.length, 7)
  server.answers(
    serve({ content: old, etag: '"v1"', dropAfter: 60_000 }),
    (request, response) => {
      delete request.headers['if-range']
      serve({ content, etag: '"v2"' })(request, response)
    },
    serve({ content, etag: '"v2"' }),
  )
  await bring()
  expectWhole()
  expect(server.ranges).toEqual(['all', 'bytes=60000-', 'all'])
})

it('never joins two halves that it cannot tell to be of one version', async () => {
  server.answers(serve({ content, etag: null, dropAfter: 60_000 }), serve({ content, etag: null }))
  await bring()
  expectWhole()
  expect(server.ranges).toEqual(['all', 'all'])
})

it('does not wait for a server that has gone silent', async () => {
  server.answers((_request, response) => {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"' }).write(content.subarray(0, 1000))
  }, serve({ content }))
  await bring({}, { stall: 1500 })
  expectWhole()
  expect(server.ranges).toEqual(['all', 'bytes=1000-'])
})

it('does not take a slow computer for a silent server', async () => {
  server.answers((_request, response) => {
    response
      .writeHead(200, { 'content-length': content.length, etag: '"v1"' })
      .write(content.subarray(0, 1000), () => setTimeout(() => response.end(content.subarray(1000)), 100))
  })
  const stuck = new Int32Array(new SharedArrayBuffer(4))
  await transfer(
    { url: `${server.url}/weights.bin`, target, size: null, sha256: null, page, jobId: 1 },
    {
      signal: new AbortController().signal,
      patience: { ...patience, stall: 3000 },
      onProgress: received => {
        if (received === 1000) Atomics.wait(stuck, 0, 0, 3500)
      },
    },
  )
  expectWhole()
  expect(server.ranges).toEqual(['all'])
})

it('waits as long as the server asks for', async () => {
  server.answers(status(429, { 'retry-after': '1' }), serve({ content }))
  const started = performance.now()
  await bring()
  expectWhole()
  expect(performance.now() - started).toBeGreaterThan(950)
  expect(notes).toEqual([expect.stringMatching(/answers 429; trying again in 1 s/)])
})

it('says so instead of waiting for an hour', async () => {
  server.answers(status(429, { 'retry-after': '3600' }))
  await expect(bring()).rejects.toThrow(/asks to wait 60 minutes/)
  expect(server.requests).toHaveLength(1)
})

it('follows redirects, and goes through them again after a drop', async () => {
  server.answers(
    status(302, { location: '/elsewhere' }),
    serve({ content, dropAfter: 60_000 }),
    status(302, { location: '/elsewhere' }),
    serve({ content }),
  )
  await bring()
  expectWhole()
  // A connection that breaks once more on a busy machine makes it go through them once more; never does it ask the
  // second place without the first.
  const asked = server.requests.map(({ url }) => url)
  expect(asked.filter(url => url === '/elsewhere').length).toBeGreaterThan(1)
  expect(asked.filter((url, place) => url === '/elsewhere' && asked[place - 1] !== '/weights.bin')).toEqual([])
})

it.each([
  ['a redirect in a circle', () => status(302, { location: '/weights.bin' }), /redirects more than 5 times/],
  [
    'a redirect to an unencrypted address',
    () => status(302, { location: 'http://mirror.example/weights.bin' }),
    /leads to http:\/\/mirror\.example, which is not a secure address/,
  ],
  ['a redirect to a local file', () => status(302, { location: 'file:///etc/passwd' }), /not a secure address/],
  [
    'a file that is gone',
    () => status(404),
    /does not have weights\.bin any more \(404\): look at https:\/\/publisher\.example\/page/,
  ],
  ['a link that has expired', () => status(403), /refuses weights\.bin \(403\): the publisher's link may have expired/],
  [
    'a sign-in page',
    () => serve({ content, headers: { 'content-type': 'text/html; charset=utf-8' } }),
    /sends a web page instead of the file/,
  ],
  [
    'an error page that says it is the file',
    () => serve({ content: Buffer.from('\n<?xml version="1.0"?><Error>Expired</Error>') }),
    /sends a web page instead of the file/,
  ],
  [
    'a compressed answer',
    () => serve({ content, headers: { 'content-encoding': 'gzip' } }),
    /compressed although it was asked not to/,
  ],
  [
    'more than any disk can hold',
    () => (_: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(200, { 'content-length': 4e15, etag: '"v1"' }).write('a')
    },
    /weights\.bin needs 4000000\.0 GB more on the disk/,
  ],
])('refuses %s and leaves nothing behind', async (_name, answer, sentence) => {
  server.answers(answer())
  await expect(bring()).rejects.toThrow(sentence)
  expect(readdirSync(folder)).toEqual([])
})

it('refuses a file of another size than the published one', async () => {
  server.answers(serve({ content: content.subarray(0, 1000) }))
  await expect(bring({ size: content.length })).rejects.toThrow(
    /sends 1000 bytes as weights\.bin, which was published with 200000 bytes/,
  )
  expect(readdirSync(folder)).toEqual([])
})

it('throws away a file that does not have the published checksum', async () => {
  server.answers(serve({ content: Buffer.alloc(content.length, 7) }))
  await expect(bring({ sha256 })).rejects.toThrow(/does not have the published SHA-256 and was thrown away/)
  expect(readdirSync(folder)).toEqual([])
})

it('checks against the checksum that the server states of a large file', async () => {
  const linked = { 'x-linked-etag': `"${sha256}"`, 'x-linked-size': String(content.length), location: '/store' }
  server.answers(status(302, linked), serve({ content: Buffer.alloc(content.length, 7) }))
  await expect(bring()).rejects.toThrow(/does not have the published SHA-256/)
  server.answers(status(302, linked), serve({ content }))
  await bring()
  expectWhole()
})

it('gives up on a server that never sends what it announces', async () => {
  server.answers((_request, response) => {
    response
      .writeHead(200, { 'content-length': content.length, etag: '"v1"' })
      .write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 10))
  })
  await expect(bring()).rejects.toThrow(/could not be downloaded\. The connection was lost/)
  expect(existsSync(target)).toBe(false)
})

it('is content when the server had announced more than there is', async () => {
  server.answers((_request, response) => {
    response
      .writeHead(200, { 'content-length': content.length + 9, etag: '"v1"' })
      .write(content, () => setTimeout(() => response.destroy(), 600))
  }, serve({ content }))
  await bring({ sha256 })
  expectWhole()
  expect(server.ranges).toEqual(['all', `bytes=${content.length}-`])
})

it('stops at once when it is told to', async () => {
  const stop = new AbortController()
  server.answers((_request, response) => {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"' }).write(content.subarray(0, 1000))
    setTimeout(() => stop.abort(), 50)
  })
  await expect(bring({}, { signal: stop.signal })).rejects.toThrow(/abort/i)
  expect(server.requests).toHaveLength(1)
})
