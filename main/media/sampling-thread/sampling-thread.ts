import { setMaxListeners } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { entryFile, startThread } from '../../processes/entry-file.ts'
import { foundExecutables } from '../ffmpeg/executables.ts'
import type { FramesRequest, LoadedFrames } from '../frame-store/load-frames.ts'
import type { MediaInfo } from '../media-info.ts'
import type { PassSample, SampleOptions } from '../sampling/frames.ts'
import type { SampledFrames } from '../sampling/sample-target.ts'
import { denseSegments, framesPerSegment } from '../sampling/sampling.ts'
import type { Answer, Failure, Request, SamplingRequest, Task } from './messages.ts'

/** Where the thread's code begins. */
const samplingThreadEntry = (): string => entryFile('../media/sampling-thread/thread.ts', 'sampling.js')

type Passes = SamplingRequest['passes']
interface Asked {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Samples videos in a thread of its own. The pixels of a second of video pass through 100 buffers, and collecting
 * those, starting decoders and the exact transform would each keep the main process from answering for 10 ms and more
 * at a time. The thread starts when it is first needed and keeps no process alive that has nothing else to do.
 */
export class SamplingThread {
  readonly denseSegments = denseSegments
  readonly #asked = new Map<number, Asked>()
  #worker: Worker | null = null
  #samplings = 0
  #lastId = 0

  /** As {@link import('../sampling/frames.ts').samplePasses}. @throws also an Error when the thread itself ends. */
  async *samplePasses(
    path: string,
    info: MediaInfo,
    { passes, signal, ...options }: { readonly passes: Passes } & SampleOptions,
  ): AsyncGenerator<PassSample> {
    signal?.throwIfAborted()
    const executables = await foundExecutables()
    const id = (this.#lastId += 1)
    const worker = this.#open()
    const post = (request: Request) => worker.postMessage(request)
    const end = () => post({ id, ask: 'end' })
    post({ id, ask: 'begin', order: { path, info, passes, options, executables } })
    signal?.addEventListener('abort', end, { once: true })
    try {
      for (;;) {
        const answer = await this.#answered(worker, id, { id, ask: 'next' })
        signal?.throwIfAborted()
        if ('failure' in answer) throw errorOf(answer.failure)
        if (!('sample' in answer) || answer.sample === null) return
        yield answer.sample
      }
    } finally {
      signal?.removeEventListener('abort', end)
      end()
      this.#close(worker)
    }
  }

  /** As {@link import('../sampling/frames.ts').sampleOverview}. */
  async sampleOverview(
    path: string,
    info: MediaInfo,
    options: SampleOptions & { readonly frames?: number | undefined } = {},
  ): Promise<SampledFrames> {
    const { frames = framesPerSegment, ...rest } = options
    for await (const { segment: _, ...sampled } of this.samplePasses(path, info, {
      passes: { overview: frames, segments: [] },
      ...rest,
    })) {
      return sampled
    }
    throw new Error(`no overview of ${path}`)
  }

  /** As {@link import('../probing/probe.ts').probe}. */
  async probe(path: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<MediaInfo> {
    const answer = await this.#do({ what: 'probe', path }, signal)
    if ('info' in answer) return answer.info
    throw new Error(`no information about ${path}`)
  }

  /**
   * As {@link import('../frame-store/load-frames.ts').loadFrames}; several orders are worked on at a time, the others
   * wait.
   */
  async loadFrames(order: FramesRequest, signal?: AbortSignal): Promise<LoadedFrames> {
    const answer = await this.#do({ what: 'frames', order }, signal)
    if ('frames' in answer) return answer.frames
    throw new Error(`no frames of ${order.parts[0]?.path}`)
  }

  /** Ends the thread; samplings in progress fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  async #do(task: Task, signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted()
    const executables = await foundExecutables()
    const id = (this.#lastId += 1)
    const worker = this.#open()
    const end = () => worker.postMessage({ id, ask: 'end' } satisfies Request)
    // A batch waits with one signal for all its examples, which is no leak.
    if (signal) setMaxListeners(0, signal)
    signal?.addEventListener('abort', end, { once: true })
    try {
      const answer = await this.#answered(worker, id, { id, ask: 'do', task, executables })
      signal?.throwIfAborted()
      if ('failure' in answer) throw errorOf(answer.failure)
      return answer
    } finally {
      signal?.removeEventListener('abort', end)
      this.#close(worker)
    }
  }

  #open(): Worker {
    const worker = (this.#worker ??= this.#start())
    this.#samplings += 1
    worker.ref()
    return worker
  }

  #close(worker: Worker): void {
    this.#samplings -= 1
    if (this.#samplings === 0) worker.unref()
  }

  #start(): Worker {
    const worker = startThread(samplingThreadEntry(), null)
    const failAll = (error: unknown): void => {
      if (this.#worker === worker) this.#worker = null
      for (const { reject } of this.#asked.values()) reject(error)
      this.#asked.clear()
    }
    worker.on('message', (answer: Answer) => {
      this.#asked.get(answer.id)?.resolve(answer)
      this.#asked.delete(answer.id)
    })
    worker.on('error', failAll)
    worker.on('exit', () => failAll(new Error('The thread that samples videos has ended.')))
    return worker
  }

  #answered(worker: Worker, id: number, request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#worker !== worker) reject(new Error('The thread that samples videos has ended.'))
      this.#asked.set(id, { resolve, reject })
      worker.postMessage(request)
    })
  }
}

function errorOf(failure: Failure): Error {
  if (failure.expected) return new ExpectedError(failure.code, failure.message)
  const { message, code, syscall } = failure
  return Object.assign(new Error(message), code === undefined ? {} : { code }, syscall === undefined ? {} : { syscall })
}
