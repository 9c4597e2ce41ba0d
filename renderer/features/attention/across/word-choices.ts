import { computed } from 'vue'
import type { Ref } from 'vue'
import type { AttentionWords } from '../../../../main/api/index.ts'
import { t } from '../../../locale/i18n.ts'
import { useHeadChoice } from '../map/place-choices.ts'
import { sum } from './word-values.ts'

export const percent = (share: number): string => (100 * share).toFixed(1)

/** Layers and heads to choose from, each with what it gives to the video. */
export function useWordChoices(found: () => AttentionWords, layer: Ref<number | null>, head: Ref<number | null>) {
  const layers = computed(() =>
    found().shares.map((heads, index) => ({
      value: String(index),
      text: t('attention.words.layerShare', {
        layer: index + 1,
        share: percent(sum(heads) / Math.max(1, heads.length)),
      }),
    })),
  )
  const chosenLayer = computed({
    get: () => String(found().layer),
    set: value => {
      layer.value = Number(value)
    },
  })
  const shares = computed(() => found().shares[found().layer] ?? [])
  const { options: heads, chosen: chosenHead } = useHeadChoice(
    computed({
      get: () => found().head,
      set: value => {
        head.value = value
      },
    }),
    () => shares.value.length,
    one => t('attention.words.headShare', { head: one + 1, share: percent(shares.value[one] ?? 0) }),
  )
  return { layers, chosenLayer, heads, chosenHead }
}
