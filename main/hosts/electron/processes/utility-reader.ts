import { readingEntry, readingMemory } from '../../../reading-process/launcher.ts'
import type { ReaderListener, ReaderProcess } from '../../../reading-process/launcher.ts'
import { endUtility, startUtility } from './utility-process.ts'

/** Reads strangers' files in a utility process of Electron. */
export function utilityReader(): ReaderProcess {
  const child = startUtility(readingEntry(), {
    serviceName: 'LF-VILA reader',
    stdio: ['ignore', 'ignore', 'ignore'],
    // Switches of Chromium: V8's flags are inside one of them.
    execArgv: [`--js-flags=--max-old-space-size=${readingMemory}`],
  })
  let listening: ReaderListener | null = null
  let ended = false
  child.on('message', answer => listening?.onAnswer(answer))
  child.once('exit', code => {
    ended = true
    // What `waitpid` gives: the signal, where one ended it.
    listening?.onEnd({ reason: null, wasKilled: code === 9 || code === 15 })
  })
  return {
    get ended() {
      return ended
    },
    send: order => child.postMessage(order),
    listen: listener => {
      listening = listener
    },
    // The app ends by itself, whatever runs beside it.
    keepAlive: () => {},
    kill: () => endUtility(child),
  }
}
