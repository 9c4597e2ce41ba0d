import { constants, getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { runChildProcess } from '../../../../main/media/ffmpeg/child-process.ts'

test.each([
  {
    name: 'still writing',
    script: 'const piece = "x".repeat(1 << 20); (function write() { process.stdout.write(piece, write) })()',
  },
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

test.skipIf(process.platform === 'win32')(
  'a child that keeps the cores busy comes behind the window, one that ends at once does not',
  async () => {
    const priority = async (background?: boolean) => {
      // Read a moment after the start: it is set once the child runs.
      const script = 'setTimeout(() => process.stdout.write(String(os.getPriority())), 200)'
      return Number((await runChildProcess(process.execPath, ['-e', script], { background })).output.toString())
    }
    const own = getPriority()
    expect(await priority(false)).toBe(own)
    expect(await priority()).toBe(Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL))
  },
)
