import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { WorkQueue } from '../../main/workers/queue.ts'
import { folderOfFile } from './folders.ts'
import { freePort } from './free-port.ts'

/** There is no Redis for Windows; elsewhere `npm test` installs it, or says what to install. */
export const hasRedis = process.platform !== 'win32'
if (!hasRedis) console.log('There is no Redis for Windows: the tests of workers on a queue are left out here.')

/** Starts Redis for the tests of a file. Called outside of tests. @returns how to get its address. */
export function redisOfFile(): () => Promise<string> {
  const folder = folderOfFile('redis')
  let stop = (): void => undefined
  afterAll(() => stop())
  return async () => {
    const port = await freePort()
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    const redis = spawn('redis-server', words, { stdio: 'ignore' })
    const failed = once(redis, 'error').then(([error]) => Promise.reject(error as Error))
    failed.catch(() => undefined)
    stop = () => void redis.kill('SIGKILL')
    const address = `redis://127.0.0.1:${port}`
    for (;;) {
      const queue = await Promise.race([WorkQueue.open({ redis: address, lock: 1 }).catch(() => null), failed])
      if (queue) {
        await queue.close()
        return address
      }
      await delay(50)
    }
  }
}
