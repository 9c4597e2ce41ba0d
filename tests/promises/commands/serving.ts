import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'
import type { CommandBench } from './command-bench.ts'

export const serving = ['serve', '--host', '127.0.0.1', '--port', '0']

/** The window, which one command serves until it is stopped. */
export function servingCommands({ at }: CommandBench): void {
  it.skipIf(!existsSync('out/renderer/index.html'))(
    'serves the window, which `npm test` has built, until it is stopped',
    async () => {
      const line = readCommandLine([...serving, '--export-dir', at('exports'), '--workspace', at('workspace')])
      if (line.kind !== 'run') throw new Error('serve is no command')
      const [stop, write] = [new AbortController(), process.stdout.write.bind(process.stdout)]
      const printed = new Promise<string>(resolve => {
        process.stdout.write = ((chunk: string) => {
          resolve(chunk)
          return true
        }) as typeof process.stdout.write
      })
      const ended = (await line.command.load())({
        values: line.values,
        positionals: line.positionals,
        json: true,
        progress: new ProgressLine(process.stderr),
        signal: stop.signal,
      })
      try {
        const { url } = z
          .object({ url: z.url() })
          .parse(JSON.parse(await Promise.race([printed, ended.then(() => '')])))
        expect((await fetch(url, { redirect: 'manual' })).status).toBeLessThan(400)
      } finally {
        process.stdout.write = write
        stop.abort()
        await ended
      }
    },
    300_000,
  )
}
