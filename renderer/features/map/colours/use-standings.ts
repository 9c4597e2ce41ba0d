import { computed, watch } from 'vue'
import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { client } from '../../../client/client.ts'
import { useRequest } from '../../../composables/request.ts'
import { fileName, formatDate } from '../../../locale/format.ts'
import { useEvaluations } from '../../../stores/evaluations.ts'

/** How videos did in the evaluation that is chosen, else in the newest; read when it is `wanted`. */
export function useStandings(chosen: Ref<string | null>, wanted: Ref<boolean>) {
  const { t } = useI18n()
  const evaluations = useEvaluations()
  if (!evaluations.loaded) void evaluations.refresh()
  const options = computed(() =>
    evaluations.list
      .filter(({ figures }) => figures !== null)
      .map(({ id, choice: { model, dataset }, createdAt }) => ({
        value: id,
        text: t('map.evaluated', { model, folder: fileName(dataset.folder), date: formatDate(createdAt) }),
      })),
  )
  const evaluation = computed({
    get: () => options.value.find(({ value }) => value === chosen.value)?.value ?? options.value[0]?.value ?? '',
    set: value => {
      chosen.value = value
    },
  })
  const { result, run, reset } = useRequest((signal, id: string) => client.evaluation.videos({ id }, { signal }))
  watch(
    [evaluation, wanted],
    ([id, isWanted]) => {
      reset()
      if (id && isWanted) void run(id)
    },
    { immediate: true },
  )
  const standings = computed(() => result.value && new Map(result.value.map(({ path, mean }) => [path, mean])))
  return { options, evaluation, standings }
}
