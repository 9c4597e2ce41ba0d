import { engineEntry } from '../../../engine/launcher.ts'
import type { EngineLauncher } from '../../../engine/launcher.ts'
import { endUtility, startUtility } from './utility-process.ts'

const stderrKept = 4000
/** The exit is told before the last of stderr was read, and native libraries explain themselves there. */
const stderrGrace = 100

/** Runs the engine in a utility process of Electron. */
export function utilityLauncher(): EngineLauncher {
  return environment => {
    const child = startUtility(engineEntry(), {
      serviceName: 'LF-VILA engine',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    })
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-stderrKept)
    })
    return {
      get pid() {
        return child.pid
      },
      send: message => {
        child.postMessage(message)
      },
      onMessage: listener => {
        child.on('message', listener)
      },
      onExit: listener => {
        child.once('exit', code => {
          setTimeout(() => listener({ code, signal: null, stderr }), stderrGrace)
        })
      },
      kill: () => endUtility(child),
    }
  }
}
