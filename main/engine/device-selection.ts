import { chooseDevice, probeDevices } from './devices.ts'
import type { ProbedDevice } from './devices.ts'
import type { Engine } from './engine.ts'
import type { EngineLauncher } from './launcher.ts'

/** Which device the engine computes on. Devices are probed once, when they are first needed; for the CPU no probe is. */
export class DeviceSelection {
  readonly #engine: Engine
  readonly #launch: EngineLauncher
  readonly #closed = new AbortController()
  #probed: Promise<ProbedDevice[]> | null = null
  #choice: string
  #applied: Promise<void> | null = null

  constructor(engine: Engine, launch: EngineLauncher, choice: string) {
    this.#engine = engine
    this.#launch = launch
    this.#choice = choice
  }

  devices(): Promise<ProbedDevice[]> {
    this.#probed ??= probeDevices({ launch: this.#launch, signal: this.#closed.signal })
    return this.#probed
  }

  /** Resolves when the engine is on the chosen device or on its fallback. @throws ExpectedError for a name that is no device. */
  ready(): Promise<void> {
    this.#applied ??= this.#apply(this.#choice)
    return this.#applied
  }

  async choose(choice: string): Promise<void> {
    if (choice === this.#choice) return
    this.#choice = choice
    this.#applied = this.#apply(choice)
    await this.#applied
  }

  close(): void {
    this.#closed.abort()
    this.#probed?.catch(() => undefined)
    this.#applied?.catch(() => undefined)
  }

  async #apply(choice: string): Promise<void> {
    const { device, fallback } = chooseDevice(choice, choice === 'cpu' ? [] : await this.devices())
    await this.#engine.useDevice(device, fallback)
  }
}
