import { parentPort } from 'node:worker_threads'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { configureExecutables } from '../executables.ts'
import { samplePasses, type PassSample } from '../frames.ts'
import type { Answer, Failure, Request, SamplingOrder } from './messages.ts'

interface Sampling { readonly samples: AsyncGenerator<PassSample>, readonly stop: AbortController }

const samplings = new Map<number, Sampling>()
let configured = ''

function begin({ path, info, passes, options, executables }: SamplingOrder): Sampling {
  const wanted = JSON.stringify(executables)
  if (wanted !== configured) configureExecutables(executables)
  configured = wanted
  const stop = new AbortController()
  return { samples: samplePasses(path, info, passes, { ...options, signal: stop.signal }), stop }
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

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { expected: false, message: String(error) }
  const { message } = error
  const text = (name: 'code' | 'syscall') => name in error ? { [name]: String(Reflect.get(error, name)) } : {}
  return { expected: error instanceof ExpectedError, message, ...text('code'), ...text('syscall') }
}

function answer(message: Answer, transfer: readonly ArrayBufferLike[]): void {
  parentPort?.postMessage(message, transfer.filter((buffer) => buffer instanceof ArrayBuffer))
}

function end(id: number): void {
  const sampling = samplings.get(id)
  samplings.delete(id)
  sampling?.stop.abort(new Error('ended by the caller'))
  void sampling?.samples.return(undefined).catch(() => undefined)
}

parentPort?.on('message', (request: Request) => {
  if (request.ask === 'begin') samplings.set(request.id, begin(request.order))
  else if (request.ask === 'next') void next(request.id)
  else end(request.id)
})
