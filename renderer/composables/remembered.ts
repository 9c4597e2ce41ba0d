import { ref, watch } from 'vue'
import type { Ref } from 'vue'

/**
 * A choice of this window (a mode, a toggle) that survives a restart. `allowed` guards against what an older version
 * stored.
 */
export function useRemembered<Value extends string>(
  key: string,
  initial: Value,
  allowed: readonly Value[],
): Ref<Value> {
  const stored = localStorage.getItem(`workbench.${key}`)
  const choice = ref(allowed.find(value => value === stored) ?? initial) as Ref<Value>
  watch(choice, value => localStorage.setItem(`workbench.${key}`, value))
  return choice
}
