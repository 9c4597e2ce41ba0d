/** Told of each part that has opened or closed. */
export type PartListener = (part: string, event: 'opened' | 'closed') => void

/** Parts that open in order and close in reverse: each once, and each also when another has failed to close. */
export class Lifecycle {
  readonly #open: { readonly name: string; readonly close: () => unknown }[] = []
  readonly #tell: PartListener

  constructor(tell: PartListener = () => undefined) {
    this.#tell = tell
  }

  /** Opens a part; from here on `close` is owed to it. */
  async open<Part>(name: string, open: () => Part | Promise<Part>, close: (part: Part) => unknown): Promise<Part> {
    const part = await open()
    this.#open.push({ name, close: () => close(part) })
    this.#tell(name, 'opened')
    return part
  }

  /** @throws what the first of the parts threw that did not close; the others are closed all the same. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let part = this.#open.pop(); part; part = this.#open.pop()) {
      try {
        await part.close()
      } catch (error) {
        failures.push(error)
      } finally {
        this.#tell(part.name, 'closed')
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** Opens parts; when that fails half-way, those that are open are closed. @throws what kept a part from opening. */
export async function openAll<Opened>(
  lifecycle: Lifecycle,
  open: (lifecycle: Lifecycle) => Promise<Opened>,
): Promise<Opened> {
  let opened = false
  try {
    const all = await open(lifecycle)
    opened = true
    return all
  } finally {
    // How the others close is no news beside the reason why they have to.
    if (!opened) await lifecycle.close().catch(() => undefined)
  }
}
