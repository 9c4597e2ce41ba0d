import { matMul } from '../../native-models/graph/build.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import { makeProgram } from '../../native-models/graph/program.ts'
import { input } from '../../native-models/graph/tensor.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { EngineLostError } from './connection.ts'
import { Engine, exitCause } from './engine.ts'
import type { EngineLauncher } from './launcher.ts'

/** One product of this size takes a CPU some 20 ms, a GPU a few, and a GPU imitated in software a second. */
const size = 768
/** Relative error of single precision over `size` additions, with room for the reduced products of GPUs (TF32). */
const tolerance = 5e-3

/** `milliseconds`: of one matrix product with its transfers; `problem`: why the provider cannot be used. */
export type ProbeResult = { milliseconds: number; problem: null } | { milliseconds: null; problem: string }

/**
 * Lets a provider compute a matrix product in a process that may die of it: a broken driver aborts, hangs or computes nonsense.
 * @param limit Milliseconds for each of start, compilation and run.
 */
export async function probeProvider(provider: string, launch: EngineLauncher, limit: number, signal?: AbortSignal): Promise<ProbeResult> {
  const engine = new Engine({ launch, device: provider, startLimit: limit, answerLimit: limit })
  try {
    const x = Float32Array.from({ length: size * size }, (_, index) => ((index * 7919) % 1000) / 1000)
    const tensor = input('x', 'float32', [size, size])
    const program = toOnnx(makeProgram('probe', { product: matMul(tensor, tensor) }), name => { throw new Error(`The probe has no weight ${name}.`) })
    const session = await engine.load(program, { exclusive: provider !== 'cpu' }, signal)
    const feeds = { x: { dtype: 'float32' as const, dims: [size, size], data: x } }
    await engine.run(session, feeds, { signal })
    // The first run compiles shaders; the second is the speed.
    const started = performance.now()
    const { product } = await engine.run(session, feeds, { signal })
    const milliseconds = performance.now() - started
    const error = product?.data instanceof Float32Array ? productError(x, product.data) : Infinity
    return error <= tolerance ? { milliseconds, problem: null } : { milliseconds: null, problem: 'it computes wrong results (a broken driver)' }
  } catch (error) {
    signal?.throwIfAborted()
    return { milliseconds: null, problem: problemOf(error) }
  } finally {
    await engine.close()
  }
}

/** Largest relative error of x·x over a sample of entries. */
function productError(x: Float32Array, product: Float32Array): number {
  let worst = 0
  for (let entry = 0; entry < product.length; entry += 9973) {
    const row = Math.floor(entry / size)
    const column = entry % size
    let exact = 0
    for (let k = 0; k < size; k++) exact += x[row * size + k]! * x[k * size + column]!
    const error = Math.abs(product[entry]! - exact) / exact
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error)
  }
  return worst
}

/** ONNX Runtime's own words for the usual causes name source lines; these name what the user can change. */
const usualCauses: readonly [RegExp, string][] = [
  [/No supported adapters|Failed to get a WebGPU adapter/, 'no graphics driver that it can use was found (it needs Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS)'],
  [/ExecutionProvider_(Cuda|TensorRT).*Failed to load shared library/, 'its libraries are not installed or do not load (they are a separate download, and need an NVIDIA driver, CUDA and cuDNN)'],
  [/backend not found/, 'this build of ONNX Runtime does not contain it'],
  [/assigned to the default CPU EP/, 'it cannot run a matrix product itself'],
]

function problemOf(error: unknown): string {
  if (!(error instanceof ExpectedError)) throw error
  if (error.cause instanceof EngineLostError) {
    const { exit } = error.cause
    if (exit.reason === 'crashed') return `the driver crashed the probe (${exitCause(exit)})`
    if (exit.reason === 'hung') return `the driver gave no answer within ${exit.seconds} s`
  }
  return usualCauses.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message
}
