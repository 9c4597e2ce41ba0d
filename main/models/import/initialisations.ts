import type { ArchiveOptions } from '../../../native-models/checkpoints/files/archive.ts'
import type { Checkpoint } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { initialiseFromBert } from '../../../native-models/checkpoints/initialisation/bert-initialisation.ts'
import type { Initialisation, InitialWeight } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import { randomWeight } from '../../../native-models/checkpoints/initialisation/random-initialisation.ts'
import type {
  InitialisedModel,
  RandomStart,
} from '../../../native-models/checkpoints/initialisation/random-initialisation.ts'
import { inflateSwin } from '../../../native-models/checkpoints/initialisation/swin-inflation.ts'
import type { ImportInput, ImportReport } from '../../api/models.ts'
import { openCheckpointApart } from '../../reading-process/read-checkpoint.ts'

type Init = NonNullable<ImportInput['init']>

/**
 * Where the weights come from that no checkpoint of LF-VILA gives: a 2-D Swin transformer, BERT, and for the rest
 * random numbers.
 */
export class Initialisations {
  readonly skipped: ImportReport['skipped']
  readonly #sources: readonly Initialisation[]
  readonly #model: InitialisedModel
  readonly #random: RandomStart
  readonly #files: readonly Checkpoint[]

  private constructor(
    sources: readonly Initialisation[],
    {
      model,
      random,
      files,
    }: { readonly model: InitialisedModel; readonly random: RandomStart; readonly files: readonly Checkpoint[] },
  ) {
    this.skipped = sources.flatMap(({ skipped }) => skipped)
    this.#sources = sources
    this.#model = model
    this.#random = random
    this.#files = files
  }

  /** @throws ExpectedError naming the file that is no checkpoint, or the first weight in it that does not fit. */
  static async open(
    init: Init,
    { entries, config, ...options }: InitialisedModel & ArchiveOptions,
  ): Promise<Initialisations> {
    const files: Checkpoint[] = []
    const from = async (
      path: string | null,
      initialise: (tensors: Checkpoint['tensors']) => Initialisation,
    ): Promise<Initialisation[]> => {
      if (path === null) return []
      const file = await openCheckpointApart(path, options)
      files.push(file)
      const { weights, skipped } = initialise(file.tensors)
      return [
        {
          weights: new Map(
            [...weights].map(([name, weight]) => [name, { ...weight, from: `${path}: ${weight.from}` }]),
          ),
          skipped: skipped.map(({ key, reason }) => ({ key, reason: `${reason} (${path})` })),
        },
      ]
    }
    try {
      const swin = await from(init.swin, tensors => inflateSwin(tensors, config.video, entries))
      const bert = await from(init.bert, tensors => initialiseFromBert(tensors, entries))
      return new Initialisations([...swin, ...bert], {
        model: { entries, config },
        random: { seed: init.seed, start: init.start },
        files,
      })
    } catch (error) {
      await Promise.all(files.map(file => file.close()))
      throw error
    }
  }

  /** What another model gives for a weight, or null. */
  given(name: string): InitialWeight | null {
    return this.#sources.map(({ weights }) => weights.get(name)).find(weight => weight !== undefined) ?? null
  }

  random(name: string): InitialWeight {
    return randomWeight(this.#model, name, this.#random)
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map(file => file.close()))
  }
}
