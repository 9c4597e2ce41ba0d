import { expect, test } from 'vitest'
import { runChildProcess } from '../../../main/media/child-process.ts'

test.each([
  { name: 'still writing', script: 'const piece = "x".repeat(1 << 20); (function write() { process.stdout.write(piece, write) })()' },
  { name: 'ended by itself', script: 'process.stdout.write("x".repeat(150_000))' },
])('an abort is answered while the output of a child is held back: $name', async ({ script }) => {
  const stop = new AbortController()
  const running = runChildProcess(process.execPath, ['-e', script], {
    signal: stop.signal,
    onOutput: () => {
      setTimeout(() => stop.abort(new Error('enough')), 300)
      return new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(new Error('enough'))))
    },
  })
  await expect(running).rejects.toThrow('enough')
})
