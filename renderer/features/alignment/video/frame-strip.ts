import { onScopeDispose, watch } from 'vue'
import { client } from '../../../client/client.ts'
import { useRequest } from '../../../composables/request.ts'
import type { TimelineView } from '../editing/timeline-view.ts'

const frames = 16
/** Frames are decoded for what one stays at, not for every turn of the wheel. */
const settleMs = 250

/** The frames of what a timeline shows of a video; until they are there, those from before. */
export function useFrameStrip(video: () => number | undefined, view: () => TimelineView) {
  const strip = useRequest((signal, id: number, span: TimelineView) =>
    client.library.strip({ id, count: frames, span }, { signal }),
  )
  let settling: ReturnType<typeof setTimeout> | undefined
  watch(
    [video, view] as const,
    ([id, span], before) => {
      clearTimeout(settling)
      if (id !== before?.[0]) strip.reset()
      if (id === undefined || span.to <= 0.001) return
      settling = setTimeout(() => void strip.run(id, span), strip.result.value ? settleMs : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(settling))
  return strip.result
}
