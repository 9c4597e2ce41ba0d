import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { assertSpace } from './disk-space.ts'
import { PartialFile, removePart } from './partial-file.ts'
import { Interruption, request, webPage } from './request.ts'
import type { Access, Answer } from './request.ts'

export interface Wanted {
  url: string
  /** Absolute path of the file to be; its folder exists. */
  target: string
  size: number | null
  sha256: string | null
  /** Git's hash of the content, where that is published instead. */
  gitHash?: string | null
  /** Bytes of a file whose size nobody states beforehand; what is more is refused. */
  most?: number
  /** The server that the URL is of, where it may know who asks. */
  access?: Access
  /** Where a person finds the file when this fails. */
  page: string
  jobId: number
}

export interface TransferOptions {
  signal: AbortSignal
  /** `total` is null until the size is known; `note` says what else goes on (waiting, checking). */
  onProgress: (received: number, total: number | null, note: string | null) => void
  patience?: Patience
}

/** Milliseconds: how long nothing may arrive, and the pauses before each further attempt that brings nothing new. */
export interface Patience {
  readonly stall: number
  readonly pauses: readonly number[]
}
/** Attempts while nothing has arrived at all: most likely there is no network, which is better said soon. */
const firstAttempts = 4
const usualPatience: Patience = { stall: 30_000, pauses: [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000] }

/**
 * Brings one file here, whole and checked or not at all. An interrupted transfer goes on where it stopped, also in
 * another process, if the server still has the same version; the bytes wait beside the target meanwhile.
 * @returns the SHA-256 of the file, hexadecimal.
 * @throws ExpectedError when it cannot be had, and the signal's reason when it was given up.
 */
export async function transfer(wanted: Wanted, options: TransferOptions): Promise<string> {
  const part = await PartialFile.open(wanted.target, wanted.url, wanted.jobId)
  try {
    await receiveAll(part, wanted, options)
    const sha256 = await check(part, wanted, options)
    await part.finish()
    return sha256
  } catch (error) {
    await part.close()
    const worthless =
      error instanceof ExpectedError && (error.code === 'download-checksum' || error.code === 'download-changed')
    if (worthless || part.size === 0) await removePart(wanted.target)
    throw error
  }
}

async function receiveAll(part: PartialFile, wanted: Wanted, options: TransferOptions): Promise<void> {
  const { signal, onProgress, patience = usualPatience } = options
  let furthest = part.size
  for (let failures = 0; ;) {
    try {
      return await receive(part, wanted, options)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Interruption)) throw error
      failures = part.size > furthest ? 1 : failures + 1
      furthest = Math.max(furthest, part.size)
      const pause = error.wait ?? patience.pauses[failures - 1] ?? 0
      if (failures >= (furthest === 0 ? firstAttempts : patience.pauses.length + 1)) throw givenUp(error, part, wanted)
      onProgress(
        part.size,
        part.origin.size,
        pause < 1000 ? null : english`${error.message}; trying again in ${Math.round(pause / 1000)} s`,
      )
      await sleep(pause, undefined, { signal })
    }
  }
}

/** Waits for something to arrive, but not longer than the server may be silent. */
type Patiently = <T>(arrival: Promise<T>) => Promise<T>

/** One request. Returns when the whole file is here. */
async function receive(
  part: PartialFile,
  wanted: Wanted,
  { signal, onProgress, patience = usualPatience }: TransferOptions,
): Promise<void> {
  const { version, size, sha256 } = part.origin
  if (part.size > 0 && part.size === (wanted.size ?? size)) return
  // Without a way to tell versions apart, two halves of different files could be joined.
  if (version === null && wanted.sha256 === null && sha256 === null) await part.clear()
  const resume: Record<string, string> =
    part.size > 0 ? { range: `bytes=${part.size}-`, ...(version === null ? {} : { 'if-range': version }) } : {}

  const stall = new AbortController()
  // The server's time is measured, not that of a slow disk between two arrivals.
  const patiently: Patiently = async arrival => {
    const watch = setTimeout(() => stall.abort(), patience.stall)
    return arrival.finally(() => clearTimeout(watch))
  }
  try {
    const answer = await patiently(
      request({
        method: 'GET',
        url: wanted.url,
        headers: resume,
        page: wanted.page,
        signal: AbortSignal.any([signal, stall.signal]),
        access: wanted.access,
      }),
    )
    if (answer.status === 416 && part.size > 0 && part.size === answer.size) return
    if (!(await adopt(part, answer, wanted))) {
      await answer.body?.cancel()
      await part.clear()
      await part.describe({ version: null, size: null, sha256: null })
      throw new Interruption('The file on the server has changed, so it is downloaded anew', 0)
    }
    const total = part.origin.size
    if (total !== null) await assertSpace(dirname(wanted.target), total - part.size, basename(wanted.target))
    for await (const bytes of read(answer, patiently)) {
      if (part.size === 0 && !wanted.gitHash && looksLikeMarkup(bytes)) {
        throw webPage(new URL(wanted.url).host, wanted.page)
      }
      const most = total ?? wanted.most ?? Infinity
      if (part.size + bytes.byteLength > most) throw otherSize(wanted, english`more than ${most} bytes`)
      await part.append(bytes)
      onProgress(part.size, total, null)
    }
    if (total !== null && part.size < total) throw new Interruption('The server ended the file too early')
  } catch (error) {
    if (stall.signal.aborted && !signal.aborted && !(error instanceof ExpectedError)) {
      throw new Interruption(`Nothing has arrived for ${Math.round(patience.stall / 1000)} s`, null, { cause: error })
    }
    throw error
  } finally {
    stall.abort()
  }
}

/** Prepares the file for the bytes of an answer; false when they do not belong to those that are here. */
async function adopt(part: PartialFile, answer: Answer, wanted: Wanted): Promise<boolean> {
  if (answer.status === 416) return false
  if (wanted.size !== null && answer.size !== null && answer.size !== wanted.size) {
    throw otherSize(wanted, english`${answer.size} bytes`)
  }
  const version = versionOf(answer.headers)
  if (answer.status === 206) {
    const start = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1]
    const { version: begun, size } = part.origin
    if (
      Number(start) !== part.size ||
      (begun !== null && version !== null && begun !== version) ||
      (size !== null && answer.size !== null && size !== answer.size)
    ) {
      return false
    }
  } else {
    await part.clear()
  }
  await part.describe({
    version: version ?? (answer.status === 206 ? part.origin.version : null),
    size: wanted.size ?? answer.size,
    sha256: wanted.sha256 ?? answer.sha256,
  })
  return true
}

async function* read({ body }: Answer, patiently: Patiently): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await patiently(reader.read()).catch((cause: unknown) => {
        throw new Interruption('The connection was lost', null, { cause })
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {
      /* it is broken already */
    })
  }
}

/** The SHA-256. @throws ExpectedError `download-checksum` when the bytes are not those that were published. */
async function check(part: PartialFile, wanted: Wanted, { signal, onProgress }: TransferOptions): Promise<string> {
  if (part.origin.sha256 !== null || wanted.gitHash) onProgress(part.size, part.size, 'checking')
  const hash = createHash('sha256')
  // As Git names a blob: by its length and its content.
  const gitHash = createHash('sha1').update(`blob ${part.size}\0`)
  for await (const bytes of createReadStream(`${wanted.target}.part`, { highWaterMark: 1 << 20, signal })) {
    hash.update(bytes as Uint8Array)
    if (wanted.gitHash) gitHash.update(bytes as Uint8Array)
  }
  const sha256 = hash.digest('hex')
  const wrong =
    part.origin.sha256 !== null && part.origin.sha256 !== sha256
      ? 'SHA-256'
      : wanted.gitHash && wanted.gitHash !== gitHash.digest('hex')
        ? english`Git hash`
        : null
  if (wrong === null) return sha256
  throw new ExpectedError(
    'download-checksum',
    `${basename(wanted.target)} does not have the published ${wrong} and was thrown away: download it again, and if that happens twice, look at ${wanted.page}.`,
  )
}

/** What tells versions of a file apart, as `If-Range` takes it: a weak ETag does not. */
function versionOf(headers: Headers): string | null {
  const etag = headers.get('etag')
  return etag !== null && etag.startsWith('"') ? etag : headers.get('last-modified')
}

/** No published file begins like a web page or an error in XML. */
function looksLikeMarkup(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 64))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .startsWith('<')
}

function otherSize({ target, size, page, url }: Wanted, offered: string): ExpectedError {
  return new ExpectedError(
    'download-changed',
    `${new URL(url).host} sends ${offered} as ${basename(target)}${size === null ? '' : `, which was published with ${size} bytes`}: nothing was kept; look at ${page} for the right file.`,
  )
}

function givenUp(interruption: Interruption, part: PartialFile, { target, page }: Wanted): ExpectedError {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy
  const remedy =
    proxy && part.size === 0
      ? english`the proxy of HTTPS_PROXY is not used by this program, so download it in a browser from ${page} and import it from disk`
      : english`download it again when the network is back; it goes on where it stopped`
  return new ExpectedError(
    'download-interrupted',
    `${basename(target)} could not be downloaded. ${interruption.message}: ${remedy}.`,
    { cause: interruption },
  )
}
