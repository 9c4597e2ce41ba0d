import { computed, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import { textInAddress, useAddressed } from '../../composables/addressed.ts'
import { useHandedSelection } from '../library/inspector/handed-selection.ts'
import { useSelection } from '../library/inspector/selection.ts'
import { addressOfPoints, pointsInAddress } from './points/addressed-points.ts'
import { videoOf } from './points/map-points.ts'
import type { MapPoints } from './points/map-points.ts'
import type { Choosing } from './tools.ts'

/**
 * The selected videos, which are those of the library, and the points that they were selected by. The address has both,
 * the points as places in one map: when another was computed since, all clips of the videos are marked.
 */
export function useChosenPoints(map: Readonly<Ref<MapPoints | null>>) {
  const selection = useSelection({
    idAt: point => (map.value ? videoOf(map.value, point) : undefined),
    ids: async () => (map.value ? [...new Set(map.value.videos.id)] : []),
    given: useHandedSelection().take(),
  })
  const points = shallowRef<ReadonlySet<number> | null>(null)
  const address = useAddressed('points', textInAddress)
  let own: ReadonlySet<number> | null = null
  let written: string | null = null
  watch(selection.ids, ids => {
    if (ids === own) return
    points.value = null
    // What is given up before the map is there must not come back with it.
    if (map.value || ids.size === 0) write(null)
  })
  watch(
    [map, address],
    ([shown, text], [before]) => {
      if (!shown || (shown === before && text === written)) return
      const found = pointsInAddress(text, shown)
      if (found) set(found)
      else points.value = null
    },
    { immediate: true },
  )

  function write(next: ReadonlySet<number> | null) {
    const text = next && map.value && next.size > 0 ? addressOfPoints(next, map.value) : null
    written = text
    address.value = text
  }

  const marked = computed((): ReadonlySet<number> => {
    const shown = map.value
    if (!shown || selection.ids.value.size === 0) return new Set()
    if (points.value) return points.value
    return new Set(
      Array.from({ length: shown.count }, (_, point) => point).filter(point =>
        selection.ids.value.has(videoOf(shown, point)),
      ),
    )
  })

  function set(next: ReadonlySet<number>) {
    const shown = map.value
    if (!shown) return
    selection.set([...new Set([...next].map(point => videoOf(shown, point)))])
    own = selection.ids.value
    points.value = next
    // Of videos the selection says it all.
    write(shown.subject === 'clips' ? next : null)
  }

  function choose(chosen: readonly number[], how: Choosing) {
    const before = how === 'replace' ? [] : [...marked.value]
    const taken = new Set(how === 'take' ? chosen : [])
    set(new Set([...before, ...(how === 'take' ? [] : chosen)].filter(point => !taken.has(point))))
  }

  /** One point; with `toggle` beside what is selected already. On the ground nothing is selected any more. */
  function pick(point: number | null, toggle: boolean) {
    if (point === null) return toggle ? undefined : selection.clear()
    if (!toggle) return set(new Set([point]))
    choose([point], marked.value.has(point) ? 'take' : 'add')
  }

  return { selection, points, marked, choose, pick }
}
