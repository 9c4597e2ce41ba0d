import { availableParallelism } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { takeExecutables } from '../ffmpeg/executables.ts'
import { loadFrames } from '../frame-store/load-frames.ts'
import { probe } from '../probing/probe.ts'
import { samplePasses } from '../sampling/frames.ts'
import type { PassSample } from '../sampling/frames.ts'
import type { Answer, Failure, Request, SamplingRequest, Task } from './messages.ts'

interface Sampling {
  readonly samples: AsyncGenerator<PassSample>
  readonly stop: AbortController
}

const samplings = new Map<number, Sampling>()
/** Tasks that are worked on or wait, by number. */
const tasks = new Map<number, AbortController>()
const waiting: (() => void)[] = []
/** Each task is a process of one thread, mostly; more of them than cores only take memory. */
let free = Math.min(8, availableParallelism())

function begin({ path, info, passes, options, executables }: SamplingRequest): Sampling {
  takeExecutables(executables)
  const stop = new AbortController()
  return { samples: samplePasses(path, info, { passes, ...options, signal: stop.signal }), stop }
}

async function next(id: number): Promise<void> {
  try {
    const result = await samplings.get(id)?.samples.next()
    const sample = result && !result.done ? result.value : null
    answer({ id, sample }, sample ? [sample.data.buffer] : [])
  } catch (error) {
    answer({ id, failure: failure(error) }, [])
  }
}

async function take(id: number, task: Task): Promise<void> {
  const stop = new AbortController()
  tasks.set(id, stop)
  if (free > 0) free -= 1
  else await new Promise<void>(resolve => waiting.push(resolve))
  try {
    stop.signal.throwIfAborted()
    if (task.what === 'probe') {
      answer({ id, info: await probe(task.path, { signal: stop.signal }) }, [])
    } else {
      const frames = await loadFrames(task.order, stop.signal)
      answer({ id, frames }, [frames.data.buffer])
    }
  } catch (error) {
    answer({ id, failure: failure(error) }, [])
  } finally {
    tasks.delete(id)
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
}

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { expected: false, message: String(error) }
  const { message } = error
  if (error instanceof ExpectedError) return { expected: true, message, code: error.code }
  const text = (name: 'code' | 'syscall') => (name in error ? { [name]: String(Reflect.get(error, name)) } : {})
  return { expected: false, message, ...text('code'), ...text('syscall') }
}

function answer(message: Answer, transfer: readonly ArrayBufferLike[]): void {
  parentPort?.postMessage(
    message,
    transfer.filter(buffer => buffer instanceof ArrayBuffer),
  )
}

function end(id: number): void {
  tasks.get(id)?.abort(new Error('ended by the caller'))
  const sampling = samplings.get(id)
  samplings.delete(id)
  sampling?.stop.abort(new Error('ended by the caller'))
  void sampling?.samples.return(undefined).catch(() => undefined)
}

parentPort?.on('message', (request: Request) => {
  if (request.ask === 'begin') {
    samplings.set(request.id, begin(request.order))
  } else if (request.ask === 'next') {
    void next(request.id)
  } else if (request.ask === 'do') {
    takeExecutables(request.executables)
    void take(request.id, request.task)
  } else {
    end(request.id)
  }
})
