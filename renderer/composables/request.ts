import { onScopeDispose, ref, shallowRef } from 'vue'
import { describeProblem, isAbort } from '../client/problem.ts'
import type { Problem } from '../client/problem.ts'

/**
 * The state of one kind of request in a component: a newer run aborts the older one, and leaving the component aborts
 * the last. The previous result stays until the next one arrives, so that nothing flickers.
 */
export function useRequest<Input extends unknown[], Output>(
  ask: (signal: AbortSignal, ...input: Input) => Promise<Output>,
) {
  const result = shallowRef<Output | null>(null)
  const problem = ref<Problem | null>(null)
  const pending = ref(false)
  let controller: AbortController | null = null

  async function run(...input: Input): Promise<Output | null> {
    controller?.abort()
    const mine = new AbortController()
    controller = mine
    pending.value = true
    problem.value = null
    try {
      const output = await ask(mine.signal, ...input)
      if (mine.signal.aborted) return null
      result.value = output
      return output
    } catch (error) {
      if (mine.signal.aborted && isAbort(error)) return null
      if (controller === mine) {
        problem.value = describeProblem(error)
        result.value = null
      }
      return null
    } finally {
      if (controller === mine) pending.value = false
    }
  }

  function reset() {
    controller?.abort()
    result.value = null
    problem.value = null
    pending.value = false
  }

  onScopeDispose(() => controller?.abort())
  return { result, problem, pending, run, reset }
}
