import type { Model } from '../../api/models.ts'
import type { Dataset } from '../data/datasets/dataset.ts'
import { noticesOf } from '../data/datasets/rows/settle-times.ts'
import type { Example } from '../data/examples/example.ts'
import { isScored } from '../moments/query-of-example.ts'
import { readRunData } from '../runs/folder/run-data.ts'
import type { Runs } from '../runs/runs.ts'
import { warningsOfRun } from './judged-rows.ts'

/** What is judged: the model, null where its predictions are given in a file, and the rows of a split. */
interface Judged {
  readonly model: Model | null
  readonly dataset: Dataset
  readonly examples: readonly Example[]
}

/** What must be known of an evaluation's figures before it begins, one sentence each. */
export async function startWarnings(runs: Runs, { model, dataset, examples }: Judged): Promise<string[]> {
  const leftOut = dataset.problems
    .filter(({ severity }) => severity === 'error')
    .reduce((sum, { count }) => sum + count, 0)
  const run = model ? (await runs.list()).find(({ model: made }) => made === model.id) : undefined
  const data = run
    ? await runs
        .open(run.id)
        .then(({ path }) => readRunData(path))
        .catch(() => null)
    : null
  return [
    ...(!model || model.trained
      ? []
      : [`The model ‘${model.id}’ has random weights: the figures are those of chance.`]),
    ...(run && data ? warningsOfRun(run, { data, examples, sameData: run.dataHash === dataset.hash }) : []),
    ...(dataset.split.by === 'given' || dataset.withoutVideo.length === 0
      ? []
      : [
          `${dataset.withoutVideo.length} ${dataset.withoutVideo.length === 1 ? 'row whose video is not there is' : 'rows whose videos are not there are'} in no split, since splits are drawn from what is there: the figures do not count ${dataset.withoutVideo.length === 1 ? 'it' : 'them'}.`,
        ]),
    ...(leftOut === 0
      ? []
      : [
          `${leftOut} ${leftOut === 1 ? 'row' : 'rows'} of ${dataset.folder} ${leftOut === 1 ? 'is' : 'are'} left out: see its report.`,
        ]),
    ...unscoredWarning(examples),
    ...noticesOf(dataset.problems),
  ]
}

/** What is said of queries for moments whose windows are not public. */
function unscoredWarning(examples: readonly Example[]): string[] {
  const unscored = examples.filter(example => !isScored(example)).length
  if (unscored === 0) return []
  if (unscored < examples.length) {
    return [
      `${unscored} of ${examples.length} queries have no windows in the annotation: moments are predicted for them, and the scores are of the others.`,
    ]
  }
  return [
    `The ${examples.length === 1 ? 'query has' : `${examples.length} queries have`} no windows in the annotation, as those of a published test set: there are no scores here. Save the predictions (--predictions-out FILE) and hand them in where the benchmark is scored.`,
  ]
}
