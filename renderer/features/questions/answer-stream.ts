import { onScopeDispose, ref, shallowRef } from 'vue'
import type { VideoAnswer, VideoQuestion } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { describeProblem } from '../../client/problem.ts'
import type { Problem } from '../../client/problem.ts'

/** One question at a time: another, or leaving the page, ends the one before. The answer grows as evidence comes. */
export function useAnswer() {
  const answer = shallowRef<VideoAnswer | null>(null)
  const problem = ref<Problem | null>(null)
  const pending = ref(false)
  let asking: AbortController | null = null

  async function ask(question: VideoQuestion): Promise<void> {
    stop()
    answer.value = null
    problem.value = null
    const mine = new AbortController()
    asking = mine
    pending.value = true
    try {
      for await (const found of await client.questions.ask(question, { signal: mine.signal })) {
        if (mine.signal.aborted) return
        answer.value = found
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

  function reset(): void {
    stop()
    answer.value = null
    problem.value = null
  }

  onScopeDispose(stop)
  return { answer, problem, pending, ask, stop, reset }
}
