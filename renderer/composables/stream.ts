import { onScopeDispose, ref, shallowRef } from 'vue'
import { describeProblem } from '../client/problem.ts'
import type { Problem } from '../client/problem.ts'

/**
 * One question at a time, whose answer grows as more is found: another, or leaving the component, ends the one before.
 */
export function useStream<Input, Output>(ask: (signal: AbortSignal, input: Input) => Promise<AsyncIterable<Output>>) {
  const result = shallowRef<Output | null>(null)
  const problem = ref<Problem | null>(null)
  const pending = ref(false)
  let controller: AbortController | null = null

  async function run(input: Input): Promise<void> {
    reset()
    const mine = new AbortController()
    controller = mine
    pending.value = true
    try {
      for await (const output of await ask(mine.signal, input)) {
        if (mine.signal.aborted) return
        result.value = output
      }
    } catch (error) {
      if (!mine.signal.aborted) problem.value = describeProblem(error)
    } finally {
      if (controller === mine) pending.value = false
    }
  }

  /** What is known by then stays. */
  function stop(): void {
    controller?.abort()
    pending.value = false
  }

  function reset(): void {
    stop()
    result.value = null
    problem.value = null
  }

  onScopeDispose(stop)
  return { result, problem, pending, run, stop, reset }
}
