import type { Alignment } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'

/** Frames of a segment differ from model to model by less than this where its clips are the same ones; seconds. */
const sameTime = 0.5

/** Why the cells of two alignments are of different things, in one sentence; null where they are of the same. */
export function clipsApart(first: Alignment, second: Alignment): string | null {
  const models = { first: first.model, second: second.model }
  if (first.clips.length !== second.clips.length) {
    return t('alignment.compared.counts', { ...models, one: first.clips.length, other: second.clips.length })
  }
  if (first.sentences.length !== second.sentences.length) return t('alignment.compared.sentences', models)
  const agree = first.clips.every(({ start, end }, place) => {
    const other = second.clips[place]
    return other && Math.abs(start - other.start) <= sameTime && Math.abs(end - other.end) <= sameTime
  })
  return agree ? null : t('alignment.compared.times', models)
}
