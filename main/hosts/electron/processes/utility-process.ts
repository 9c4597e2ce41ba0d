import { utilityProcess } from 'electron'
import type { ForkOptions, UtilityProcess } from 'electron'

/**
 * A process of Electron that runs a bundle of ours under Node. Unlike a fork of the program it needs no fuse that would
 * let anybody run the program as Node.
 */
export function startUtility(entry: string, options: ForkOptions): UtilityProcess {
  const child = utilityProcess.fork(entry, [], options)
  // Told of a fatal error of V8 as well, which `exit` follows; an event of this name that nobody hears would throw.
  child.on('error', () => {})
  return child
}

/**
 * Ends the process at once. Its own `kill()` asks politely, which a native call or a loop that hangs does not hear; and
 * a process has no number before it is spawned.
 */
export function endUtility(child: UtilityProcess): void {
  const end = (): void => {
    if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
  }
  if (child.pid === undefined) child.once('spawn', end)
  else end()
}
