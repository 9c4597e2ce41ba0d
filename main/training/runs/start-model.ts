import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { Task } from '../../api/training/datasets.ts'
import type { RunConfig } from '../../api/training/training.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { readModel, weightsFile } from '../../model-folder/model-file.ts'
import { checkId, registerModel } from '../../model-folder/register.ts'
import { readDualEncoder } from '../../models/encoders/dual-encoder/registered.ts'
import { assemble } from '../../models/import/assemble.ts'
import { Initialisations } from '../../models/import/initialisations.ts'
import { Weights } from '../../models/import/weights.ts'
import { withClips, withLabels } from '../../reading-process/read-config.ts'

/** Name of the folder, inside the run's, that holds the model it begins with. */
export const startName = 'start'

/**
 * The model that a run is to start from. @throws ExpectedError when there is none of that name, or it is not one of
 * LF-VILA's own kinds.
 */
export async function baseModel(models: string, id: string): Promise<RegisteredModel> {
  checkId(id)
  const folder = join(models, id)
  if (await readDualEncoder(folder, id)) {
    throw new ExpectedError(
      'model-kind',
      `The model ‘${id}’ is a pair of ONNX files, which cannot be trained here; choose one of LF-VILA’s own kinds.`,
    )
  }
  return readModel(folder, id)
}

export interface StartChoice {
  readonly task: Task
  /** Names of the answers or classes; null for a task without. */
  readonly labels: readonly string[] | null
  /** Null for the base model's own. */
  readonly clips: number | null
  readonly seed: number
}

/** @param labels of the dataset, by number. */
export function startChoice({ task, clips, seed }: RunConfig, labels: readonly string[]): StartChoice {
  return { task, clips, seed, labels: task === 'qa-classification' || task === 'video-classification' ? labels : null }
}

export interface StartModel {
  readonly model: RegisteredModel
  /** Weights that the base model has not, by name: they begin as random numbers. */
  readonly made: readonly string[]
}

/**
 * The model a run begins with: the base model's weights in the class of the task, what that class has in addition drawn
 * with the run's seed, as the reference makes new heads. Written once; a run that goes on reads it again.
 * @throws ExpectedError when the base model does not fit the task, or the disk is full.
 */
export async function startModel(
  run: string,
  base: RegisteredModel,
  { task, labels, clips, seed, signal }: { readonly signal: AbortSignal } & StartChoice,
): Promise<StartModel> {
  const given = labels === null ? base.record.config : withLabels(base.record.config, labels.length)
  const files = clips === null ? given : withClips(given, clips)
  const config = parseConfig(files.model, files.bert)
  const entries = stateDict(task, config)
  const weights = await Weights.open([join(base.folder, weightsFile)])
  const initialisations = await Initialisations.open(
    { swin: null, bert: null, seed, start: 'published' },
    { entries, config },
  )
  try {
    const { weights: assembled } = await assemble({
      kind: task,
      config,
      entries,
      weights,
      initialisations,
      resizeBias: null,
    })
    const vocabulary = base.record.vocabulary
    await registerModel(run, startName, {
      model: {
        kind: task,
        config: files,
        trained: base.record.trained,
        source: base.id,
        labels,
        vocabulary:
          vocabulary === null ? null : { name: vocabulary, content: await readFile(join(base.folder, vocabulary)) },
        weights: assembled.map(({ key, shape, read }) => ({ name: key, shape, read })),
      },
      signal,
    })
    return {
      model: await readModel(join(run, startName), startName),
      made: assembled.filter(({ how }) => how === 'initialised').map(({ key }) => key),
    }
  } finally {
    await initialisations.close()
    await weights.close()
  }
}
