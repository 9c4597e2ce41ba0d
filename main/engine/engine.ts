import { basename } from 'node:path'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { EngineStatus } from '../api/engine.ts'
import { EngineConnection, EngineLostError } from './connection.ts'
import type { Answer, EngineExit, Question } from './connection.ts'
import { lostSentence, oneLine } from './engine-failures.ts'
import type { EngineLauncher } from './launcher.ts'
import type { Signature } from './onnxruntime.ts'
import type { ModelSource, ProgramOptions, Resident, Tensors } from './protocol.ts'
import { WorkQueue } from './work-queue.ts'

export type SessionKey = number
export type BufferKey = number

export interface EngineOptions {
  launch: EngineLauncher
  /** Added to that of the process. */
  environment?: Readonly<Record<string, string>>
  /** Provider of every session; see `chooseDevice`. */
  device?: string
  /** Why it is not the device that was asked for, or null. */
  fallback?: string | null
  /**
   * Milliseconds without an answer to one load or run after which the process is taken for hung. A full-size step on a
   * slow CPU takes tens of seconds.
   */
  answerLimit?: number
  /** The same for the start of the process: behind much other work of the machine it takes minutes. */
  startLimit?: number
  /**
   * An engine of its own process for short work that someone waits for, see {@link Engine.forAnswers}; it is closed
   * with this one.
   */
  beside?: Engine
}

export interface RunOptions {
  signal?: AbortSignal
  /** All by default. */
  outputs?: string[]
  /** Inputs that lie in buffers of the engine, and outputs that go there. */
  resident?: Resident
}

interface LoadedProgram {
  model: ModelSource
  label: string
  options: ProgramOptions
}

/**
 * ONNX Runtime in a process of its own, seen from the workbench. Work is done one piece at a time in the order of the
 * calls. After a crash the next call starts a new process and loads the sessions it needs; only the call in flight is
 * lost.
 */
export class Engine {
  readonly #options: Required<Pick<EngineOptions, 'launch' | 'environment' | 'answerLimit' | 'startLimit'>>
  readonly #beside: Engine | null
  #connection: EngineConnection | null = null
  #programs = new Map<SessionKey, LoadedProgram>()
  /** Sessions that exist in the present process. */
  #present = new Set<SessionKey>()
  /** Buffers that exist in the present process. */
  #buffers = new Set<BufferKey>()
  readonly #queue = new WorkQueue(() => this.#rest())
  #nextSession = 1
  #nextBuffer = 1
  #status: EngineStatus
  #listeners = new Set<(status: EngineStatus) => void>()

  constructor(options: EngineOptions) {
    this.#beside = options.beside ?? null
    this.#options = {
      launch: options.launch,
      environment: options.environment ?? {},
      answerLimit: options.answerLimit ?? 10 * 60_000,
      startLimit: options.startLimit ?? 5 * 60_000,
    }
    this.#status = {
      state: 'stopped',
      device: options.device ?? 'cpu',
      fallback: options.fallback ?? null,
      memory: null,
      restarts: 0,
    }
  }

  status(): EngineStatus {
    return this.#status
  }

  /**
   * Where short work goes that someone waits for, as a search: on the CPU, where a step of other work takes seconds and
   * cannot be interrupted, the engine beside this one, if there is one.
   */
  get forAnswers(): Engine {
    return this.#status.device === 'cpu' ? (this.#beside ?? this) : this
  }

  /** Calls `listener` at every change of the status; the returned function ends that. */
  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Process id of the engine, for tests and diagnosis. */
  get pid(): number | undefined {
    return this.#connection?.pid
  }

  /**
   * Prepares an ONNX program. With a path, external data beside it is memory-mapped.
   * @throws ExpectedError when it is not a program that this device can run.
   */
  async load(model: ModelSource, options: ProgramOptions = {}, signal?: AbortSignal): Promise<SessionKey> {
    const session = this.#nextSession++
    const label = typeof model === 'string' ? basename(model) : english`a program in memory`
    this.#programs.set(session, { model, label, options })
    try {
      await this.#enqueue(() => this.#loaded(session), english`loading ${label}`, signal)
    } catch (error) {
      this.#programs.delete(session)
      throw error
    }
    return session
  }

  /**
   * Runs a session for the named outputs, all by default. A run that has begun cannot be stopped: `signal` rejects this
   * call at once and its result is dropped.
   * @throws ExpectedError when the engine crashed or hung during the run, the device failed, or a buffer went with an
   * earlier process.
   */
  async run(session: SessionKey, feeds: Tensors, { signal, outputs, resident }: RunOptions = {}): Promise<Tensors> {
    const program = this.#programs.get(session)
    if (!program) throw new Error(`Session ${session} was released or never loaded.`)
    return this.#enqueue(
      async () => {
        const connection = await this.#loaded(session)
        for (const { buffer } of Object.values({ ...resident?.feeds, ...resident?.results })) this.#assertBuffer(buffer)
        const answer = await this.#ask(connection, { type: 'run', session, feeds, outputs, resident })
        if (answer.type === 'outputs') return answer.outputs
        const message = answer.type === 'failed' ? answer.message : english`an unexpected answer of type ${answer.type}`
        throw new ExpectedError(
          'engine-run',
          `Running ${program.label} on the device ‘${this.#status.device}’ failed: ${oneLine(message)}${this.#status.device === 'cpu' ? '' : ' — choose the CPU in Settings if it happens again'}.`,
        )
      },
      english`running ${program.label}`,
      signal,
    )
  }

  /** The names, types and shapes of what a loaded program asks for and gives. */
  async describe(session: SessionKey, signal?: AbortSignal): Promise<Signature> {
    return this.#enqueue(
      async () => {
        const answer = await this.#ask(await this.#loaded(session), { type: 'describe', session })
        if (answer.type !== 'described') {
          throw new Error(`The engine answered a question about session ${session} with ${answer.type}.`)
        }
        return answer.signature
      },
      english`describing a program`,
      signal,
    )
  }

  /** Frees a session; unknown keys are ignored. */
  async release(session: SessionKey): Promise<void> {
    this.#programs.delete(session)
    await this.#enqueue(
      async () => {
        if (this.#connection && this.#present.delete(session)) {
          await this.#ask(this.#connection, { type: 'release', session })
        }
      },
      english`releasing a program`,
    )
  }

  /**
   * Sets up memory of `length` float32 zeros that outlives a run. It does not outlive the process: after a crash or a
   * change of the device everything that asks for it throws.
   */
  async allocate(length: number): Promise<BufferKey> {
    const buffer = this.#nextBuffer++
    await this.#enqueue(
      async () => {
        await this.#demand(await this.#connect(), { type: 'allocate', buffer, length }, english`allocating memory`)
        this.#buffers.add(buffer)
      },
      english`allocating memory`,
    )
    return buffer
  }

  /** Sets a buffer to zero. */
  clear(buffer: BufferKey): Promise<void> {
    return this.#onBuffer(buffer, async connection => {
      await this.#demand(connection, { type: 'clear', buffer }, english`clearing memory`)
    })
  }

  write(buffer: BufferKey, offset: number, values: Float32Array): Promise<void> {
    return this.#onBuffer(buffer, async connection => {
      await this.#demand(connection, { type: 'write', buffer, offset, values }, english`writing memory`)
    })
  }

  read(buffer: BufferKey, offset: number, length: number): Promise<Float32Array> {
    return this.#onBuffer(buffer, async connection => {
      const answer = await this.#demand(connection, { type: 'read', buffer, offset, length }, english`reading memory`)
      if (answer.type !== 'values') throw new Error(`The engine answered a question about memory with ${answer.type}.`)
      return answer.values
    })
  }

  /** Gives memory back; unknown keys are ignored. */
  async free(buffer: BufferKey): Promise<void> {
    await this.#enqueue(
      async () => {
        if (this.#connection && this.#buffers.delete(buffer)) {
          await this.#ask(this.#connection, { type: 'free', buffer })
        }
      },
      english`freeing memory`,
    )
  }

  #onBuffer<T>(buffer: BufferKey, work: (connection: EngineConnection) => Promise<T>): Promise<T> {
    return this.#enqueue(
      async () => {
        const connection = await this.#connect()
        this.#assertBuffer(buffer)
        return work(connection)
      },
      english`moving weights`,
    )
  }

  #assertBuffer(buffer: BufferKey): void {
    if (!this.#buffers.has(buffer)) {
      throw new ExpectedError(
        'engine-memory-lost',
        'The engine was started anew and what it held in memory, such as weights being trained, is gone; go on from the last checkpoint.',
      )
    }
  }

  /** @throws ExpectedError with what the engine says when it fails. */
  async #demand(connection: EngineConnection, question: Question, doing: string): Promise<Answer> {
    const answer = await this.#ask(connection, question)
    if (answer.type === 'failed') {
      throw new ExpectedError(
        'engine-memory',
        `The engine failed while ${doing}: ${oneLine(answer.message)}; free some memory or train less of the model.`,
      )
    }
    return answer
  }

  /** Resident bytes of the engine process, which is started when it is not running. */
  ping(): Promise<number> {
    return this.#enqueue(async () => (await this.#ask(await this.#connect(), { type: 'ping' })).memory, 'answering')
  }

  /**
   * Moves all sessions to another provider, after the work already asked for; they are loaded there when next needed.
   */
  async useDevice(device: string, fallback: string | null): Promise<void> {
    await this.#enqueue(
      async () => {
        if (device !== this.#status.device) await this.#connection?.end({ reason: 'closed' })
        this.#change({ device, fallback })
      },
      english`changing the device`,
    )
  }

  /** Ends the process; calls that were not answered are rejected. */
  async close(): Promise<void> {
    this.#queue.close()
    await Promise.all([this.#connection?.end({ reason: 'closed' }), this.#beside?.close()])
    this.#listeners.clear()
  }

  async #enqueue<T>(work: () => Promise<T>, doing: string, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#queue.add(work, signal)
    } catch (error) {
      throw error instanceof EngineLostError ? lostSentence(error, doing) : error
    }
  }

  #rest(): void {
    if (this.#status.state === 'running') this.#change({ state: 'idle' })
  }

  async #connect(): Promise<EngineConnection> {
    if (!this.#connection) {
      const restart = this.#status.state === 'crashed' ? 1 : 0
      this.#change({ state: 'starting', restarts: this.#status.restarts + restart })
      const connection = new EngineConnection(
        () => this.#options.launch(this.#options.environment),
        this.#options.startLimit,
        exit => this.#gone(connection, exit),
      )
      this.#connection = connection
    }
    const connection = this.#connection
    await connection.ready
    if (this.#status.state !== 'running') this.#change({ state: 'running' })
    return connection
  }

  #gone(connection: EngineConnection, exit: EngineExit): void {
    if (this.#connection !== connection) return
    this.#connection = null
    this.#present.clear()
    this.#buffers.clear()
    this.#change({ state: exit.reason === 'closed' ? 'stopped' : 'crashed', memory: null })
  }

  /** A process in which the session exists. */
  async #loaded(session: SessionKey): Promise<EngineConnection> {
    const connection = await this.#connect()
    const program = this.#programs.get(session)
    if (!program || this.#present.has(session)) return connection
    const { device } = this.#status
    let problem = await this.#loadOn(device, { connection, session, program })
    if (problem && device !== 'cpu' && !program.options.exclusive) {
      const refusal = english`${program.label} runs on the CPU because ‘${device}’ refused it: ${problem}.`
      problem = await this.#loadOn('cpu', { connection, session, program })
      if (!problem) this.#change({ fallback: refusal })
    }
    if (problem) {
      throw new ExpectedError(
        'engine-load',
        `${typeof program.model === 'string' ? program.model : program.label} cannot be loaded on the device ‘${device}’: ${problem}.`,
      )
    }
    this.#present.add(session)
    return connection
  }

  async #loadOn(
    device: string,
    {
      connection,
      session,
      program,
    }: { readonly connection: EngineConnection; readonly session: SessionKey; readonly program: LoadedProgram },
  ): Promise<string | null> {
    const answer = await this.#ask(connection, {
      type: 'load',
      session,
      model: program.model,
      options: { ...program.options, provider: device },
    })
    return answer.type === 'failed' ? oneLine(answer.message) : null
  }

  async #ask(connection: EngineConnection, question: Question): Promise<Answer> {
    const answer = await connection.ask(question, this.#options.answerLimit)
    if (answer.memory !== this.#status.memory) this.#change({ memory: answer.memory })
    return answer
  }

  #change(change: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...change }
    for (const listener of this.#listeners) listener(this.#status)
  }
}
