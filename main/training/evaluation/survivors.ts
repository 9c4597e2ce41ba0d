import type { EvaluatedProtocol } from '../../api/evaluation/protocol.ts'
import type { Survivors } from '../../api/evaluation/survivors.ts'
import type { RowTask } from '../../api/training/datasets.ts'
import { videoKey } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { accuracyBounds, firstWindowBounds, recallBounds } from '../metrics/survivor-bounds.ts'
import type { Lacking } from '../metrics/survivor-bounds.ts'
import { isUnreadable } from './results/outputs.ts'
import type { Output } from './results/outputs.ts'
import type { Evaluated } from './results/results.ts'

/**
 * How much of a split a score is of, and of a published protocol how much of that, whose rows may not all be named.
 * @param absent what the split names that is not there; null where splits are drawn.
 */
export function survivorsOf({
  task,
  examples,
  outputs,
  standings,
  absent,
  protocol,
}: {
  readonly task: RowTask
  readonly examples: readonly Example[]
  readonly outputs: ReadonlyMap<number, Output>
  readonly standings: Evaluated['standings']
  readonly absent: Lacking | null
  readonly protocol: EvaluatedProtocol | null
}): Survivors {
  const readable = examples.filter((_, place) => !isUnreadable(outputs.get(place)))
  const [named, there] = [examples, readable].map(of => new Set(of.map(({ content }) => videoKey(content))).size) as [
    number,
    number,
  ]
  const ofProtocol = protocol !== null && protocol.name !== null
  const lacking = {
    queries: Math.max(
      examples.length - readable.length + (absent?.queries ?? 0),
      ofProtocol ? protocol.queries.all - readable.length : 0,
    ),
    videos: Math.max(named - there + (absent?.videos ?? 0), ofProtocol ? protocol.videos.all - there : 0),
  }
  const ranks = standings.map(({ rank }) => rank - 1)
  return {
    videos: { there, all: there + lacking.videos },
    queries: { there: readable.length, all: readable.length + lacking.queries },
    bounds:
      lacking.queries === 0 || standings.length === 0
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
