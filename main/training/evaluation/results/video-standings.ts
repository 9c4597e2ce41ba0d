import type { VideoStanding } from '../../../api/evaluation/evaluation.ts'
import { videosOf } from '../../data/examples/example.ts'
import type { EvaluationFolder } from './evaluation-folder.ts'

/**
 * How each video of an evaluation did, over the queries that are about it: the mean of one over the rank of what is
 * right; of moments, of the overlap that counts for R1.
 * @throws ExpectedError when the evaluation has not come to its end.
 */
export async function videoStandings(evaluation: EvaluationFolder): Promise<VideoStanding[]> {
  const { standings = [] } = await evaluation.results()
  const { examples } = await evaluation.data()
  const isMoments = evaluation.record.task === 'moments'
  const found = new Map<string, number[]>()
  for (const { example: place, rank, score } of standings) {
    const example = examples[place]
    const path = example && videosOf(example.content)[0]?.path
    if (path === undefined) continue
    found.set(path, [...(found.get(path) ?? []), isMoments ? score : 1 / rank])
  }
  return [...found].map(([path, values]) => ({
    path,
    queries: values.length,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  }))
}
