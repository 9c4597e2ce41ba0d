import type { Evaluation, Figures } from '../../../main/api/index.ts'
import { fileName } from '../../locale/format.ts'

export const evaluationOrders = ['newest', 'oldest', 'model', 'data', 'best'] as const
export type EvaluationOrder = (typeof evaluationOrders)[number]

type Sorted = Pick<Evaluation, 'id' | 'createdAt' | 'choice' | 'split' | 'task' | 'figures'>

/** In the order that is asked for; the newest first where it leaves them equal. */
export function inOrder<One extends Sorted>(evaluations: readonly One[], order: EvaluationOrder): One[] {
  const byName = (name: (one: One) => string) => (a: One, b: One) =>
    name(a).localeCompare(name(b), undefined, { numeric: true })
  const compare: Record<EvaluationOrder, (a: One, b: One) => number> = {
    newest: () => 0,
    oldest: (a, b) => a.createdAt - b.createdAt,
    model: byName(({ choice }) => choice.model),
    data: byName(({ choice, split }) => `${fileName(choice.dataset.folder)} ${split}`),
    // Figures of different tasks say nothing about each other.
    best: (a, b) => a.task.localeCompare(b.task) || mainFigure(b.figures) - mainFigure(a.figures),
  }
  return evaluations.toSorted((a, b) => compare[order](a, b) || b.createdAt - a.createdAt)
}

/** The figure that the list shows, a fraction of one; below all where there is none. */
function mainFigure(figures: Figures | null): number {
  if (!figures) return -1
  switch (figures.task) {
    case 'retrieval':
      return figures.textToVideo.r1
    case 'moments':
      return figures.lengths.full?.r1['0.5'] ?? -1
    default:
      return figures.accuracy
  }
}
