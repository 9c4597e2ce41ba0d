import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Settings } from '../api/app.ts'

/** Whether the network may be used, by the settings; what is under way stops when they forbid it. */
export class Network {
  readonly #settings: () => Pick<Settings, 'offline'>
  #open = new AbortController()

  constructor(settings: () => Pick<Settings, 'offline'>) {
    this.#settings = settings
  }

  /** @throws ExpectedError `offline` in offline mode. */
  assertOpen(): void {
    if (!this.#settings().offline) return
    throw new ExpectedError(
      'offline',
      'Offline mode is on, so nothing is downloaded: switch it off in the settings, or import the files from disk.',
    )
  }

  /** Does what needs the network, and gives it up when the network is closed. */
  async use<Result>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    this.assertOpen()
    const open = this.#open.signal
    try {
      return await work(AbortSignal.any([signal, open]))
    } catch (error) {
      if (open.aborted && !signal.aborted) this.assertOpen()
      throw error
    }
  }

  /** Stops what is under way when the settings say so. */
  settingsChanged(): void {
    if (!this.#settings().offline) return
    this.#open.abort()
    this.#open = new AbortController()
  }
}
