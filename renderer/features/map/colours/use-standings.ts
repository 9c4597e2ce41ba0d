import { computed, watch } from 'vue'
import type { Ref } from 'vue'
import { client } from '../../../client/client.ts'
import { useEvaluationOptions } from '../../../composables/evaluation-options.ts'
import { useRequest } from '../../../composables/request.ts'

/** How videos did in the evaluation that is chosen, else in the newest; read when it is `wanted`. */
export function useStandings(chosen: Ref<string | null>, wanted: Ref<boolean>) {
  const options = useEvaluationOptions()
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
