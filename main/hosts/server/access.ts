import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

const mostTokens = 8
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The addresses under which other machines see this one. */
export function outerAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap(all => all ?? [])
    .filter(one => !one.internal && one.family === 'IPv4')
    .map(one => one.address)
}

/** What to write into a URL for a server that listens on `host`: a wildcard is no address that one can open. */
export function hostOfUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return outerAddresses()[0] ?? hostname()
  return host.includes(':') ? `[${host}]` : host
}

/** A secret nobody can guess. */
const newSecret = (): string => randomBytes(32).toString('base64url')

/**
 * Who may talk to the server. The token of a printed URL is exchanged, once, for a cookie that scripts cannot read;
 * every request and every WebSocket upgrade is then judged by cookie, Host, Origin and fetch metadata. A page of
 * another site, also one whose name was rebound to this address, fails at least one of them.
 */
export class Access {
  /** Tokens that nobody has used yet, the oldest first. */
  #tokens: string[] = []
  readonly #session: string
  readonly #cookieName: string
  readonly #names: Set<string>
  readonly #anyAddress: boolean

  /** `host` is what the server listens on, `port` the port it got, `session` what the cookie holds. */
  constructor(host: string, port: number, session = newSecret()) {
    this.#session = session
    // Cookies do not know ports: two servers on one machine must not overwrite each other's.
    this.#cookieName = `workbench-${port}`
    this.#anyAddress = !isLoopback(host)
    this.#names = new Set([...loopbackNames, hostOfUrl(host).toLowerCase()])
    if (this.#anyAddress) this.#names.add(hostname().toLowerCase())
  }

  /**
   * Whether the Host header names this machine. Any port passes, because an SSH tunnel may end on another one;
   * a rebound name cannot be `localhost` nor an address.
   */
  knowsHost(headers: IncomingHttpHeaders): boolean {
    const name = /^(\[[^\]]+\]|[^:[\]]+)(:\d+)?$/.exec(headers.host ?? '')?.[1]?.toLowerCase()
    if (!name) return false
    return this.#names.has(name) || (this.#anyAddress && isIP(name.replace(/^\[|\]$/g, '')) !== 0)
  }

  /**
   * Whether a request was made by our own page, or by the user from the address bar or a link.
   * `upgrade`: a WebSocket, for which every browser says its origin.
   */
  fromOwnPage(headers: IncomingHttpHeaders, upgrade: boolean): boolean {
    if (upgrade || headers.origin !== undefined) return headers.origin === `http://${headers.host}`
    const site = headers['sec-fetch-site']
    return site === undefined || site === 'same-origin' || site === 'none' || headers['sec-fetch-mode'] === 'navigate'
  }

  hasCookie(headers: IncomingHttpHeaders): boolean {
    const cookies = (headers.cookie ?? '').split(';').map(part => part.trim())
    const own = cookies.find(cookie => cookie.startsWith(`${this.#cookieName}=`))
    return own !== undefined && same(own.slice(this.#cookieName.length + 1), this.#session)
  }

  /** A token for one more browser. Of those that nobody uses the newest few count. */
  newToken(): string {
    const token = newSecret()
    this.#tokens = [...this.#tokens, token].slice(-mostTokens)
    return token
  }

  /** Whether a token is right; it is spent by that. */
  spendToken(offered: string): boolean {
    // Every one is compared, so that the time does not tell which is near.
    const left = this.#tokens.filter(token => !same(offered, token))
    const isRight = left.length < this.#tokens.length
    this.#tokens = left
    return isRight
  }

  /** The value of Set-Cookie after a right token. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`
  }
}

/** Compares in a time that does not depend on where the two differ, nor on their lengths. */
function same(offered: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(offered), digest(expected))
}
