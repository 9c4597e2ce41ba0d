import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { RunCheckpoints } from '../../api/training/tracing.ts'
import { embedsBoth } from '../../model-folder/kinds.ts'
import { readModel } from '../../model-folder/model-file.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { processExists } from '../../processes/process-exists.ts'
import { Checkpoints } from './folder/checkpoints.ts'
import { RunFolder } from './folder/run-folder.ts'
import type { Runs } from './runs.ts'
import { writeTrainedModel } from './trained-model.ts'

/** A checkpoint as a model is called: of which run, and of which step. */
const named = /^([A-Za-z0-9_-]+)@(\d{1,8})$/

/** Checkpoints of runs as models: one at a time, for as long as it is looked at, and those that are held. */
export class CheckpointModels {
  readonly #runs: Runs
  readonly #runsFolder: string
  readonly #folder: string
  /** Folders that are used, and by how many. */
  readonly #held = new Map<string, number>()

  /** @param folder of models that nobody needs when the program has ended. */
  constructor(runs: Runs, runsFolder: string, folder: string) {
    this.#runs = runs
    this.#runsFolder = runsFolder
    this.#folder = folder
  }

  /** Of the runs whose models embed videos and texts, the steps whose weights are there. */
  async list(): Promise<RunCheckpoints[]> {
    const found: RunCheckpoints[] = []
    for (const run of await RunFolder.list(this.#runsFolder)) {
      const { id, config } = run.record
      const steps = [...(await new Checkpoints(run.checkpoints).weights()).keys()]
      if (embedsBoth(config.task) && steps.length > 0) found.push({ run: id, name: config.name, steps })
    }
    return found
  }

  /**
   * The model of a name, `RUN@STEP`; null for what is no such name.
   * @throws ExpectedError when there is no such run, it is at work, or has no weights of that step.
   */
  async open(id: string, signal: AbortSignal = new AbortController().signal): Promise<RegisteredModel | null> {
    const [, runId, digits] = named.exec(id) ?? []
    if (runId === undefined || digits === undefined) return null
    const step = Number(digits)
    const { run, start } = await this.#runs.atRest(runId, signal)
    const weights = (await new Checkpoints(run.checkpoints).weights()).get(step)
    if (weights === undefined) {
      throw new ExpectedError(
        'run-state',
        `The run ‘${run.record.config.name}’ has no weights of step ${step}; choose another step.`,
      )
    }
    const name = folderOf(runId, step)
    await mkdir(this.#folder, { recursive: true })
    const [own, folder] = [`${process.pid}-`, join(this.#folder, name)]
    for (const other of await readdir(this.#folder)) {
      if (!other.startsWith(own) || other === name || this.#held.has(other)) continue
      // Windows deletes no file that the engine still has mapped: it goes when the workbench is next opened.
      await rm(join(this.#folder, other), { recursive: true, force: true }).catch(() => undefined)
    }
    const known = await readModel(folder, id).catch(() => null)
    if (known) return known
    await rm(folder, { recursive: true, force: true })
    await writeTrainedModel({ models: this.#folder, id: name }, run.record, { start, weights, signal })
    return readModel(folder, id)
  }

  /** Keeps the files of a checkpoint while another is looked at. @returns what ends that; any other name is nothing. */
  hold(id: string): () => void {
    const [, runId, digits] = named.exec(id) ?? []
    if (runId === undefined || digits === undefined) return () => undefined
    const name = folderOf(runId, Number(digits))
    this.#held.set(name, (this.#held.get(name) ?? 0) + 1)
    return () => {
      const left = (this.#held.get(name) ?? 1) - 1
      if (left > 0) this.#held.set(name, left)
      else this.#held.delete(name)
    }
  }

  /** Deletes what an earlier process has left. */
  async tidy(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!processExists(Number.parseInt(name, 10))) {
        await rm(join(this.#folder, name), { recursive: true, force: true })
      }
    }
  }
}

const folderOf = (run: string, step: number): string => `${process.pid}-${run}-${step}`.slice(0, 60)
