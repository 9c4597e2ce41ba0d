import { computed, toValue } from 'vue'
import type { ComputedRef, MaybeRefOrGetter, Ref, WritableComputedRef } from 'vue'
import { t } from '../../../locale/i18n.ts'

interface Choice {
  readonly options: ComputedRef<{ value: string; text: string }[]>
  readonly chosen: WritableComputedRef<string>
}

export const nameOfHead = (head: number): string => t('attention.head', { head: head + 1 })

/** Heads to choose from before all their mean, which is null; `name` says a head, counted from 0. */
export function useHeadChoice(
  head: Ref<number | null>,
  count: MaybeRefOrGetter<number>,
  name: (head: number) => string = nameOfHead,
): Choice {
  return {
    options: computed(() => [
      { value: 'mean', text: t('attention.meanOf', toValue(count)) },
      ...places(toValue(count)).map(one => ({ value: String(one), text: name(one) })),
    ]),
    chosen: computed({
      get: () => (head.value === null ? 'mean' : String(head.value)),
      set: value => {
        head.value = value === 'mean' ? null : Number(value)
      },
    }),
  }
}

/** The blocks of a stage to choose from, counted from 0. */
export function useBlockChoice(block: Ref<number>, count: MaybeRefOrGetter<number>): Choice {
  return {
    options: computed(() =>
      places(toValue(count)).map(one => ({ value: String(one), text: t('attention.block', { block: one + 1 }) })),
    ),
    chosen: computed({
      get: () => String(block.value),
      set: value => {
        block.value = Number(value)
      },
    }),
  }
}

const places = (count: number) => Array.from({ length: count }, (_, place) => place)
