import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { RunningServer } from './http-server.ts'

/**
 * Whether Enter reaches this process. A job in the background that reads from its terminal is stopped by the system.
 */
const hasTerminal = process.stdin.isTTY && isInForeground()

function isInForeground(): boolean {
  if (process.platform !== 'linux') return true
  try {
    // proc(5): behind the name in brackets come the state, parent, process group, session, terminal and its foreground
    // group.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ') ?? []
    return group === foreground
  } catch {
    return true
  }
}

/**
 * Tells a URL for another browser whenever someone asks who sits at the server: by Enter in its terminal or, where it
 * has none, by the signal SIGUSR2 (not on Windows). Returns how to stop.
 */
export function offerFreshUrls(server: Pick<RunningServer, 'freshUrl'>, tell: (url: string) => void): () => void {
  const offer = () => tell(server.freshUrl())
  const terminal = hasTerminal ? createInterface({ input: process.stdin }).on('line', offer) : null
  if (process.platform !== 'win32') process.on('SIGUSR2', offer)
  return () => {
    terminal?.close()
    process.off('SIGUSR2', offer)
  }
}

/** How to get in from another browser, for the person at the terminal. */
export const howToGetAnother = hasTerminal
  ? 'The URL is good for one browser: press Enter for another one, Ctrl+C to stop.'
  : process.platform === 'win32'
    ? 'The URL is good for one browser. Ctrl+C stops.'
    : `The URL is good for one browser: \`kill -USR2 ${process.pid}\` prints another one, Ctrl+C stops.`
