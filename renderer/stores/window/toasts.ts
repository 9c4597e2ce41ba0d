import { defineStore } from 'pinia'
import { ref } from 'vue'
import { describeProblem, isAbort } from '../../client/problem.ts'
import type { Problem } from '../../client/problem.ts'

export interface Toast {
  id: number
  level: 'info' | 'error'
  problem: Problem
}

/** Short messages for what has no place of its own on the page. */
export const useToasts = defineStore('toasts', () => {
  const list = ref<Toast[]>([])
  let next = 1

  function tell(sentence: string) {
    list.value.push({ id: next++, level: 'info', problem: { sentence, details: null } })
  }

  function fail(error: unknown) {
    list.value.push({ id: next++, level: 'error', problem: describeProblem(error) })
  }

  function close(id: number) {
    list.value = list.value.filter(toast => toast.id !== id)
  }

  /** Runs an action whose failure has no better place than a toast. Returns whether it succeeded. */
  async function guard(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      if (!isAbort(error)) fail(error)
      return false
    }
  }

  return { list, tell, fail, close, guard }
})
