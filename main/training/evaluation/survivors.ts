import type { Survivors } from '../../api/evaluation/survivors.ts'
import type { RowTask } from '../../api/training/datasets.ts'
import type { Dataset } from '../data/datasets/dataset.ts'
import { videoKey } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { accuracyBounds, firstWindowBounds, recallBounds } from '../metrics/survivor-bounds.ts'
import type { Lacking } from '../metrics/survivor-bounds.ts'
import { isUnreadable } from './results/outputs.ts'
import type { Output } from './results/outputs.ts'
import type { Evaluated } from './results/results.ts'

/** What a split names that is not there; null where splits are drawn, from what is there. */
export function absentFrom({ split: rule, withoutVideo }: Dataset, split: Example['split']): Lacking | null {
  if (rule.by !== 'given') return null
  const rows = withoutVideo.filter(row => row.split === split)
  return { queries: rows.length, videos: new Set(rows.flatMap(({ videos }) => videos)).size }
}

/** How much of a split a score is of. @param absent as {@link absentFrom} has it. */
export function survivorsOf({
  task,
  examples,
  outputs,
  standings,
  absent,
}: {
  readonly task: RowTask
  readonly examples: readonly Example[]
  readonly outputs: ReadonlyMap<number, Output>
  readonly standings: Evaluated['standings']
  readonly absent: Lacking | null
}): Survivors {
  const readable = examples.filter((_, place) => !isUnreadable(outputs.get(place)))
  const [named, there] = [examples, readable].map(of => new Set(of.map(({ content }) => videoKey(content))).size) as [
    number,
    number,
  ]
  const lacking = {
    queries: examples.length - readable.length + (absent?.queries ?? 0),
    videos: named - there + (absent?.videos ?? 0),
  }
  const ranks = standings.map(({ rank }) => rank - 1)
  return {
    videos: { there, all: there + lacking.videos },
    queries: { there: readable.length, all: readable.length + lacking.queries },
    bounds:
      lacking.queries === 0
        ? []
        : task === 'retrieval'
          ? recallBounds(ranks, lacking)
          : task === 'moments'
            ? firstWindowBounds(
                standings.map(({ score }) => score),
                lacking,
              )
            : accuracyBounds(ranks.filter(rank => rank === 0).length, ranks.length, lacking),
  }
}
