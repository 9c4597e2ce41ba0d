import { basename } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { EvaluationChoice } from '../../api/evaluation/evaluation.ts'
import type { Model } from '../../api/models.ts'
import type { RowTask } from '../../api/training/datasets.ts'
import type { ModelRegistry } from '../../models/registry/registry.ts'
import { hashOfPredictions } from './asking/take-predictions.ts'
import { taskOf } from './task-and-split.ts'

/** What is evaluated: a model here, or a file of what one elsewhere has predicted. */
export interface Subject {
  readonly name: string
  readonly hash: string
  readonly task: RowTask
  /** Null for a file of predictions. */
  readonly model: Model | null
}

/** @throws ExpectedError when there is no such model or file, or it is not evaluated by the task that is wanted. */
export async function subjectOf(
  { model: id, predictions, dataset, timeProbe }: EvaluationChoice,
  registry: ModelRegistry,
  signal: AbortSignal,
): Promise<Subject> {
  if (timeProbe !== null && dataset.task === 'moments') {
    throw new ExpectedError(
      'evaluation-state',
      'The time probe is of retrieval and of answers, not of moments; evaluate without it.',
    )
  }
  if (predictions === null) {
    const model = await registry.info(id)
    return { name: model.id, hash: model.hash, task: taskOf(model, dataset.task), model }
  }
  if (dataset.task !== null && dataset.task !== 'moments') {
    throw new ExpectedError(
      'model-kind',
      `A file of predictions is scored by moments, not by ${dataset.task}; choose another task.`,
    )
  }
  const hash = await hashOfPredictions(predictions, signal)
  return { name: basename(predictions), hash, task: 'moments', model: null }
}
