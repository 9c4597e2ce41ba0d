import { computed } from 'vue'
import type { ComputedRef, WritableComputedRef } from 'vue'
import { client } from '../client/client.ts'
import { formatCount } from '../locale/format.ts'
import { t } from '../locale/i18n.ts'
import { useModels } from '../stores/models.ts'
import { textInAddress, useAddressed } from './addressed.ts'
import { useRequest } from './request.ts'

export interface BesideModel {
  /** Its name, empty where there is none. */
  readonly model: WritableComputedRef<string>
  /** None, every model but the one in use that searches, and every checkpoint of one. */
  readonly choices: ComputedRef<{ value: string; text: string }[]>
  /** What of the address keeps the choice. */
  readonly kept: ComputedRef<{ with?: string }>
}

/** The model that a page shows beside the one in use, or a checkpoint of a run; part of the address. */
export function useBesideModel(): BesideModel {
  const models = useModels()
  const ofRuns = useRequest(signal => client.training.checkpoints(undefined, { signal }))
  void ofRuns.run()
  const chosen = useAddressed('with', textInAddress)
  const choices = computed(() => [
    { value: '', text: t('beside.none') },
    ...models.list
      .filter(({ cannotSearch, inUse }) => cannotSearch === null && !inUse)
      .map(({ id }) => ({ value: id, text: id })),
    ...(ofRuns.result.value ?? []).flatMap(({ run, name, steps }) =>
      steps.map(step => ({ value: `${run}@${step}`, text: t('beside.step', { run: name, step: formatCount(step) }) })),
    ),
  ])
  const model = computed({
    get: () => choices.value.find(({ value }) => value === chosen.value)?.value ?? '',
    set: id => {
      chosen.value = id || null
    },
  })
  return { model, choices, kept: computed(() => (chosen.value ? { with: chosen.value } : {})) }
}
