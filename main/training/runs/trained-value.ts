import type { Checkpoint, CheckpointTensor } from '../../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { floatsOf } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import { lowRankFactors, mergedWeight } from '../../../native-models/training/low-rank.ts'
import type { RunConfig } from '../../api/training/training.ts'

interface ValueOfRun {
  readonly before: CheckpointTensor
  readonly checkpoint: Pick<Checkpoint, 'tensors'>
  readonly train: RunConfig['train']
}

/** What training made of a weight: its new value, its old one with the low-rank addition worked in, or its old one. */
export async function trainedValue(
  name: string,
  { before, checkpoint: { tensors }, train }: ValueOfRun,
): Promise<Float32Array> {
  const factors = lowRankFactors(name)
  const [a, b] = [tensors.get(factors.a), tensors.get(factors.b)]
  if (train.what !== 'lora' || !a || !b) return floatsOf(name, tensors.get(name) ?? before)
  return mergedWeight(await floatsOf(name, before), {
    a: await floatsOf(factors.a, a),
    b: await floatsOf(factors.b, b),
    ...train,
  })
}
