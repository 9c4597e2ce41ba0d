import type { Precision } from '../../../native-models/graph/precision/precision.ts'
import type { Model } from '../../api/models.ts'
import type { Engine } from '../../engine/engine.ts'
import type { OpenModel } from '../encoders/encoder.ts'
import type { ModelRegistry } from './registry.ts'

/**
 * Where and in what the model computes. `ready` resolves when the engine's device is chosen: nothing is loaded before.
 */
export interface Devices {
  readonly precision: Precision
  ready(): Promise<void>
}

export interface ModelInUseParts {
  readonly registry: ModelRegistry
  readonly engine: Engine
  readonly devices: Devices
  /** Told when another model is in use, or one was removed. */
  readonly onChange?: () => void
}

/** The one model that indexes, searches and inspects, opened once. */
export class ModelInUse {
  readonly #registry: ModelRegistry
  readonly #engine: Engine
  readonly #devices: Devices
  readonly #onChange: () => void
  #encoder: OpenModel
  /** What the encoder was opened for. */
  #precision: Precision
  #prepared: Promise<void> = Promise.resolve()

  private constructor(
    { registry, engine, devices, onChange }: ModelInUseParts,
    encoder: OpenModel,
    precision: Precision,
  ) {
    this.#registry = registry
    this.#engine = engine
    this.#devices = devices
    this.#onChange = onChange ?? (() => undefined)
    this.#encoder = encoder
    this.#precision = precision
  }

  /**
   * @param id a model for this process only; null takes the one chosen last. @throws ExpectedError when there is no
   * such model.
   */
  static async open(parts: ModelInUseParts, id: string | null): Promise<ModelInUse> {
    const { registry, engine, devices } = parts
    return new ModelInUse(
      parts,
      await registry.open(id ?? (await registry.inUse()), engine, devices.precision),
      devices.precision,
    )
  }

  /** What keys the embeddings and is said on screen; needs no engine. */
  get identity(): Pick<
    OpenModel,
    'id' | 'hash' | 'videoHash' | 'precision' | 'frames' | 'trained' | 'drawingsOnly' | 'warnings'
  > {
    return this.#encoder
  }

  /** @throws ExpectedError when the model computes too differently in the precision that is asked for. */
  async encoder(): Promise<OpenModel> {
    await this.#devices.ready()
    this.#prepared = this.#prepared
      .catch(() => undefined)
      .then(async () => {
        // An encoder keeps its precision for as long as it lives: a job that holds the one before goes on as it began.
        if (this.#devices.precision !== this.#precision) await this.#open(this.#encoder.id)
        await this.#registry.assertParity(this.#encoder.id, this.#engine, this.#precision)
      })
    await this.#prepared
    return this.#encoder
  }

  /** @throws ExpectedError when there is no such model or it cannot search. */
  async use(id: string): Promise<Model> {
    const model = await this.#registry.use(id)
    await this.#open(id)
    this.#onChange()
    return model
  }

  /** Removes a model's files; when it was in use, the one that then is opens. */
  async remove(id: string): Promise<void> {
    // Windows deletes no file that the engine has mapped.
    if (id === this.#encoder.id) await this.#encoder.dispose()
    await this.#registry.remove(id)
    if (id === this.#encoder.id) await this.#open(await this.#registry.inUse())
    this.#onChange()
  }

  async #open(id: string): Promise<void> {
    const before = this.#encoder
    const { precision } = this.#devices
    this.#encoder = await this.#registry.open(id, this.#engine, precision)
    this.#precision = precision
    await before.dispose()
  }
}
