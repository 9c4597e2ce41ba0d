import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { RunRecord } from '../../api/training/training.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { registerModel, unusedId } from '../../model-folder/register.ts'
import { assemble } from '../../models/import/assemble.ts'
import { Weights } from '../../models/import/weights.ts'

export interface Continuation {
  /** The run that was exported, and the model it began with. */
  readonly run: RunRecord
  readonly start: RegisteredModel
  /**
   * What DeepSpeed wrote: the flat state dict of `save_fp16_model`, or `mp_rank_00_model_states.pt` of a checkpoint.
   */
  readonly checkpoint: string
}

/**
 * Registers what a job made of a run's weights as a model of the run's kind and configuration.
 * @returns its name. @throws ExpectedError when the checkpoint is of another model, or holds a value that is no finite
 * number.
 */
export async function registerContinuation(
  models: string,
  { run, start, checkpoint }: Continuation,
  signal: AbortSignal,
): Promise<string> {
  const { record, config } = start
  const entries = stateDict(record.kind, config)
  const weights = await Weights.open([checkpoint], { scratch: models, signal })
  try {
    const { weights: assembled } = await assemble({
      kind: record.kind,
      config,
      entries,
      weights,
      initialisations: null,
      resizeBias: null,
    }).catch((error: unknown) => {
      if (!(error instanceof ExpectedError)) throw error
      throw new ExpectedError(
        'continuation-foreign',
        `${checkpoint} is no continuation of the run ‘${run.config.name}’ (${run.config.task} from ‘${run.config.model}’): ${error.message.replace(/^The/, 'the').replace(/;[^;]*$/, '')}; give a checkpoint that its own job wrote.`,
        { cause: error },
      )
    })
    const id = unusedId(run.config.name, new Set(await readdir(models)))
    await registerModel(models, id, {
      model: {
        kind: record.kind,
        config: record.config,
        labels: record.labels,
        trained: true,
        source: english`${checkpoint}, which continues the run ‘${run.config.name}’`,
        vocabulary:
          record.vocabulary === null
            ? null
            : { name: record.vocabulary, content: await readFile(join(start.folder, record.vocabulary)) },
        weights: assembled.map(({ key, shape, read }) => ({ name: key, shape, read })),
      },
      signal,
    })
    return id
  } finally {
    await weights.close()
  }
}
