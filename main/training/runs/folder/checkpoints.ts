import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { floatsOf } from '../../../../native-models/checkpoints/initialisation/initialisation.ts'
import { writeSafetensors } from '../../../../native-models/checkpoints/safetensors/safetensors.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { elementCount } from '../../../../native-models/graph/tensor.ts'
import { contrastCounts, validation } from '../../../api/training/training.ts'
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts'
import { renameSynced } from '../../../storage/files/sync.ts'
import type { SavedBuffer, Trainer } from '../../steps/trainer.ts'

/** How far a run came, beside its weights and moments. */
const progress = z.object({
  /** Updates done. */
  step: z.number().int(),
  best: validation.nullable(),
  validationsSinceBest: z.number().int(),
  /** See `LossScale`; null in single precision. */
  lossScale: z.object({ scale: z.number(), good: z.number().int() }).nullable().default(null),
  /** What a contrastive loss has compared; not given by checkpoints from before it was counted. */
  compared: contrastCounts.shape.compared.optional(),
})
export type Progress = z.infer<typeof progress>

const files: Record<SavedBuffer, string> = {
  weights: 'weights.safetensors',
  firstMoments: 'first-moments.safetensors',
  secondMoments: 'second-moments.safetensors',
}

const folderName = (step: number): string => `step-${String(step).padStart(8, '0')}`
const bestName = (step: number): string => `best-${String(step).padStart(8, '0')}`
const keptName = (step: number): string => `kept-${String(step).padStart(8, '0')}`

/**
 * The checkpoints of a run: the last, with everything to go on from, and the best, weights only. Older ones are deleted
 * once a newer one is whole. Where a run keeps them, also the weights of every validation.
 */
export class Checkpoints {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** When the disk is full, the last checkpoint is still there afterwards. */
  async saveLast(trainer: Trainer, state: Progress, signal?: AbortSignal): Promise<void> {
    await this.#write(folderName(state.step), async folder => {
      for (const buffer of Object.keys(files) as SavedBuffer[]) {
        await writeBuffer(join(folder, files[buffer]), { trainer, buffer, signal })
      }
      await writeFileAtomic(join(folder, 'progress.json'), `${JSON.stringify(state)}\n`)
    })
    await this.#removeOthers('step-', folderName(state.step))
  }

  async saveBest(trainer: Trainer, step: number, signal?: AbortSignal): Promise<void> {
    await this.#write(bestName(step), folder =>
      writeBuffer(join(folder, files.weights), { trainer, buffer: 'weights', signal }),
    )
  }

  /** Weights only, which stay. */
  async keep(trainer: Trainer, step: number, signal?: AbortSignal): Promise<void> {
    await this.#write(keptName(step), folder =>
      writeBuffer(join(folder, files.weights), { trainer, buffer: 'weights', signal }),
    )
  }

  /** The file of the weights of every step that are there, by step, ascending. */
  async weights(): Promise<Map<number, string>> {
    const found = (await this.#names()).flatMap(name => {
      const [, step] = /^(?:step|best|kept)-(\d{8})$/.exec(name) ?? []
      return step === undefined ? [] : [[Number(step), join(this.#folder, name, files.weights)] as const]
    })
    return new Map(found.sort(([a], [b]) => a - b))
  }

  /** Deletes all best checkpoints but that of a step; done after the run's record names it. */
  async keepBest(step: number): Promise<void> {
    await this.#removeOthers('best-', bestName(step))
  }

  /** Puts the last checkpoint's weights and moments where the trainer has its own; null when there is none. */
  async restoreLast(trainer: Trainer): Promise<Progress | null> {
    const last = await this.#last()
    if (last === null) return null
    const folder = join(this.#folder, last)
    const state = progress.parse(JSON.parse(await readFile(join(folder, 'progress.json'), 'utf8')))
    for (const buffer of Object.keys(files) as SavedBuffer[]) {
      const checkpoint = await openCheckpoint(join(folder, files[buffer]))
      try {
        for (const { name, offset } of trainer.step.layout.parameters) {
          const tensor = checkpoint.tensors.get(name)
          if (!tensor) {
            throw new ExpectedError(
              'checkpoint-foreign',
              `The checkpoint in ${folder} has no ${name}; it belongs to another run: remove this run and start again.`,
            )
          }
          await trainer.writeState(buffer, offset, await floatsOf(name, tensor))
        }
      } finally {
        await checkpoint.close()
      }
    }
    return state
  }

  /** The file of the best weights, by their official names, or null. */
  async bestWeights(step: number): Promise<string | null> {
    return (await this.#names()).includes(bestName(step)) ? join(this.#folder, bestName(step), files.weights) : null
  }

  /** The file of the last weights, by their names in the state, or null. */
  async lastWeights(): Promise<string | null> {
    const last = await this.#last()
    return last && join(this.#folder, last, files.weights)
  }

  async #last(): Promise<string | null> {
    return (
      (await this.#names())
        .filter(name => name.startsWith('step-'))
        .sort()
        .at(-1) ?? null
    )
  }

  async #write(name: string, fill: (folder: string) => Promise<void>): Promise<void> {
    const beside = join(this.#folder, `.${name}.part`)
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside, { recursive: true })
    try {
      await fill(beside)
      await rm(join(this.#folder, name), { recursive: true, force: true })
      await renameSynced(beside, join(this.#folder, name))
    } catch (error) {
      await rm(beside, { recursive: true, force: true })
      throw error
    }
  }

  async #removeOthers(prefix: string, kept: string): Promise<void> {
    for (const name of await this.#names()) {
      if (name.startsWith(prefix) && name !== kept) await rm(join(this.#folder, name), { recursive: true, force: true })
    }
  }

  #names(): Promise<string[]> {
    return readdir(this.#folder).catch(() => [])
  }
}

function writeBuffer(
  file: string,
  {
    trainer,
    buffer,
    signal,
  }: { readonly trainer: Trainer; readonly buffer: SavedBuffer; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  return writeSafetensors(
    file,
    trainer.step.layout.parameters.map(({ name, shape, offset }) => ({
      name,
      shape,
      read: () => trainer.readState(buffer, offset, elementCount(shape)),
    })),
    { metadata: {}, signal },
  )
}
