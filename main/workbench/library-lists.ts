import type { SavedView } from '../api/library/curation.ts'
import type { VideoRules } from '../api/library/video-rules.ts'
import type { RuleAnswers } from '../library/videos/video-filter.ts'
import type { Parts } from './parts.ts'

type ListParts = Pick<Parts, 'indexingModels' | 'listScores' | 'library' | 'embeddingKeys'>

/** What rules refer to beyond the library: the keys of a model, and similarities. @throws ExpectedError */
export async function answersTo(
  { indexingModels, listScores }: Pick<ListParts, 'indexingModels' | 'listScores'>,
  rules: VideoRules,
  signal?: AbortSignal,
): Promise<RuleAnswers> {
  const model = rules.model === null ? undefined : (await indexingModels()).find(({ id }) => id === rules.model)
  const scores = await listScores.of(rules, signal)
  return { modelKeys: model?.keys ?? null, ...(scores ? { scores } : {}) }
}

/** The saved views, each with how many videos it selects now; the order does not matter to that. */
export async function countedViews({ library, embeddingKeys, indexingModels }: ListParts): Promise<SavedView[]> {
  const models = new Map((await indexingModels()).map(({ id, keys }) => [id, keys]))
  return library.views.list().map(view => {
    const rules: VideoRules = { ...view.rules, sort: 'name' }
    const modelKeys = models.get(rules.model ?? '') ?? null
    return { ...view, videos: library.count(rules, embeddingKeys(), { modelKeys }) }
  })
}
