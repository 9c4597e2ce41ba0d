import type { AttentionWords } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'

/** Why cells of the maps of two models are of different things, in one sentence; null where they are of the same. */
export function wordsApart(first: AttentionWords, second: AttentionWords): string | null {
  const models = { first: first.model, second: second.model }
  if (JSON.stringify(first.words) !== JSON.stringify(second.words)) return t('attention.words.compared.words', models)
  const [one, other] = [first.frames.length, second.frames.length]
  if (one !== other) return t('attention.compared.frames', { ...models, one, other })
  if (first.layer !== second.layer || first.head !== second.head) {
    return t('attention.words.compared.place', { ...models, layer: second.layer + 1 })
  }
  return null
}
