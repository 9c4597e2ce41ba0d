import { computed, reactive, watch } from 'vue'
import { client } from '../../../client/client.ts'
import { useRemembered } from '../../../composables/remembered.ts'
import { useRequest } from '../../../composables/request.ts'
import { useToasts } from '../../../stores/window/toasts.ts'

/** Where pictures of a video begin that need no other, for edges to stick to: asked for only while that is wanted. */
export function useKeyframes(video: () => number | undefined) {
  const toasts = useToasts()
  const choice = useRemembered('alignment.keyframes', 'off', ['off', 'on'])
  const found = useRequest((signal, id: number) => client.library.keyframes({ id }, { signal }))
  const wanted = computed(() => choice.value === 'on')
  watch(
    [video, wanted] as const,
    ([id, isWanted]) => {
      found.reset()
      if (id !== undefined && isWanted) void found.run(id)
    },
    { immediate: true },
  )
  watch(found.problem, problem => {
    if (problem) toasts.tell(problem.sentence)
  })
  function toggle() {
    choice.value = wanted.value ? 'off' : 'on'
  }
  return reactive({ wanted, times: computed(() => found.result.value ?? []), toggle })
}
