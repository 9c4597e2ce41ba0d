import type { EvaluationSampling } from '../../../api/evaluation/certificate.ts'
import type { TrainingConditions } from '../../../api/evaluation/conditions.ts'
import type { Model } from '../../../api/models.ts'

/** What the model was trained with, where that is known, and in what it is evaluated with something else. */
export function trainedOtherwise(
  { training, video }: Pick<Model, 'training' | 'video'>,
  { frames, height, width, mode }: EvaluationSampling,
): TrainingConditions {
  if (training === null) return { trained: null, differences: [] }
  const size = (rows: number, columns: number) => `${rows} × ${columns}`
  const compared = [
    ['frames', training.frames, frames],
    ['clips', training.clips, video.clips],
    ['size', size(...training.inputSize), size(height, width)],
    ['sampling', training.sampling, mode],
    ['precision', training.precision, 'fp32'],
  ] as const
  return {
    trained: training,
    differences: compared
      .filter(([, before, now]) => before !== now)
      .map(([what, before, now]) => ({ what, trained: `${before}`, evaluated: `${now}` })),
  }
}
