import { join } from 'node:path'
import { ORPCError } from '@orpc/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { safeParse } from 'zod/v4/core'
import type { $ZodType } from 'zod/v4/core'
import { contract } from '../../../main/api/index.ts'
import { readLog } from '../../../main/diagnostics/log-files.ts'
import { startHttpServer } from '../../../main/hosts/server/http-server.ts'
import type { RunningServer } from '../../../main/hosts/server/http-server.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../main/workbench/workbench.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../native-models/starter/seeded-random.ts'
import { folderOfFile } from '../../support/folders.ts'
import { socketClient } from '../../support/socket-client.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { drawInput, spoil } from './draw-input.ts'

/** Calls per procedure, of each kind. */
const draws = process.env.LFVILA_MUTATIONS === 'all' ? 200 : 6
/** Milliseconds after which a call counts as one that has hung. */
const patience = 60_000

/** What is not called, and why. */
const left: Readonly<Record<string, string>> = {
  'app.events': 'a stream without end, which takes no input',
  'engine.devices': 'starts a process for each device, and takes one flag',
}

type Call = (input: unknown, options: { signal: AbortSignal }) => Promise<unknown>
interface Procedure {
  readonly name: string
  readonly input: $ZodType | null
}
const procedures: Procedure[] = Object.entries(contract).flatMap(([room, all]) =>
  Object.entries(all).map(([name, procedure]) => ({
    name: `${room}.${name}`,
    input: (procedure['~orpc'].inputSchema ?? null) as $ZodType | null,
  })),
)
/** What takes things away comes last, so that the others find them. */
const called = procedures
  .filter(({ name, input }) => input !== null && !(name in left))
  .toSorted((a, b) => Number(/remove|clear|dismiss/.test(a.name)) - Number(/remove|clear|dismiss/.test(b.name)))

const workspace = join(folderOfFile('contract-fuzz'), 'workspace')
let workbench: Workbench
let server: RunningServer
let overSocket: Awaited<ReturnType<typeof socketClient>>
let calls = 0
const counts = { answered: 0, told: 0, invalid: 0 }

beforeAll(async () => {
  // A video of number 1 that is indexed, so that what is asked of it is computed.
  const folder = join(workspace, '..', 'videos')
  await drawVideo(join(folder, 'one.mp4'), 'testsrc2=s=64x48:r=8:d=2', ['-c:v', 'libx264', '-preset', 'ultrafast'])
  const options = { host: 'server', version: 'test', workspace, demo: false } as const
  const indexing = await openWorkbench(options)
  const { jobId } = await indexing.client.library.addFolder({ path: folder })
  await indexing.waitForJob(jobId)
  for (const { id } of await indexing.client.jobs.list()) {
    await indexing.waitForJob(id)
  }
  expect(await indexing.client.library.summary()).toMatchObject({ videos: 1, overview: { indexed: 1 } })
  await indexing.close()
  // No further job is run: what one does with what it was asked for has its own tests.
  workbench = await openWorkbench({ ...options, runJobs: false })
  await workbench.client.app.changeSettings({ offline: true })
  const onError = (error: unknown): void => workbench.log.error({ err: error }, 'the server failed')
  server = await startHttpServer({ workbench, files: new Map(), host: '127.0.0.1', port: 0, onError })
  overSocket = await socketClient(server)
}, 180_000)
afterAll(async () => {
  overSocket?.close()
  await server?.close()
  await workbench?.close()
})

/**
 * Asks in the process itself, every third time over the WebSocket of the served window.
 * @returns what went wrong, or null: an answer, or a refusal that is told.
 */
async function call(name: string, input: unknown): Promise<string | null> {
  const [room = '', procedure = ''] = name.split('.')
  const { client } = ++calls % 3 === 0 ? overSocket : workbench
  const rooms = client as unknown as Record<string, Record<string, Call>>
  const signal = AbortSignal.timeout(patience)
  try {
    await rooms[room]?.[procedure]?.(input, { signal })
    counts.answered++
    return null
  } catch (error) {
    if (signal.aborted) return `no answer after ${patience} ms`
    if (error instanceof ORPCError && ['EXPECTED', 'BAD_REQUEST'].includes(error.code)) {
      counts[error.code === 'EXPECTED' ? 'told' : 'invalid']++
      return null
    }
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

it('leaves out nothing that is not there', () => {
  expect(Object.keys(left).filter(name => !procedures.some(procedure => procedure.name === name))).toEqual([])
})

it.each(called)(
  '$name answers or refuses whatever it is asked',
  async ({ name, input }) => {
    const schema = input as $ZodType
    const random = seededRandom(1, name)
    for (let index = 0; index < draws; index++) {
      const drawn = drawTakenInput(schema, random)
      for (const asked of [drawn, spoil(drawn, random)]) {
        expect(await call(name, asked), `${name} of ${show(asked)}`).toBeNull()
      }
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  },
  600_000,
)

it('has met no bug, and works as before', async () => {
  const { entries } = await readLog(join(workspace, 'workbench.log'), { least: 'error', count: 5 })
  expect(entries.map(({ text, details }) => `${text}: ${details}`)).toEqual([])
  console.log(
    `${counts.answered} calls were answered, ${counts.told} refused with a sentence, ${counts.invalid} as no input.`,
  )
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(called.length)
  await workbench.client.library.summary()
})

/** One that the schema takes, if a few attempts find one: rules of several fields are not drawn by. */
function drawTakenInput(schema: $ZodType, random: Random): unknown {
  let drawn = drawInput(schema, random)
  for (let attempt = 0; attempt < 20 && !safeParse(schema, drawn).success; attempt++) {
    drawn = drawInput(schema, random)
  }
  return drawn
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item))?.slice(0, 400)
}
