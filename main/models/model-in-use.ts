import type { Model } from '../api/models.ts'
import type { Engine } from '../engine/index.ts'
import type { OpenModel } from './encoder.ts'
import type { ModelRegistry } from './registry.ts'

/** The one model that indexes, searches and inspects, opened once. */
export class ModelInUse {
  readonly #registry: ModelRegistry
  readonly #engine: Engine
  /** Resolves when the engine's device is chosen: nothing is loaded before. */
  readonly #deviceChosen: () => Promise<void>
  #encoder: OpenModel

  private constructor(registry: ModelRegistry, engine: Engine, deviceChosen: () => Promise<void>, encoder: OpenModel) {
    this.#registry = registry
    this.#engine = engine
    this.#deviceChosen = deviceChosen
    this.#encoder = encoder
  }

  /** @param id a model for this process only; null takes the one chosen last. @throws ExpectedError when there is no such model. */
  static async open(registry: ModelRegistry, engine: Engine, deviceChosen: () => Promise<void>, id: string | null): Promise<ModelInUse> {
    return new ModelInUse(registry, engine, deviceChosen, await registry.open(id ?? await registry.inUse(), engine))
  }

  /** What keys the embeddings and is said on screen; needs no engine. */
  get identity(): Pick<OpenModel, 'id' | 'hash' | 'frames' | 'trained' | 'warnings'> {
    return this.#encoder
  }

  async encoder(): Promise<OpenModel> {
    await this.#deviceChosen()
    return this.#encoder
  }

  /** @throws ExpectedError when there is no such model or it cannot search. */
  async use(id: string): Promise<Model> {
    const model = await this.#registry.use(id)
    await this.#open(id)
    return model
  }

  /** Removes a model's files; when it was in use, the one that then is opens. */
  async remove(id: string): Promise<void> {
    // Windows deletes no file that the engine has mapped.
    if (id === this.#encoder.id) await this.#encoder.dispose()
    await this.#registry.remove(id)
    if (id === this.#encoder.id) await this.#open(await this.#registry.inUse())
  }

  async #open(id: string): Promise<void> {
    const before = this.#encoder
    this.#encoder = await this.#registry.open(id, this.#engine)
    await before.dispose()
  }
}
