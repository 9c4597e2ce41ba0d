import { runInBackground } from '../processes/background-priority.ts'
import { enginePriority } from './launcher.ts'
import { serve } from './serve.ts'
import type { EnginePort } from './serve.ts'

/** The part of Electron's `process.parentPort` (utility process) that the engine needs. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

function openPort(): EnginePort {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (parentPort) {
    return {
      send: message => parentPort.postMessage(message),
      onMessage: listener => parentPort.on('message', event => listener(event.data)),
    }
  }
  // Whoever started this process is gone: nobody is left to compute for.
  process.on('disconnect', () => process.exit(0))
  return {
    send: message => process.send?.(message),
    onMessage: listener => {
      process.on('message', listener)
    },
  }
}

// Before any other thread is made: on Linux each has a priority of its own, inherited from the one that makes it.
if (process.env[enginePriority] !== 'normal') runInBackground(0)
serve(openPort())
