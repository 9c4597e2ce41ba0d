import type { AttentionOverview } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'

/** The block of another model at a place, of a stage with fewer its last; null where it has no such stage. */
export function blockBeside(
  { stages }: AttentionOverview,
  { stage, block }: { readonly stage: number; readonly block: number },
): { stage: number; block: number } | null {
  const found = stages[stage]
  return found ? { stage, block: Math.min(block, found.blocks - 1) } : null
}

interface Side {
  readonly overview: AttentionOverview
  readonly heads: number
}

/** Why cells of two maps are of different things, in one sentence; null where they are of the same. */
export function mapsApart(first: Side, second: Side, head: number | null): string | null {
  const models = { first: first.overview.model, second: second.overview.model }
  const [one, other] = [first.overview.frames.length, second.overview.frames.length]
  if (one !== other) return t('attention.compared.frames', { ...models, one, other })
  if (head !== null && head >= second.heads) {
    return t('attention.compared.heads', { ...models, head: head + 1, other: second.heads })
  }
  return null
}
