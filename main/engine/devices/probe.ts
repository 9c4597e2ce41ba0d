import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { linear } from '../../../native-models/graph/build.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { derivedWeight } from '../../../native-models/graph/precision/derived-weight.ts'
import { inPrecision } from '../../../native-models/graph/precision/precision.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { input, parameter } from '../../../native-models/graph/tensor.ts'
import type { Precision, Trial } from '../../api/engine.ts'
import { EngineLostError } from '../connection.ts'
import { exitCause } from '../engine-failures.ts'
import { Engine } from '../engine.ts'
import type { EngineLauncher } from '../launcher.ts'

/** One product of this size takes a CPU some 20 ms, a GPU a few, and a GPU imitated in software a second. */
const size = 768
/** Runs after the first, which compiles shaders; the fastest counts. */
const runs = 3
/** Milliseconds of a run after which no other is made. */
const longRun = 200
/**
 * Relative error over `size` additions: of single precision with room for the reduced products of GPUs (TF32), of 11
 * bits and of 8.
 */
const tolerances: Record<Precision, number> = { fp32: 5e-3, fp16: 2e-2, int8: 5e-2, int7: 5e-2 }

/** What a provider is tried in: the CPU converts fp16 back and forth, and only the CPU has products of 8 bits. */
const precisionsOf = (provider: string): Precision[] =>
  provider === 'cpu' ? ['fp32', 'int8', 'int7'] : ['fp32', 'fp16']

const wrongResults = english`it computes wrong results (a broken driver)`
const overflow = english`its sums of 8-bit products overflow, as on every processor without VNNI`

/**
 * How soon what refused a device may be otherwise: want of memory at once; one that gave no answer is either broken or
 * on a machine that was busy for a while.
 */
export type Passing = 'now' | 'a while'

interface TrialLimit {
  /** Milliseconds for each of start, compilation and run. */
  readonly limit: number
  readonly signal?: AbortSignal | undefined
  /** Told when a trial may have failed for what is passing, and not for what the device is. */
  readonly onPassing?: ((passing: Passing) => void) | undefined
}

/**
 * Lets a provider compute a matrix product in a process that may die of it: a broken driver aborts, hangs or computes
 * nonsense. Without fp32 nothing else is tried.
 */
export async function probeProvider(
  provider: string,
  launch: EngineLauncher,
  { limit, signal, onPassing }: TrialLimit,
): Promise<Trial[]> {
  const engine = new Engine({ launch, device: provider, startLimit: limit, answerLimit: limit })
  const trials: Trial[] = []
  try {
    for (const precision of precisionsOf(provider)) {
      trials.push(await tryProduct(engine, precision, { signal, onPassing }))
      if (trials[0]?.problem || (trials.at(-1)?.precision === 'int8' && trials.at(-1)?.problem === null)) break
    }
    return trials
  } finally {
    await engine.close()
  }
}

async function tryProduct(
  engine: Engine,
  precision: Precision,
  { signal, onPassing }: Omit<TrialLimit, 'limit'>,
): Promise<Trial> {
  try {
    // All near the largest value: where sums of pairs of products overflow, every one does.
    const x = Float32Array.from({ length: size * size }, (_, index) => 0.9 + ((index * 7919) % 1000) / 10_000)
    // x transposed, as PyTorch keeps the weight of a Linear layer: the product is x · x.
    const weight = x.map((_, index) => x[(index % size) * size + Math.floor(index / size)]!)
    const program = makeProgram('probe', {
      product: linear(input('x', 'float32', [size, size]), parameter('weight', [size, size]), null),
    })
    const onnx = toOnnx(inPrecision(program, precision), name => {
      const values = derivedWeight(name)?.values(weight, size) ?? weight
      return { inline: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
    })
    const session = await engine.load(onnx, { exclusive: engine.status().device !== 'cpu' }, signal)
    const feeds = { x: { dtype: 'float32' as const, dims: [size, size], data: x } }
    const { product } = await engine.run(session, feeds, { signal })
    const error = product?.data instanceof Float32Array ? productError(x, product.data) : Infinity
    if (!(error <= tolerances[precision])) {
      return { precision, milliseconds: null, problem: precision === 'int8' ? overflow : wrongResults }
    }
    let milliseconds = Infinity
    for (let run = 0, last = 0; run < runs && last < longRun; run++) {
      const started = performance.now()
      await engine.run(session, feeds, { signal })
      last = performance.now() - started
      milliseconds = Math.min(milliseconds, last)
    }
    return { precision, milliseconds, problem: null }
  } catch (error) {
    signal?.throwIfAborted()
    const passing = passingOf(error)
    if (passing) onPassing?.(passing)
    return { precision, milliseconds: null, problem: problemOf(error) }
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
  [
    /No supported adapters|Failed to get a WebGPU adapter/,
    english`no graphics driver that it can use was found (it needs Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS)`,
  ],
  [
    /ExecutionProvider_(Cuda|TensorRT).*Failed to load shared library/,
    english`its libraries are not installed or do not load (\`npm run install-cuda\` fetches them; they need an NVIDIA driver, CUDA 12 and cuDNN 9)`,
  ],
  [/backend not found/, english`this build of ONNX Runtime does not contain it`],
  [/assigned to the default CPU EP/, english`it cannot run a matrix product itself`],
]

/** A process that was ended from outside or could not be started, memory that was not there, and silence. */
function passingOf(error: unknown): Passing | null {
  if (!(error instanceof ExpectedError)) return null
  const exit = error.cause instanceof EngineLostError ? error.cause.exit : null
  if (exit?.reason === 'hung') return 'a while'
  if (exit?.reason === 'crashed') {
    const { code, signal } = exit.exit
    if (signal === 'SIGKILL' || signal === 'SIGTERM' || (signal === null && code === null)) return 'now'
  }
  return /out of memory|bad_alloc|failed to allocate/i.test(error.message) ? 'now' : null
}

function problemOf(error: unknown): string {
  if (!(error instanceof ExpectedError)) throw error
  if (error.cause instanceof EngineLostError) {
    const { exit } = error.cause
    if (exit.reason === 'crashed') return english`the driver crashed the probe (${exitCause(exit)})`
    if (exit.reason === 'hung') return english`the driver gave no answer within ${exit.seconds} s`
  }
  return usualCauses.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message
}
