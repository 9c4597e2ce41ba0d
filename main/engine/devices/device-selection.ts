import type { Device, Precision, PrecisionChoice } from '../../api/engine.ts'
import type { Engine } from '../engine.ts'
import type { EngineLauncher } from '../launcher.ts'
import { DeviceMemory } from './device-memory.ts'
import { probeDevices, select } from './devices.ts'
import type { Passing } from './probe.ts'

export interface DeviceChoices {
  readonly device: string
  readonly precision: PrecisionChoice
}

/** Nothing needs to be measured to compute on the CPU, unless in 8 bits. */
const needsTrials = ({ device, precision }: DeviceChoices): boolean => device !== 'cpu' || precision === 'int8'

interface SelectionFile extends DeviceChoices {
  /** Where the measurements of this machine are kept. */
  readonly file: string
}

/**
 * Which device the engine computes on, and the model in which precision. Devices are tried out when they are first
 * needed, and the result is remembered for this machine, for a while only where one gave no answer, and not where a
 * refusal is passing; for the CPU they are not.
 */
export class DeviceSelection {
  readonly #engine: Engine
  readonly #launch: EngineLauncher
  readonly #memory: DeviceMemory
  readonly #closed = new AbortController()
  #probed: Promise<Device[]> | null = null
  #choices: DeviceChoices
  #applied: Promise<void> | null = null
  #precision: Precision = 'fp32'

  constructor(engine: Engine, launch: EngineLauncher, { file, ...choices }: SelectionFile) {
    this.#engine = engine
    this.#launch = launch
    this.#memory = new DeviceMemory(file)
    this.#choices = choices
    // It keys embeddings: what is known already decides which of them are up to date, before anything is computed.
    const known = needsTrials(choices) ? this.#memory.recall() : []
    if (known) this.#precision = select(choices, known).precision
  }

  /** fp32 as long as devices must be tried out to know better. */
  get precision(): Precision {
    return this.#precision
  }

  /** @param again measures anew what is remembered. */
  devices(again = false): Promise<Device[]> {
    if (again) this.#probed = null
    this.#probed ??= this.#probe(again)
    return this.#probed
  }

  /**
   * Resolves when the engine is on the chosen device or on its fallback. @throws ExpectedError for a name that is no
   * device.
   */
  ready(): Promise<void> {
    this.#applied ??= this.#apply(this.#choices)
    return this.#applied
  }

  async choose({ device, precision }: DeviceChoices): Promise<void> {
    if (device === this.#choices.device && precision === this.#choices.precision) return
    this.#choices = { device, precision }
    this.#applied = this.#apply(this.#choices)
    await this.#applied
  }

  close(): void {
    this.#closed.abort()
    this.#probed?.catch(() => undefined)
    this.#applied?.catch(() => undefined)
  }

  async #probe(again: boolean): Promise<Device[]> {
    const known = again ? null : this.#memory.recall()
    if (known) return known
    const found = new Set<Passing>()
    const devices = await probeDevices({
      launch: this.#launch,
      signal: this.#closed.signal,
      onPassing: passing => found.add(passing),
    })
    if (!found.has('now')) await this.#memory.remember(devices, found.has('a while'))
    return devices
  }

  async #apply(choices: DeviceChoices): Promise<void> {
    const { device, precision, fallback } = select(choices, needsTrials(choices) ? await this.devices() : [])
    this.#precision = precision
    await this.#engine.useDevice(device, fallback)
  }
}
