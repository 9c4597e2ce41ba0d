import { elementCount } from '../../../native-models/graph/tensor.ts'
import { adamWScalars } from '../../../native-models/training/adamw.ts'
import { embeddingGradient, embeddingInput } from '../../../native-models/training/gradient-cache.ts'
import { gradientSum, nextGradientSum } from '../../../native-models/training/train-step.ts'
import type { BufferKey, Engine, SessionKey } from '../../engine/engine.ts'
import type { ModelSource, ProgramOptions, Resident, ResidentTensor, Tensors } from '../../engine/protocol.ts'
import type { TrainedState } from '../../programs/training-programs.ts'
import { joinedTensors, partOf } from './batch-tensors.ts'

/** What a checkpoint of the state has to hold; gradients live only between two updates. */
export type SavedBuffer = 'weights' | 'firstMoments' | 'secondMoments'

type BufferName = SavedBuffer | 'gradients'

interface Sessions {
  readonly gradients: SessionKey
  readonly together: { readonly embeddings: SessionKey; readonly contrast: SessionKey } | null
  readonly update: SessionKey
}

export interface UpdateSettings {
  /** Counted from 1. */
  readonly step: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Largest global norm of the gradient; null for any. */
  readonly clipNorm: number | null
}

interface StateOnDevice {
  readonly step: TrainedState
  readonly sessions: Sessions
  readonly buffers: Readonly<Record<BufferName, BufferKey>>
}

interface Opening {
  /** The programs of `step`, written as ONNX. */
  readonly programs: {
    readonly gradients: ModelSource
    readonly together?: { readonly embeddings: ModelSource; readonly contrast: ModelSource } | null
    readonly update: ModelSource
  }
  /** The values of a trained weight. */
  readonly weight: (name: string) => Promise<Float32Array>
  readonly signal?: AbortSignal | undefined
}

/**
 * Training steps on the engine: the weights, their gradients and moments stay in the engine's memory, where every step
 * reads and writes them. Nothing of it survives a crash of the engine; read the state to keep it.
 */
export class Trainer {
  readonly step: TrainedState
  readonly #engine: Engine
  readonly #sessions: Sessions
  readonly #buffers: Readonly<Record<BufferName, BufferKey>>
  #norm = 0
  #accumulating = false
  /**
   * What losses are multiplied with, so that small gradients do not vanish in half precision; gradients are divided by
   * it before they are used. 1 in single precision.
   */
  lossScale = 1

  private constructor(engine: Engine, { step, sessions, buffers }: StateOnDevice) {
    this.#engine = engine
    this.step = step
    this.#sessions = sessions
    this.#buffers = buffers
  }

  /**
   * Loads the programs of a step and sets the weights; the moments are zero.
   * @throws ExpectedError when the device cannot run them or has not enough memory.
   */
  static async open(engine: Engine, step: TrainedState, { programs, weight, signal }: Opening): Promise<Trainer> {
    const sessions: SessionKey[] = []
    const buffers: BufferKey[] = []
    const allocate = async (): Promise<BufferKey> => {
      const buffer = await engine.allocate(step.layout.length)
      buffers.push(buffer)
      return buffer
    }
    const load = async (program: ModelSource, options: ProgramOptions = {}): Promise<SessionKey> => {
      const session = await engine.load(program, options, signal)
      sessions.push(session)
      return session
    }
    try {
      const loaded = {
        gradients: await load(programs.gradients, { arena: false }),
        together: programs.together
          ? {
              embeddings: await load(programs.together.embeddings, { arena: false }),
              contrast: await load(programs.together.contrast),
            }
          : null,
        update: await load(programs.update),
      }
      const state = {
        weights: await allocate(),
        gradients: await allocate(),
        firstMoments: await allocate(),
        secondMoments: await allocate(),
      }
      for (const { name, shape, offset } of step.layout.parameters) {
        signal?.throwIfAborted()
        const values = await weight(name)
        if (values.length !== elementCount(shape)) {
          throw new Error(`${name} has ${values.length} values instead of [${shape.join(', ')}]`)
        }
        await engine.write(state.weights, offset, values)
      }
      return new Trainer(engine, { step, sessions: loaded, buffers: state })
    } catch (error) {
      await discard(engine, sessions, buffers)
      throw error
    }
  }

  /**
   * Adds the gradients of one micro-batch to those since the last update.
   * @param feeds what the model is fed. @param share of this micro-batch in the update: one over their number.
   * @returns the loss of the micro-batch and what is watched, by name, and the global norm of the gradient so far,
   * which is not a number or infinite when the loss is or the gradient overflowed.
   */
  async accumulate(
    feeds: Tensors,
    share: number,
    signal?: AbortSignal,
  ): Promise<{ values: Record<string, number>; gradientNorm: number }> {
    const { gradients, weights } = this.#buffers
    if (!this.#accumulating) await this.#engine.clear(gradients)
    this.#accumulating = true
    const resident: Resident = {
      feeds: { ...this.#of(weights, name => name), ...this.#of(gradients, gradientSum) },
      results: this.#of(gradients, nextGradientSum),
    }
    const results = await this.#engine.run(
      this.#sessions.gradients,
      { ...feeds, lossScale: number(share * this.lossScale) },
      { signal, resident },
    )
    const { gradientNorm, ...values } = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Number(data[0])]),
    )
    this.#norm = Math.sqrt(gradientNorm ?? NaN) / this.lossScale
    return { values, gradientNorm: this.#norm }
  }

  /**
   * Adds the gradients of a batch whose loss compares the examples of all its micro-batches: those of one large batch,
   * without the memory that it would take.
   * @returns as {@link accumulate}.
   */
  async accumulateTogether(
    micros: readonly Tensors[],
    signal?: AbortSignal,
  ): Promise<{ values: Record<string, number>; gradientNorm: number }> {
    const { together } = this.#sessions
    if (!together) throw new Error('the loss compares no more than a micro-batch')
    const embeddings: Tensors[] = []
    for (const feeds of micros) embeddings.push(await this.answer(together.embeddings, feeds, signal))
    const results = Object.entries(
      await this.#engine.run(
        together.contrast,
        { ...renamed(joinedTensors(embeddings), embeddingInput), ...joinedTensors(micros.map(comparedIndices)) },
        { signal },
      ),
    )
    const gradients = results.filter(([, { dims }]) => dims.length > 0)
    let gradientNorm = Number.NaN
    for (const [index, feeds] of micros.entries()) {
      const parts = gradients.map(
        ([name, whole]) => [name, partOf(name, whole, { index, count: micros.length })] as const,
      )
      ;({ gradientNorm } = await this.accumulate({ ...feeds, ...Object.fromEntries(parts) }, 1, signal))
    }
    const values = results
      .filter(([, { dims }]) => dims.length === 0)
      .map(([name, { data }]) => [name, Number(data[0])])
    return { values: Object.fromEntries(values) as Record<string, number>, gradientNorm }
  }

  /** What {@link accumulateTogether} does for one micro-batch of many, with gradients of zero: to be measured. */
  async rehearse(feeds: Tensors, signal?: AbortSignal): Promise<void> {
    const { together } = this.#sessions
    if (!together) return void (await this.accumulate(feeds, 1, signal))
    const embeddings = await this.answer(together.embeddings, feeds, signal)
    const nothing = Object.entries(embeddings).map(
      ([name, { dtype, dims }]) =>
        [embeddingGradient(name), { dtype, dims, data: new Float32Array(elementCount(dims)) }] as const,
    )
    await this.accumulate({ ...feeds, ...Object.fromEntries(nothing) }, 1, signal)
  }

  /** Forgets the gradients since the last update. */
  discard(): void {
    this.#accumulating = false
  }

  /**
   * Runs another program of the model with the weights as they are now; of its inputs those that are trained weights
   * are not fed.
   */
  answer(session: SessionKey, feeds: Tensors, signal?: AbortSignal): Promise<Tensors> {
    return this.#engine.run(session, feeds, {
      signal,
      resident: { feeds: this.#of(this.#buffers.weights, name => name), results: {} },
    })
  }

  /** One step of the optimiser with the gradients since the last; forgets them. */
  async update({ step, learningRate, weightDecay, clipNorm }: UpdateSettings, signal?: AbortSignal): Promise<void> {
    // As torch.nn.utils.clip_grad_norm_.
    const gradientScale = (clipNorm === null ? 1 : Math.min(1, clipNorm / (this.#norm + 1e-6))) / this.lossScale
    const { layout, optimiser } = this.step
    const { weights, gradients, firstMoments, secondMoments } = this.#buffers
    for (const { decays, start, end } of layout.regions) {
      const scalars = Object.entries(
        adamWScalars(optimiser, { step, learningRate, weightDecay: decays ? weightDecay : 0, gradientScale }),
      )
      const first = (buffer: BufferKey): ResidentTensor => ({ buffer, offset: start, dims: [layout.chunk] })
      await this.#engine.run(
        this.#sessions.update,
        Object.fromEntries(scalars.map(([name, value]) => [name, number(value)])),
        {
          signal,
          resident: {
            feeds: {
              parameters: first(weights),
              gradients: first(gradients),
              firstMoments: first(firstMoments),
              secondMoments: first(secondMoments),
            },
            results: {
              'next.parameters': first(weights),
              'next.firstMoments': first(firstMoments),
              'next.secondMoments': first(secondMoments),
            },
            times: (end - start) / layout.chunk,
          },
        },
      )
    }
    this.#accumulating = false
  }

  /** Values of one trained weight, or of its gradient since the last update. */
  read(parameter: string, from: 'weights' | 'gradients' = 'weights'): Promise<Float32Array> {
    const found = this.step.layout.parameters.find(({ name }) => name === parameter)
    if (!found) throw new Error(`${parameter} is not trained`)
    return this.#engine.read(this.#buffers[from], found.offset, elementCount(found.shape))
  }

  /** A part of the state as it lies in memory; see the layout of the step. */
  readState(buffer: SavedBuffer, offset: number, length: number): Promise<Float32Array> {
    return this.#engine.read(this.#buffers[buffer], offset, length)
  }

  writeState(buffer: SavedBuffer, offset: number, values: Float32Array): Promise<void> {
    return this.#engine.write(this.#buffers[buffer], offset, values)
  }

  #of(buffer: BufferKey, name: (parameter: string) => string): Record<string, ResidentTensor> {
    return Object.fromEntries(
      this.step.layout.parameters.map(({ name: parameter, shape, offset }) => [
        name(parameter),
        { buffer, offset, dims: [...shape] },
      ]),
    )
  }

  async close(): Promise<void> {
    const { together, ...sessions } = this.#sessions
    await discard(
      this.#engine,
      [...Object.values(sessions), ...Object.values(together ?? {})],
      Object.values(this.#buffers),
    )
  }
}

const number = (value: number): Tensors[string] => ({ dtype: 'float32', dims: [], data: Float32Array.of(value) })

/** What says which elements the temporal loss compares. */
const comparedIndices = (feeds: Tensors): Tensors =>
  Object.fromEntries(Object.entries(feeds).filter(([name]) => name.endsWith('Indices')))

const renamed = (tensors: Tensors, rename: (name: string) => string): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]))

async function discard(engine: Engine, sessions: readonly SessionKey[], buffers: readonly BufferKey[]): Promise<void> {
  for (const session of sessions) await engine.release(session)
  for (const buffer of buffers) await engine.free(buffer)
}
