import { english } from '../../native-models/english.ts'
import { readsText } from './kinds.ts'
import type { ModelRecord } from './model-file.ts'

/** What a registered model cannot do for want of something, one sentence each. */
export function modelWarnings(id: string, { kind, vocabulary }: Pick<ModelRecord, 'kind' | 'vocabulary'>): string[] {
  if (vocabulary !== null || !readsText(kind)) return []
  return [
    english`The model ‘${id}’ has no vocabulary, so it can read no text: searches, alignments and training with texts will fail; remove it and import it again with its vocabulary (--vocab; bert-base-uncased's vocab.txt for the published models).`,
  ]
}

/**
 * What an import or an answer says of its model: also that its weights are random, which the window says of the model
 * in use by itself.
 */
export function importWarnings(id: string, record: Pick<ModelRecord, 'kind' | 'vocabulary' | 'trained'>): string[] {
  const random = english`Weights of the model ‘${id}’ are random: its scores and attention mean nothing before it is trained.`
  return [...(record.trained ? [] : [random]), ...modelWarnings(id, record)]
}
