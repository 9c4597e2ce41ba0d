import { createSession } from './onnxruntime.ts'
import type { Session } from './onnxruntime.ts'
import { request } from './protocol.ts'
import type { Reply, Request } from './protocol.ts'

/** The engine's side of the wire. */
export interface EnginePort {
  send(message: Reply): void
  onMessage(listener: (message: unknown) => void): void
}

/** Answers every request in the order of arrival, one at a time; what ONNX Runtime throws becomes a `failed` reply. */
export function serve(port: EnginePort): void {
  const sessions = new Map<number, Session>()
  let previous = Promise.resolve()

  port.onMessage(message => {
    const asked = request.parse(message)
    previous = previous.then(async () => {
      try {
        port.send(await answer(asked, sessions))
      } catch (error) {
        port.send({ type: 'failed', id: asked.id, memory: process.memoryUsage.rss(), message: error instanceof Error ? error.message : String(error) })
      }
    })
  })
  port.send({ type: 'ready' })
}

async function answer(asked: Request, sessions: Map<number, Session>): Promise<Reply> {
  const started = performance.now()
  const done = (): Reply => ({ type: 'done', id: asked.id, memory: process.memoryUsage.rss(), milliseconds: performance.now() - started })
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
      const outputs = await session.run(asked.feeds, asked.outputs)
      return { type: 'outputs', id: asked.id, memory: process.memoryUsage.rss(), milliseconds: performance.now() - started, outputs }
    }
    case 'release': {
      const session = sessions.get(asked.session)
      sessions.delete(asked.session)
      await session?.dispose()
      return done()
    }
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
