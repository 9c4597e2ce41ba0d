import { ExpectedError } from '../../../native-models/expected-error.ts'
import { splits, splitsToEvaluate } from '../../api/common/rules.ts'
import type { Model } from '../../api/models.ts'
import type { RowTask, Split } from '../../api/training/datasets.ts'
import type { Dataset } from '../data/datasets/dataset.ts'
import { isScored } from '../moments/query-of-example.ts'

/** @throws ExpectedError when the rows are wanted for what the model is not evaluated by. */
export function taskOf({ id, kind, evaluatedBy: task }: Model, wanted: RowTask | null): RowTask {
  // What embeds videos and texts also says which of a video's clips a text is nearest to.
  if (wanted === 'moments' && task === 'retrieval') return wanted
  if (wanted !== null && wanted !== task) {
    throw new ExpectedError(
      'model-kind',
      `The model ‘${id}’ is of kind ${kind}, which is evaluated by ${task}, not by ${wanted}; choose another model or task.`,
    )
  }
  return task
}

/** The split that is wanted, else the first held out that can be scored. @throws ExpectedError when it has no row. */
export function splitOf({ folder, examples }: Dataset, wanted: Split | null): Split {
  const has = (split: Split) => examples.some(example => example.split === split)
  const heldOut = splitsToEvaluate.filter(one => one !== 'train')
  const isOfScores = (split: Split) => examples.some(example => example.split === split && isScored(example))
  const split = wanted ?? heldOut.find(isOfScores) ?? heldOut.find(has)
  if (split === undefined || !has(split)) {
    const there = splits.filter(has)
    throw new ExpectedError(
      'no-rows',
      `${folder} has no row ${split ? `in the split ‘${split}’` : 'held out for validation or the test'}; it has rows for ${there.join(' and ')}: choose ${there.length === 1 ? 'that' : 'one of these'}, or draw the splits with a seed.`,
    )
  }
  return split
}
