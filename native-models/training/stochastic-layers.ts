import { dependsOn } from '../graph/dependence.ts'
import { rewrite } from '../graph/rewrite.ts'
import type { Tensor } from '../graph/tensor.ts'
import { dropped, droppedSamples } from './random-mask.ts'

/**
 * Dropout and stochastic depth where the model marks them. As in the reference, a frozen block of the video encoder is
 * never skipped, while dropout goes on in frozen layers of the text encoder.
 * @param key int32 scalar from which all that is random follows.
 */
export function withStochasticLayers(results: readonly Tensor[], trained: ReadonlySet<string>, key: Tensor): Tensor[] {
  const isTrained = dependsOn(source => source.kind === 'parameter' && trained.has(source.name))
  let stream = 0
  return rewrite(results, ({ source }) => {
    if (source.kind !== 'op') return null
    const {
      op,
      inputs: [x],
      attributes,
    } = source.node
    if (!x) return null
    if (op === 'Dropout') return dropped(x, (attributes as { rate: number }).rate, { key, stream: stream++ })
    if (op !== 'DropPath' || !isTrained(x)) return null
    const { rate, batch } = attributes as { rate: number; batch: number }
    return droppedSamples(x, { batch, rate, key, stream: stream++ })
  })
}
