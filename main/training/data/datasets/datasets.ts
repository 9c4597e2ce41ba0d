import type { DatasetChoice, Inspection } from '../../../api/training/datasets.ts'
import { inspectDataset } from './inspect.ts'
import type { InspectOptions } from './inspect.ts'

export interface DatasetsParts {
  readonly probe: NonNullable<InspectOptions['probe']>
  /** Frames that the model in use samples from one video. */
  readonly frames: () => number
}

/** Labelled folders, looked at before anything is trained or evaluated on them. */
export class Datasets {
  readonly #parts: DatasetsParts

  constructor(parts: DatasetsParts) {
    this.#parts = parts
  }

  /**
   * The dry run over a labelled folder; `probe` opens its videos as well. Its report is the last event. @throws
   * ExpectedError
   */
  async *inspect(
    { probe, only, ...choice }: DatasetChoice & { readonly probe: boolean; readonly only?: readonly string[] | null },
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<Inspection> {
    const steps: Inspection[] = []
    let wake = () => {}
    const report = inspectDataset(choice, {
      signal,
      frames: this.#parts.frames(),
      only: only ?? null,
      probe: probe ? this.#parts.probe : null,
      onProgress: (done, total, current) => {
        // Only the newest is worth telling.
        steps.splice(0, steps.length, { type: 'progress', done, total, current })
        wake()
      },
    })
    let ended = false
    const end = report
      .catch(() => undefined)
      .then(() => {
        ended = true
        wake()
      })
    while (!ended) {
      await Promise.race([
        end,
        new Promise<void>(resolve => {
          wake = resolve
        }),
      ])
      yield* steps.splice(0)
    }
    yield { type: 'report', report: await report }
  }
}
