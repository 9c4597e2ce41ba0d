import type { EvaluationChoice } from '../../api/evaluation/evaluation.ts'
import type { EvaluatedProtocol } from '../../api/evaluation/protocol.ts'
import type { Split } from '../../api/training/datasets.ts'
import type { Dataset } from '../data/datasets/dataset.ts'
import type { Example } from '../data/examples/example.ts'
import type { Lacking } from '../metrics/survivor-bounds.ts'
import { evaluatedProtocol, recognise, rowsOfProtocol, splitOfProtocol } from './protocols/recognise.ts'
import { namesOf, rowsOfSplit } from './protocols/split-rows.ts'
import { splitOf } from './task-and-split.ts'

export interface RowsToEvaluate {
  readonly split: Split
  readonly examples: readonly Example[]
  /** What the split names that is not there; null where splits are drawn, from what is there. */
  readonly absent: Lacking | null
  /** What is known of it before any video is opened. */
  readonly protocol: EvaluatedProtocol
}

/**
 * The rows of a split, or those of the protocol that is asked for.
 * @throws ExpectedError when there are none, or the folder is something else than the protocol.
 */
export function rowsToEvaluate(
  dataset: Dataset,
  { split: wanted, protocol: asked }: Pick<EvaluationChoice, 'split' | 'protocol'>,
): RowsToEvaluate {
  const split = asked === null ? splitOf(dataset, wanted) : splitOfProtocol(asked, dataset, wanted)
  const rows = asked === null ? rowsOfSplit(dataset, split) : rowsOfProtocol(asked, dataset, split)
  const { examples, absent } = rows
  const missing = new Set(absent.flatMap(({ videos }) => videos)).size
  const there = { queries: examples.length, videos: namesOf({ examples, absent: [] }, dataset).size }
  return {
    split,
    examples,
    absent: dataset.split.by === 'given' ? { queries: absent.length, videos: missing } : null,
    protocol: evaluatedProtocol(asked === null ? recognise(dataset, split) : { name: asked, among: [] }, there, {
      queries: there.queries + absent.length,
      videos: there.videos + missing,
    }),
  }
}
