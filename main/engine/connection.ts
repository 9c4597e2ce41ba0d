import type { EngineLauncher, EngineProcess, ProcessExit } from './launcher.ts'
import { reply } from './protocol.ts'
import type { Reply, Request } from './protocol.ts'

/** Why an engine process is gone. `hung`: it gave no answer within the limit and was killed. */
export type EngineExit =
  { reason: 'closed' } | { reason: 'hung'; seconds: number } | { reason: 'crashed'; exit: ProcessExit }

/** Rejects what an engine process had not answered when it went. */
export class EngineLostError extends Error {
  readonly exit: EngineExit

  constructor(exit: EngineExit) {
    super(`The engine process is gone: ${exit.reason}.`)
    this.name = 'EngineLostError'
    this.exit = exit
  }
}

export type Answer = Exclude<Reply, { type: 'ready' }>
/** A request without the number that pairs it with its answer. */
export type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

/** One engine process from launch to exit, and the questions it has not answered yet. */
export class EngineConnection {
  #process: EngineProcess
  #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  #nextId = 1
  #exit: EngineExit | null = null
  readonly #onExit: (exit: EngineExit) => void
  readonly #ended: Promise<void>
  /** Settles when the process has loaded its code; rejects when it ends before. */
  readonly ready: Promise<void>

  constructor(launch: EngineLauncher, startLimit: number, onExit: (exit: EngineExit) => void) {
    this.#onExit = onExit
    this.#process = launch()
    this.ready = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject })
    })
    // Whoever starts a connection awaits `ready`; until then a crash is not an unhandled rejection.
    this.ready.catch(() => {})
    const slow = setTimeout(() => this.end({ reason: 'hung', seconds: startLimit / 1000 }), startLimit)
    this.#process.onMessage(message => {
      const received = reply.parse(message)
      if (received.type === 'ready') clearTimeout(slow)
      const id = received.type === 'ready' ? 0 : received.id
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      waiting?.resolve(received as Answer)
    })
    this.#ended = new Promise(resolve => {
      this.#process.onExit(exit => {
        clearTimeout(slow)
        this.#gone(this.#exit ?? { reason: 'crashed', exit })
        resolve()
      })
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /**
   * Rejects with the reason of the exit when the process ends first, or after `limit` milliseconds without an answer
   * (the process is then killed).
   */
  ask(question: Question, limit: number): Promise<Answer> {
    if (this.#exit) return Promise.reject(new EngineLostError(this.#exit))
    const id = this.#nextId++
    return new Promise<Answer>((resolve, reject) => {
      const hung = setTimeout(() => this.end({ reason: 'hung', seconds: limit / 1000 }), limit)
      this.#waiting.set(id, {
        resolve: answer => {
          clearTimeout(hung)
          resolve(answer)
        },
        reject: error => {
          clearTimeout(hung)
          reject(error)
        },
      })
      this.#process.send({ ...question, id } as Request)
    })
  }

  /** Kills the process, rejects what it has not answered, and settles when it is gone. */
  end(exit: EngineExit): Promise<void> {
    this.#process.kill()
    this.#gone(exit)
    return this.#ended
  }

  #gone(exit: EngineExit): void {
    if (this.#exit) return
    this.#exit = exit
    for (const { reject } of this.#waiting.values()) reject(new EngineLostError(exit))
    this.#waiting.clear()
    this.#onExit(exit)
  }
}
