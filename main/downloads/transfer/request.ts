import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/**
 * A transfer that stopped for a reason that may pass: it goes on after `wait` milliseconds, or after the usual pause
 * when that is null.
 */
export class Interruption extends Error {
  readonly wait: number | null

  constructor(reason: string, wait: number | null = null, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Interruption'
    this.wait = wait
  }
}

/** An answer with a status of 200, 206 or 416; `size` and `sha256` are what the server states of the whole file. */
export interface Answer {
  status: 200 | 206 | 416
  headers: Headers
  body: ReadableStream<Uint8Array> | null
  size: number | null
  sha256: string | null
}

/** A server that may know who asks. */
export interface Access {
  /** Of the server: the token goes there alone, and not where it redirects to. */
  readonly origin: string
  readonly token: string | null
  /** Looks at each of its answers. @throws ExpectedError when they are not what was asked for. */
  readonly look: (headers: Headers) => void
  /** What a status of its own means, with the remedy; null where the usual sentence will do. */
  readonly explain: (status: number, headers: Headers) => ExpectedError | null
}

export interface Asked {
  method: 'GET' | 'HEAD'
  url: string
  headers: Record<string, string>
  /** Where a person can get the file when this fails. */
  page: string
  signal: AbortSignal
  access?: Access | undefined
}

const redirects = 5
/** A server that asks for a longer pause than this is reported instead, in milliseconds. */
const longestWait = 600_000
const passing = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Sends one request and follows its redirects: over https only, except on this machine itself.
 * @throws Interruption when trying again may help, ExpectedError when it will not.
 */
export async function request({ method, url, headers, page, signal, access }: Asked): Promise<Answer> {
  let at = new URL(url)
  const local = isLocal(at)
  let stated: Pick<Answer, 'size' | 'sha256'> = { size: null, sha256: null }
  for (let hop = 0; hop <= redirects; hop++) {
    if (at.protocol !== 'https:' && !(local && isLocal(at) && at.protocol === 'http:')) {
      throw new ExpectedError(
        'download-unsafe',
        `${hostOf(url)} leads to ${at.protocol}//${at.host}, which is not a secure address: nothing was downloaded; look at ${page} for another link.`,
      )
    }
    if (!local && isLocal(at)) {
      throw new ExpectedError(
        'download-unsafe',
        `${hostOf(url)} leads to an address on this machine: nothing was downloaded; look at ${page} for another link.`,
      )
    }
    const own = access?.origin === at.origin ? access : null
    const credentials: Record<string, string> = own?.token ? { authorization: `Bearer ${own.token}` } : {}
    const answer = await ask(at, { method, headers: { ...headers, ...credentials }, signal })
    own?.look(answer.headers)
    stated = { size: stated.size ?? linkedSize(answer.headers), sha256: stated.sha256 ?? linkedHash(answer.headers) }
    const next = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null
    if (next === null) {
      const refused = answer.ok || answer.status === 416 || passing.has(answer.status) ? null : answer.status
      const explained = refused === null ? null : (own?.explain(refused, answer.headers) ?? null)
      if (explained) {
        await answer.body?.cancel()
        throw explained
      }
      // The address of a content server holds for minutes: the server that named it names another.
      if (access && !own && refused === 403) {
        await answer.body?.cancel()
        throw new Interruption(`${at.host} answers 403`)
      }
      return accept(answer, { at, page, ...stated })
    }
    await answer.body?.cancel()
    at = new URL(next, at)
  }
  throw new ExpectedError(
    'download-redirects',
    `${hostOf(url)} redirects more than ${redirects} times: look at ${page} for another link.`,
  )
}

async function ask(
  url: URL,
  init: { method: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  try {
    // Compressed, the bytes would not be those that the size and the checksum speak of. And no connection is used
    // twice: one that is about to be closed, because its last answer was not read to the end, would take the next
    // request with it.
    return await fetch(url, {
      ...init,
      headers: { ...init.headers, 'accept-encoding': 'identity', connection: 'close' },
      redirect: 'manual',
    })
  } catch (error) {
    if (init.signal.aborted) throw error
    throw new Interruption(`${url.host} cannot be reached`, null, { cause: error })
  }
}

async function accept(
  answer: Response,
  { at, page, ...stated }: { readonly at: URL; readonly page: string } & Pick<Answer, 'size' | 'sha256'>,
): Promise<Answer> {
  const { status, headers, body } = answer
  if (status === 200 || status === 206 || status === 416) {
    if (headers.has('content-encoding') && headers.get('content-encoding') !== 'identity') {
      throw new ExpectedError(
        'download-encoded',
        `${at.host} sends the file compressed although it was asked not to: download it in a browser from ${page} and import it from disk.`,
      )
    }
    if (status !== 416 && /^(text\/html|application\/xhtml)/.test(headers.get('content-type') ?? '')) {
      await body?.cancel()
      throw webPage(at.host, page)
    }
    return { status, headers, body, size: stated.size ?? sizeOf(answer), sha256: stated.sha256 }
  }
  await body?.cancel()
  if (passing.has(status)) {
    const wait = retryAfter(headers)
    if (wait !== null && wait > longestWait) {
      throw new ExpectedError(
        'download-busy',
        `${at.host} asks to wait ${Math.ceil(wait / 60_000)} minutes before the next attempt (${status}): try again then.`,
      )
    }
    throw new Interruption(`${at.host} answers ${status}`, wait)
  }
  if (status === 404 || status === 410) {
    throw new ExpectedError(
      'download-missing',
      `${at.host} does not have ${nameOf(at)} any more (${status}): look at ${page} for its present place, and import it from disk.`,
    )
  }
  throw new ExpectedError(
    'download-refused',
    `${at.host} refuses ${nameOf(at)} (${status}): the publisher's link may have expired or this network may block it; look at ${page}, and import the file from disk.`,
  )
}

/** Said instead of keeping a page of a sign-in or an error as if it were the file. */
export function webPage(host: string, page: string): ExpectedError {
  return new ExpectedError(
    'download-web-page',
    `${host} sends a web page instead of the file: sign in to this network if it asks for that, or download the file in a browser from ${page} and import it from disk.`,
  )
}

/** Hugging Face states size and SHA-256 of a large file in the answer that redirects to it. */
function linkedHash(headers: Headers): string | null {
  return /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1] ?? null
}

function linkedSize(headers: Headers): number | null {
  return wholeNumber(headers.get('x-linked-size'))
}

/** Bytes of the whole file, also where only a part was sent. */
function sizeOf({ status, headers }: Response): number | null {
  return status === 200
    ? wholeNumber(headers.get('content-length'))
    : wholeNumber(/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? null)
}

function wholeNumber(text: string | null): number | null {
  const value = text !== null && /^\d+$/.test(text) ? Number(text) : null
  return value !== null && Number.isSafeInteger(value) ? value : null
}

/** Milliseconds; a header in seconds or as a date. */
function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds)
}

function isLocal(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

/** The file as the address calls it. */
function nameOf(url: URL): string {
  return url.pathname.split('/').at(-1) || english`the file`
}

function hostOf(url: string): string {
  return new URL(url).host
}
