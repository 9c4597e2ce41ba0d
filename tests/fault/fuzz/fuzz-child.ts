import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { FuzzMessage } from './fuzz.ts'
import { mutated } from './mutate.ts'
import { plantedBugs, readers } from './readers.ts'

/** The process in which mutated files are read: whatever they do to it, the test goes on. */
const [name = '', seed = '0', share = '1'] = process.argv.slice(2)
const send = (message: FuzzMessage): void => {
  process.send!(message)
}
const { fileName, cases, files, read } = { ...readers, ...plantedBugs }[name]!
const tried = Math.ceil(cases * Number(share))
const folder = await mkdtemp(join(tmpdir(), 'lfvila-fuzz-'))
try {
  const originals = await files()
  const path = join(folder, fileName)
  let opened = 0
  for (let index = 0; index < tried; index++) {
    send({ kind: 'begins', index })
    await writeFile(path, mutated(originals, Number(seed), index))
    try {
      await read(path)
      opened++
    } catch (error) {
      if (!(error instanceof ExpectedError)) {
        send({
          kind: 'failure',
          index,
          reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      }
    }
  }
  // Kilobytes on Linux, macOS and Windows alike: Node converts.
  send({ kind: 'ended', cases: tried, opened, peakBytes: process.resourceUsage().maxRSS * 1024 })
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.disconnect()
