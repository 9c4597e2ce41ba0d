import { onScopeDispose, ref, shallowRef } from 'vue'
import type { WhyNot } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { describeProblem } from '../../../client/problem.ts'
import type { Problem } from '../../../client/problem.ts'

/** One question at a time: another, or leaving the page, ends the one before. What is known grows with the trials. */
export function useWhyNot() {
  const found = shallowRef<WhyNot | null>(null)
  const problem = ref<Problem | null>(null)
  const pending = ref(false)
  let asking: AbortController | null = null

  async function ask(question: Parameters<typeof client.search.whyNot>[0]): Promise<void> {
    stop()
    found.value = null
    problem.value = null
    const mine = new AbortController()
    asking = mine
    pending.value = true
    try {
      for await (const told of await client.search.whyNot(question, { signal: mine.signal })) {
        if (mine.signal.aborted) return
        found.value = told
      }
    } catch (error) {
      if (!mine.signal.aborted) problem.value = describeProblem(error)
    } finally {
      if (asking === mine) pending.value = false
    }
  }

  /** What is known by then stays. */
  function stop(): void {
    asking?.abort()
    pending.value = false
  }

  onScopeDispose(stop)
  return { found, problem, pending, ask, stop }
}
