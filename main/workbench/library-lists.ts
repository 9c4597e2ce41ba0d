import type { SavedView } from '../api/library/curation.ts'
import type { VideoRules } from '../api/library/video-rules.ts'
import type { RuleAnswers } from '../library/videos/video-filter.ts'
import type { Parts } from './parts.ts'

/** What rules refer to beyond the library: the keys of a model, and what is sorted by. @throws ExpectedError */
export async function answersTo(
  { indexingModels, listScores, evaluations }: Pick<Parts, 'indexingModels' | 'listScores' | 'evaluations'>,
  rules: VideoRules,
  signal?: AbortSignal,
): Promise<RuleAnswers> {
  const model = rules.model === null ? undefined : (await indexingModels()).find(({ id }) => id === rules.model)
  const scores =
    rules.sort === 'evaluation' ? await standings(evaluations, rules.evaluation) : await listScores.of(rules, signal)
  return { modelKeys: model?.keys ?? null, ...(scores ? { scores } : {}) }
}

/** How videos did in an evaluation, by path: the mean of a standing. */
async function standings(evaluations: Parts['evaluations'], id: string | null): Promise<ReadonlyMap<string, number>> {
  const videos = id === null ? [] : await evaluations.videos(id)
  return new Map(videos.map(({ path, mean }) => [path, mean]))
}

/** The saved views, each with how many videos it selects now; the order does not matter to that. */
export async function countedViews({
  library,
  embeddingKeys,
  indexingModels,
}: Pick<Parts, 'library' | 'embeddingKeys' | 'indexingModels'>): Promise<SavedView[]> {
  const models = new Map((await indexingModels()).map(({ id, keys }) => [id, keys]))
  return library.views.list().map(view => {
    const rules: VideoRules = { ...view.rules, sort: 'name' }
    const modelKeys = models.get(rules.model ?? '') ?? null
    return { ...view, videos: library.count(rules, embeddingKeys(), { modelKeys }) }
  })
}
