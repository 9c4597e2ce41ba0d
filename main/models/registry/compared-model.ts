import type { Engine } from '../../engine/engine.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import type { OpenModel } from '../encoders/encoder.ts'
import { LfVilaEncoder } from '../encoders/lfvila-encoder.ts'
import type { Devices, ModelInUse } from './model-in-use.ts'
import type { ModelRegistry } from './registry.ts'

export interface ComparedModelParts {
  readonly registry: ModelRegistry
  readonly engine: Engine
  readonly devices: Devices
  readonly inUse: Pick<ModelInUse, 'identity' | 'encoder'>
  /** What is known by such a name besides the registered models, as a checkpoint of a run; null for no such name. */
  readonly unregistered: (id: string) => Promise<RegisteredModel | null>
}

/** The model beside the one in use, with which that one is compared: open until another one is asked for. */
export class ComparedModel {
  readonly #parts: ComparedModelParts
  #open: { readonly id: string; readonly openedAs: string; readonly encoder: OpenModel } | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: ComparedModelParts) {
    this.#parts = parts
  }

  /**
   * A model as it searches and is inspected. @param id null for the one in use.
   * @throws ExpectedError when there is no such model, it cannot search, or computes too differently in the precision.
   */
  encoder(id: string | null): Promise<OpenModel> {
    const { inUse } = this.#parts
    if (id === null || id === inUse.identity.id) return inUse.encoder()
    // One after the other: who is asked for twice at once is opened once.
    const opened = this.#turn.catch(() => undefined).then(() => this.#beside(id))
    this.#turn = opened
    return opened
  }

  async #beside(id: string): Promise<OpenModel> {
    const { registry, engine, devices, unregistered } = this.#parts
    await devices.ready()
    const passing = await unregistered(id)
    // Nobody has compared what it computes in another precision.
    const precision = passing ? 'fp32' : devices.precision
    const openedAs = `${passing?.record.hash ?? (await registry.info(id)).hash} ${precision}`
    const open = this.#open
    if (open?.id === id && open.openedAs === openedAs) return open.encoder
    if (!passing) await registry.assertParity(id, engine, precision)
    const encoder = passing ? new LfVilaEncoder(passing, engine) : await registry.open(id, engine, precision)
    this.#open = { id, openedAs, encoder }
    await open?.encoder.dispose()
    return encoder
  }

  /** Windows deletes no file that the engine has mapped. */
  async release(id: string): Promise<void> {
    await this.#turn.catch(() => undefined)
    if (this.#open?.id !== id) return
    const { encoder } = this.#open
    this.#open = null
    await encoder.dispose()
  }
}
