import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { WorkbenchClient } from '../../../main/api/index.ts'
import type { Inspection } from '../../../main/api/training/datasets.ts'
import { startHttpServer } from '../../../main/hosts/server/http-server.ts'
import type { RunningServer } from '../../../main/hosts/server/http-server.ts'
import { inspectDataset } from '../../../main/training/data/datasets/inspect.ts'
import type { Parts } from '../../../main/workbench/parts.ts'
import { createRouter } from '../../../main/workbench/router.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { socketClient } from '../../support/socket-client.ts'

/*
 * Procedures that answer with a stream fail when it is read, long after the call: the sentence must reach the window
 * all the same, here through the real router, server and client.
 */
let server: RunningServer
let hangUp: () => void
let client: WorkbenchClient
let stream: () => AsyncGenerator<Inspection>
const logged: { err: unknown; procedure: string }[] = []

beforeAll(async () => {
  const router = createRouter({
    log: { error: (entry: (typeof logged)[number]) => logged.push(entry) },
    datasets: { inspect: () => stream() },
  } as unknown as Parts)
  server = await startHttpServer({
    workbench: { router, media: () => Promise.reject(new Error('none')) },
    files: new Map(),
    host: '127.0.0.1',
    port: 0,
    onError: () => {},
  })
  ;({ client, close: hangUp } = await socketClient(server))
})
beforeEach(() => {
  logged.length = 0
})
afterAll(async () => {
  hangUp()
  await server.close()
})

const choice = {
  folder: '/nonexistent/labelled',
  videos: null,
  task: null,
  format: null,
  split: { by: 'given' as const },
  probe: false,
}

async function read(): Promise<Inspection[]> {
  const steps: Inspection[] = []
  for await (const step of await client.datasets.inspect(choice)) steps.push(step)
  return steps
}

it('an expected failure arrives as its sentence, and is no bug', async () => {
  stream = async function* () {
    yield {
      type: 'report',
      report: await inspectDataset(choice, {
        signal: new AbortController().signal,
        frames: 32,
        probe: null,
        onProgress: () => {},
      }),
    }
  }
  await expect(read()).rejects.toMatchObject({
    code: 'EXPECTED',
    message: expect.stringContaining('/nonexistent/labelled'),
  })
  expect(logged).toEqual([])
})

it('also after some steps', async () => {
  stream = async function* () {
    yield { type: 'progress', done: 1, total: 2, current: 'a.mp4' }
    throw new ExpectedError('folder-unreadable', 'The drive of a.mp4 is gone: connect it again.')
  }
  const steps: Inspection[] = []
  const reading = (async () => {
    for await (const step of await client.datasets.inspect(choice)) steps.push(step)
  })()
  await expect(reading).rejects.toMatchObject({
    code: 'EXPECTED',
    message: 'The drive of a.mp4 is gone: connect it again.',
    data: { code: 'folder-unreadable' },
  })
  expect(steps).toHaveLength(1)
})

it('a bug is logged with its stack and the procedure, and tells a stranger nothing', async () => {
  stream = async function* () {
    yield { type: 'progress', done: 1, total: 2, current: 'a.mp4' }
    throw new TypeError('secret of /home')
  }
  const failure = await read().then(
    () => null,
    (error: unknown) => error,
  )
  expect(String(failure)).not.toContain('secret')
  expect(logged).toMatchObject([{ procedure: 'datasets.inspect', err: { message: 'secret of /home' } }])
})

it('an answer that breaks the contract is logged too', async () => {
  stream = async function* () {
    yield { type: 'progress', done: 'one' } as unknown as Inspection
  }
  await expect(read()).rejects.toMatchObject({ code: 'EVENT_ITERATOR_VALIDATION_FAILED' })
  expect(logged).toHaveLength(1)
})
