import { Buffers } from './buffers.ts'
import { createSession } from './onnxruntime.ts'
import type { Session } from './onnxruntime.ts'
import { request } from './protocol.ts'
import type { Reply, Request, Tensors } from './protocol.ts'

/** The engine's side of the wire. */
export interface EnginePort {
  send(message: Reply): void
  onMessage(listener: (message: unknown) => void): void
}

/** Answers every request in the order of arrival, one at a time; what ONNX Runtime throws becomes a `failed` reply. */
export function serve(port: EnginePort): void {
  const sessions = new Map<number, Session>()
  const buffers = new Buffers()
  let previous = Promise.resolve()

  port.onMessage(message => {
    const asked = request.parse(message)
    previous = previous.then(async () => {
      try {
        port.send(await answer(asked, sessions, buffers))
      } catch (error) {
        port.send({
          type: 'failed',
          id: asked.id,
          memory: process.memoryUsage.rss(),
          message: error instanceof Error ? error.message : String(error),
        })
      }
    })
  })
  port.send({ type: 'ready' })
}

async function answer(asked: Request, sessions: Map<number, Session>, buffers: Buffers): Promise<Reply> {
  const started = performance.now()
  const done = (): Reply => ({
    type: 'done',
    id: asked.id,
    memory: process.memoryUsage.rss(),
    milliseconds: performance.now() - started,
  })
  switch (asked.type) {
    case 'load':
      sessions.set(asked.session, await createSession(asked.model, asked.options))
      return done()
    case 'describe': {
      const { inputs, outputs } = loaded(asked.session, sessions)
      return { type: 'described', id: asked.id, memory: process.memoryUsage.rss(), signature: { inputs, outputs } }
    }
    case 'run': {
      const session = loaded(asked.session, sessions)
      const { feeds, results, times = 1 } = asked.resident ?? { feeds: {}, results: {} }
      let computed: Tensors = {}
      for (let turn = 0; turn < times; turn++) {
        computed = await session.run(
          { ...asked.feeds, ...buffers.tensors(feeds, turn) },
          asked.outputs,
          buffers.tensors(results, turn),
        )
      }
      const outputs = Object.fromEntries(Object.entries(computed).filter(([name]) => !(name in results)))
      return {
        type: 'outputs',
        id: asked.id,
        memory: process.memoryUsage.rss(),
        milliseconds: performance.now() - started,
        outputs,
      }
    }
    case 'release': {
      const session = sessions.get(asked.session)
      sessions.delete(asked.session)
      await session?.dispose()
      return done()
    }
    case 'allocate':
      buffers.allocate(asked.buffer, asked.length)
      return done()
    case 'clear':
      buffers.view(asked.buffer).fill(0)
      return done()
    case 'write':
      buffers.view(asked.buffer, asked.offset, asked.values.length).set(asked.values)
      return done()
    case 'read':
      return {
        type: 'values',
        id: asked.id,
        memory: process.memoryUsage.rss(),
        milliseconds: performance.now() - started,
        values: buffers.view(asked.buffer, asked.offset, asked.length).slice(),
      }
    case 'free':
      buffers.free(asked.buffer)
      return done()
    case 'ping':
      return done()
    default:
      return asked satisfies never
  }
}

function loaded(key: number, sessions: Map<number, Session>): Session {
  const session = sessions.get(key)
  if (!session) throw new Error(`Session ${key} is not loaded.`)
  return session
}
