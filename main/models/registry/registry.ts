import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Precision } from '../../../native-models/graph/precision/precision.ts'
import { shippedModel, shippedModels } from '../../../native-models/starter/shipped.ts'
import type { ShippedId } from '../../../native-models/starter/shipped.ts'
import type { ImportInput, ImportReport, Model, RegisteredKind } from '../../api/models.ts'
import type { Engine } from '../../engine/engine.ts'
import { forkLauncher } from '../../engine/launcher.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import { whyNotSearch } from '../../model-folder/kinds.ts'
import { describe, readModel } from '../../model-folder/model-file.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { checkId, removeUnfinished, unusedId } from '../../model-folder/register.ts'
import { isShipped, shippedSource } from '../../model-folder/shipped-source.ts'
import { compile } from '../../programs/compile.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { unfinishedName } from '../../storage/files/left-overs.ts'
import { readContract } from '../encoders/dual-encoder/contract.ts'
import { DualEncoder } from '../encoders/dual-encoder/dual-encoder.ts'
import { describeDualEncoder, readDualEncoder } from '../encoders/dual-encoder/registered.ts'
import type { OpenModel } from '../encoders/encoder.ts'
import { LfVilaEncoder } from '../encoders/lfvila-encoder.ts'
import { describeHubFolder } from '../hub-folder/describe.ts'
import { importDualEncoder } from '../import/import-dual-encoder.ts'
import { importModel } from '../import/import.ts'
import type { ImportOptions } from '../import/import.ts'
import { assertParity, readParityChecks } from '../parity-check/parity-check.ts'

/** The model that searches before another is chosen. */
export const [starterId] = shippedModels
const inUseFile = 'in-use'

/** A model of whatever sort, as its folder tells it. */
interface ReadModel {
  kind: RegisteredKind
  describe(inUse: boolean): Model
  open(engine: Engine, precision: Precision): OpenModel
}

export interface ModelRegistryOptions {
  /** Starts the engine processes in which imported programs are tried out. */
  readonly launch?: EngineLauncher
  /** Told when a model has been imported. */
  readonly onImport?: () => void
}

/** The models of a workspace: one folder each, below `<workspace>/models`. */
export class ModelRegistry {
  readonly #folder: string
  readonly #launch: EngineLauncher
  readonly #onImport: () => void

  constructor(workspace: string, { launch, onImport }: ModelRegistryOptions = {}) {
    this.#folder = join(workspace, 'models')
    this.#launch = launch ?? forkLauncher()
    this.#onImport = onImport ?? (() => undefined)
  }

  /**
   * Makes the folder and the models that ship, where they are missing or of another version; deletes what a crash left
   * unfinished. A model of the user's that has the name of one stays.
   */
  async ensureShipped(signal?: AbortSignal): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    await removeUnfinished(this.#folder)
    const missing: ShippedId[] = []
    for (const id of shippedModels) {
      const source = shippedSource(await shippedModel(id))
      const there = await this.#sourceOf(id)
      if (there !== null && there !== source && isShipped(there)) await this.#delete(id)
      else if (there !== null) continue
      missing.push(id)
    }
    if (missing.length === 0) return
    await compile({ make: 'shipped', models: this.#folder, ids: missing }, signal).catch((error: unknown) => {
      // Another process of the same workspace was faster.
      if (!(error instanceof ExpectedError && error.code === 'model-exists')) throw error
    })
  }

  /** Where a model is from; null when there is none of this name. */
  async #sourceOf(id: string): Promise<string | null> {
    if (!(await this.#ids()).includes(id)) return null
    return this.info(id).then(
      ({ source }) => source,
      () => '',
    )
  }

  /** By name; folders that hold no readable model are left out. */
  async list(): Promise<Model[]> {
    const inUse = await this.inUse()
    const models = await Promise.allSettled(
      (await this.#ids()).map(async id => (await this.#read(id)).describe(id === inUse)),
    )
    return models.flatMap(model => (model.status === 'fulfilled' ? [model.value] : []))
  }

  /** @throws ExpectedError when there is no such model. */
  async info(id: string): Promise<Model> {
    const model = await this.#read(id)
    return model.describe(id === (await this.inUse()))
  }

  /** The model that indexes, searches and inspects: the one chosen last, while it exists, else the starter. */
  async inUse(): Promise<string> {
    const chosen = await readFile(join(this.#folder, inUseFile), 'utf8').then(
      text => text.trim(),
      () => '',
    )
    return (await this.#ids()).includes(chosen) ? chosen : starterId
  }

  /** @throws ExpectedError when there is no such model or its kind cannot search. */
  async use(id: string): Promise<Model> {
    const { kind, describe } = await this.#read(id)
    const reason = kind === 'dual-encoder' ? null : whyNotSearch(id, kind)
    if (reason !== null) throw new ExpectedError('model-kind', reason)
    await writeFileAtomic(
      join(this.#folder, inUseFile),
      `${id}
`,
    )
    return describe(true)
  }

  /**
   * Registers a checkpoint or, when the one file is the JSON of a dual encoder, that; see {@link importModel} and
   * {@link importDualEncoder}.
   */
  async import(input: ImportInput, options: ImportOptions = {}): Promise<ImportReport> {
    const report = await this.#import(input, options)
    this.#onImport()
    return report
  }

  async #import(input: ImportInput, options: ImportOptions): Promise<ImportReport> {
    if (input.name) checkId(input.name)
    await mkdir(this.#folder, { recursive: true })
    const taken = new Set(await this.#ids())
    const [source = ''] = input.weights
    const towers = input.weights.length === 1 ? await describedTowers(source, input, options.signal) : null
    if (towers) {
      return importDualEncoder(this.#folder, {
        ...towers,
        id: input.name ?? unusedId(towers.name, taken),
        source: options.source ?? source,
        launch: this.#launch,
        signal: options.signal,
      })
    }
    return importModel(this.#folder, input, { takenIds: taken, ...options })
  }

  /**
   * Deletes a model's files. When it was in use, the starter is; where it had the name of one that ships, that one is
   * made. @throws ExpectedError when there is no such model.
   */
  async remove(id: string): Promise<void> {
    checkId(id)
    const source = await this.#sourceOf(id)
    if (source === null) throw unknown(id)
    if (isShipped(source)) {
      throw new ExpectedError('model-fixed', `The model ‘${id}’ ships with the workbench; it cannot be removed.`)
    }
    await this.#delete(id)
    if (shippedModels.some(shipped => shipped === id)) await this.ensureShipped()
  }

  async #delete(id: string): Promise<void> {
    // Renamed first: a removal that is interrupted leaves no model that lacks half its files.
    const doomed = join(this.#folder, unfinishedName())
    await rename(join(this.#folder, id), doomed)
    await rm(doomed, { recursive: true, force: true })
  }

  /**
   * A model as the rest of the workbench uses it. A dual encoder computes in the precision of its files, whatever
   * `precision` says.
   * @throws ExpectedError when there is no such model or its kind cannot search.
   */
  async open(id: string, engine: Engine, precision: Precision = 'fp32'): Promise<OpenModel> {
    const model = await this.#read(id)
    return model.open(engine, precision)
  }

  /** @throws ExpectedError when the model computes too differently in a precision; see {@link assertParity}. */
  async assertParity(id: string, engine: Engine, precision: Precision): Promise<void> {
    if (precision === 'fp32') return
    const { kind } = await this.#read(id)
    if (kind !== 'dual-encoder') await assertParity(await readModel(join(this.#folder, id), id), engine, precision)
  }

  /**
   * A model of LF-VILA's own kinds. @throws ExpectedError when there is no such model, or it is a pair of ONNX files.
   */
  async lfVila(id: string): Promise<RegisteredModel> {
    const { kind } = await this.#read(id)
    if (kind === 'dual-encoder') {
      throw new ExpectedError(
        'model-kind',
        `The model ‘${id}’ is a pair of ONNX files, which were copied as they are; there is nothing to export.`,
      )
    }
    return readModel(join(this.#folder, id), id)
  }

  async #read(id: string): Promise<ReadModel> {
    checkId(id)
    const folder = join(this.#folder, id)
    const pair = await readDualEncoder(folder, id)
    if (pair) {
      return {
        kind: 'dual-encoder',
        describe: inUse => describeDualEncoder(pair, inUse),
        open: engine => new DualEncoder(pair, engine),
      }
    }
    const model = await readModel(folder, id)
    return {
      kind: model.record.kind,
      describe: inUse =>
        describe(
          model,
          readParityChecks(folder).map(({ code: _code, ...agreement }) => agreement),
          inUse,
        ),
      open: (engine, precision) => new LfVilaEncoder(model, engine, precision),
    }
  }

  async #ids(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => [])
    return entries
      .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
  }
}

/** A pair of towers as a JSON file describes it, or a folder from Hugging Face; null when the source is neither. */
async function describedTowers(source: string, { config, variant }: ImportInput, signal?: AbortSignal) {
  const isFolder = await stat(source).then(
    information => information.isDirectory(),
    () => false,
  )
  if (isFolder && config === null) {
    const { settings, warnings, ...described } = await describeHubFolder(source, { variant: variant ?? null, signal })
    return { ...described, derived: { settings, warnings } }
  }
  const contract = await readContract(source)
  if (!contract) return null
  if (variant !== undefined) {
    throw new ExpectedError(
      'hub-folder',
      `${source} names its files itself, so there is no variant to choose; leave out --variant.`,
    )
  }
  return { folder: dirname(source), name: source, contract, derived: null }
}

function unknown(id: string): ExpectedError {
  return new ExpectedError('model-unknown', `There is no model ‘${id}’; \`model list\` shows those there are.`)
}
