import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { VideoDetail } from '../../main/api/index.ts'
import { client } from '../client/client.ts'
import { describeProblem } from '../client/problem.ts'
import type { Problem } from '../client/problem.ts'

/** The video that Alignment, Attention and Questions look at; it stays chosen while one moves between pages. */
export const useCurrentVideo = defineStore('current-video', () => {
  const id = ref<number | null>(null)
  const detail = shallowRef<VideoDetail | null>(null)
  const problem = ref<Problem | null>(null)

  async function choose(next: number | null) {
    if (id.value !== next) detail.value = null
    id.value = next
    await refresh()
  }

  async function refresh() {
    const wanted = id.value
    problem.value = null
    if (wanted === null) return
    try {
      const found = await client.library.video({ id: wanted })
      if (id.value === wanted) detail.value = found
    } catch (error) {
      if (id.value === wanted) problem.value = describeProblem(error)
    }
  }

  return { id, detail, problem, choose, refresh }
})
