import { computed, onScopeDispose, ref, shallowRef, triggerRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { AskedVideoRules, Video } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { describeProblem } from '../../client/problem.ts'
import type { Problem } from '../../client/problem.ts'

export type VideoFilter = AskedVideoRules

const pageSize = 200

/**
 * A list of any length of which only the pages in sight are read.
 * `revision` grows when the library changed: what is in sight is read again, the rest is forgotten.
 */
export function useVideoPages(filter: Ref<VideoFilter>, revision: Ref<number>) {
  const total = ref<number | null>(null)
  /** How many of them do not have the score that the list is sorted by. */
  const unscored = ref(0)
  const problem = ref<Problem | null>(null)
  const pages = shallowRef(new Map<number, Video[]>())
  const scores = new Map<number, (number | null)[] | null>()
  let sight = { first: 0, last: 0 }
  let controller = new AbortController()
  const asked = new Set<number>()

  async function load(page: number) {
    if (asked.has(page)) return
    asked.add(page)
    const { signal } = controller
    try {
      const answer = await client.library.videos(
        { ...filter.value, offset: page * pageSize, limit: pageSize },
        { signal },
      )
      if (signal.aborted) return
      problem.value = null
      total.value = answer.total
      unscored.value = answer.scored === null ? 0 : answer.total - answer.scored
      scores.set(page, answer.scores)
      pages.value.set(page, answer.videos)
      triggerRef(pages)
    } catch (error) {
      if (signal.aborted) return
      asked.delete(page)
      problem.value = describeProblem(error)
    }
  }

  function see(first: number, last: number) {
    sight = { first: Math.floor(first / pageSize), last: Math.floor(last / pageSize) }
    for (let page = sight.first; page <= sight.last; page++) void load(page)
  }

  function restart(keepSight: boolean) {
    controller.abort()
    controller = new AbortController()
    asked.clear()
    const kept = [...pages.value].filter(([page]) => keepSight && page >= sight.first && page <= sight.last)
    pages.value = new Map(kept)
    if (!keepSight) sight = { first: 0, last: 0 }
    for (let page = sight.first; page <= sight.last; page++) void load(page)
  }

  watch(filter, () => restart(false), { deep: true })
  watch(revision, () => restart(true))
  void load(0)
  onScopeDispose(() => controller.abort())

  const at = computed(
    () =>
      (index: number): Video | undefined =>
        pages.value.get(Math.floor(index / pageSize))?.[index % pageSize],
  )
  /** The score that the list is sorted by, if it is. */
  const scoreAt = computed(() => (index: number): number | null => {
    const page = Math.floor(index / pageSize)
    return pages.value.has(page) ? (scores.get(page)?.[index % pageSize] ?? null) : null
  })
  return { total, unscored, problem, at, scoreAt, see }
}
