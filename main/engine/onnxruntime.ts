import { InferenceSession, Tensor } from 'onnxruntime-node'

/** float16 as its 16 bits. */
export type TensorData = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array

/** A dense tensor on the CPU; row-major. */
export interface TensorValue {
  readonly dtype: 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'bool'
  readonly dims: readonly number[]
  readonly data: TensorData
}

export interface SessionOptions {
  /** Execution provider; cpu, webgpu, cuda, dml or coreml. */
  readonly provider?: string
  /** Refuses a model of which some node would have to run on the CPU instead of the provider. */
  readonly exclusive?: boolean
  /** Threads within one operator; by default ONNX Runtime takes every core. */
  readonly threads?: number
  /** Off: weights stay in the mapped file and pages are shared between sessions, but runs are slower. */
  readonly prepack?: boolean
  /**
   * Off: what is computed on the way is asked of the system's allocator one by one, where ONNX Runtime else keeps a
   * store that grows by doubling. A training step of the full size peaks at 7.4 instead of 9.4 GiB. On the CPU only.
   */
  readonly arena?: boolean
  /** Writes a JSON profile with this file prefix when the session ends. */
  readonly profile?: string
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'layout' | 'all'
}

/** An input or output of a model. A dimension that is free has a name or, without one, an empty text. */
export interface ValueSignature {
  readonly name: string
  /** ONNX Runtime's name of the element type; null for what is no tensor. */
  readonly dtype: string | null
  readonly shape: readonly (number | string)[]
}

/** What a model asks for and gives. */
export interface Signature {
  readonly inputs: readonly ValueSignature[]
  readonly outputs: readonly ValueSignature[]
}

export interface Session extends Signature {
  /**
   * Computes the named outputs (all of them by default). Blocks the thread until done.
   * @param into memory for outputs, by name; on the CPU it may be that of an input which nothing reads after the output
   * was written.
   */
  run(
    feeds: Readonly<Record<string, TensorValue>>,
    outputs?: readonly string[],
    into?: Readonly<Record<string, TensorValue>>,
  ): Promise<Record<string, TensorValue>>
  dispose(): Promise<void>
}

/**
 * The one door to ONNX Runtime. `model`: a file, whose external data lies beside it, or the bytes of a model without
 * external data.
 */
export async function createSession(model: string | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  // Attention between regions of a shifted window is about 1e-44: as denormals such numbers slow the products that
  // follow tenfold. Threads that wait by spinning take the cores from the decoder: on two busy cores runs took twice
  // the time and the processor's.
  const entries = {
    set_denormal_as_zero: '1',
    'intra_op.allow_spinning': '0',
    ...(options.prepack === false ? { disable_prepacking: '1' } : {}),
    ...(options.exclusive ? { disable_cpu_ep_fallback: '1' } : {}),
  }
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [options.provider ?? 'cpu'],
    graphOptimizationLevel: options.optimization ?? 'all',
    // A plan of all memory takes one block for everything: half as much again as tensors that come and go, and no
    // faster.
    enableMemPattern: false,
    enableCpuMemArena: options.arena ?? true,
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    extra: { session: entries },
    ...(options.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profile }),
  }
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, settings)
      : await InferenceSession.create(model, settings)
  return {
    inputs: session.inputMetadata.map(valueSignature),
    outputs: session.outputMetadata.map(valueSignature),
    async run(feeds, outputs = session.outputNames, into = {}) {
      const missing = session.inputNames.filter(name => !(name in feeds))
      if (missing.length > 0) {
        throw new Error(
          `the model needs ${missing.join(', ')}; it was given ${Object.keys(feeds).join(', ') || 'nothing'}`,
        )
      }
      const tensors = Object.fromEntries(
        session.inputNames.map(name => {
          const value = feeds[name] as TensorValue
          return [name, new Tensor(value.dtype, value.data, value.dims)]
        }),
      )
      const fetches = Object.fromEntries(
        outputs.map(name => {
          const memory = into[name]
          return [name, memory ? new Tensor(memory.dtype, memory.data, memory.dims) : null]
        }),
      )
      const results = await session.run(tensors, fetches)
      return Object.fromEntries(
        outputs.map(name => {
          const result = results[name]
          if (!result) throw new Error(`the model has no output ${name}; it has ${session.outputNames.join(', ')}`)
          const memory = into[name]
          if (memory) {
            discardCopy(result, memory)
            return [name, memory]
          }
          return [name, { dtype: result.type as TensorValue['dtype'], dims: result.dims, data: plainData(result) }]
        }),
      )
    },
    async dispose() {
      if (options.profile !== undefined) session.endProfiling()
      await session.release()
    },
  }
}

const nowhere = new MessageChannel().port1
nowhere.close()

/**
 * Version 1.30 copies also the outputs that it has written where it was told. What is sent to a closed port is gone at
 * once; as garbage, gigabytes of copies would wait for a collection and cause one after the other.
 */
function discardCopy(result: Tensor, memory: TensorValue): void {
  const { buffer } = result.data as TensorData
  if (buffer !== memory.data.buffer && buffer instanceof ArrayBuffer) nowhere.postMessage(null, [buffer])
}

function valueSignature(value: InferenceSession.ValueMetadata): ValueSignature {
  return value.isTensor
    ? { name: value.name, dtype: value.type, shape: value.shape }
    : { name: value.name, dtype: null, shape: [] }
}

/** Where the runtime of JavaScript has a Float16Array, float16 comes as one. */
function plainData({ type, data }: Tensor): TensorData {
  const values = data as TensorData
  return type === 'float16' ? new Uint16Array(values.buffer, values.byteOffset, values.length) : values
}
